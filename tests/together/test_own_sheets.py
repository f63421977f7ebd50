"""Two offices' own sheets through the whole house: asked, previewed, scored, mended, taken back."""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.server.all_in_one import SERVICE_NAMES
from shared.http.tokens import Issuer
from tests.databases import database
from tests.registry.mappings.sheets import FLAT, NEW_UNITS
from tests.shared.mapping.made_sheets import reserve_plan, write_sheet
from tests.together.conftest import Tell
from tests.together.system import BETWEEN_LOOKS, LOOKS, answer, opened

REGISTRY, SCORING = "/registry/v1", "/scoring/v1"
START = "milestones.planned_on;kind=started;year=title"
DAYS = {"flat": "2022-09-30", "reserve": "2022-06-30"}


@pytest.mark.parametrize("kind", DAYS)
async def test_a_sheet_lives_its_whole_life(
    server: str, issuer: Issuer, tmp_path: Path, tell: Tell, kind: str
) -> None:
    plan = tmp_path / "储备计划.xlsx"
    content = (
        FLAT.read_bytes() if kind == "flat" else write_sheet(plan, reserve_plan()).read_bytes()
    )
    day, told, begun = DAYS[kind], list[str](), time.perf_counter()

    def note(step: str) -> None:
        told.append(f"{time.perf_counter() - begun:.1f} s {step}")

    async with (
        database(server, f"own_sheet_{kind}", *SERVICE_NAMES) as url,
        opened(url, issuer) as as_,
    ):
        office, begun = as_("office"), time.perf_counter()
        suggested = await send(office, f"{REGISTRY}/mappings/suggestions", content)
        columns = suggested["sheets"][0]["columns"]
        sure = sum(each["is_sure"] for each in columns)
        note(f"suggested: {sure} of {len(columns)} columns sure")
        path = f"{REGISTRY}/mappings/{kind}"
        await answer(office, "PUT", path, json={"document": suggested["document"]})
        sent = await send(office, f"{REGISTRY}/imports", content, mapping=kind)
        note(f"asked {sent['open_questions']}")
        ready = await answer_all(office, sent)
        changes = await answer(office, "GET", f"{REGISTRY}/imports/{ready['id']}/changes")
        note(f"previewed: {sum(each['new'] for each in changes.values())} new records")
        await apply(office, ready["id"])
        note("applied")
        first = await score(office, day)
        note("scored")

        path = f"{REGISTRY}/projects/P002/progress/{day}"
        before = (await office.get(path)).json()
        again = await send(office, f"{REGISTRY}/imports", content)
        assert (again["state"], again["mapping"]["name"]) == ("checked", kind)
        assert not any_change(
            await answer(office, "GET", f"{REGISTRY}/imports/{again['id']}/changes")
        )
        layout = await office.get(
            f"{REGISTRY}/mappings/{kind}/workbook.xlsx", params={"as_of": day}
        )
        written = await send(office, f"{REGISTRY}/imports", layout.content)
        assert (written["state"], written["mapping"]["name"]) == ("checked", kind)
        assert not any_change(
            await answer(office, "GET", f"{REGISTRY}/imports/{written['id']}/changes")
        )
        note("exported; read again it changes nothing")

        undone = await answer(
            office, "POST", f"{REGISTRY}/imports/{ready['id']}/undo", json={"why": "传错了"}
        )
        assert undone["state"] == "undone"
        assert (await office.get(path)).status_code == 404
        note("undone")
        third = await send(office, f"{REGISTRY}/imports", content)
        assert third["questions"] == []
        await apply(office, third["id"])
        after = (await office.get(path)).json()
        assert after["invested_ytd_yuan"] == before["invested_ytd_yuan"]
        assert await score(office, day) == first
        note("applied again without a question; scored as before")
    tell(f"own sheet, {kind}: " + "; ".join(told))


async def send(client: httpx.AsyncClient, path: str, content: bytes, **asked: str) -> Any:
    files = {"file": ("台账.xlsx", content)}
    return await answer(client, "POST", path, files=files, params=asked)


async def answer_all(client: httpx.AsyncClient, sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """Every unit is new, the month is that of the start; until nothing is asked."""
    while sent["questions"]:
        given = {
            each["key"]: NEW_UNITS if each["key"].startswith("unit:") else START
            for each in sent["questions"]
        }
        path = f"{REGISTRY}/imports/{sent['id']}/answers"
        sent = await answer(client, "POST", path, json={"answers": given})
        assert not any(each["refused"] for each in sent["questions"]), sent["questions"]
    assert sent["state"] == "checked", sent
    return sent


async def apply(client: httpx.AsyncClient, number: int) -> None:
    path = f"{REGISTRY}/imports/{number}"
    found = await answer(client, "POST", f"{path}/apply")
    for _ in range(LOOKS):
        if found["state"] != "applying":
            break
        await asyncio.sleep(BETWEEN_LOOKS)
        found = await answer(client, "GET", path)
    assert found["state"] == "applied", found


async def score(client: httpx.AsyncClient, day: str) -> Any:
    """The ranking of a new run: each unit's place and points."""
    run = await answer(client, "POST", f"{SCORING}/runs", json={"as_of": day})
    return (await answer(client, "GET", f"{SCORING}/runs/{run['id']}/ranking"))["groups"]


def any_change(changes: Mapping[str, Mapping[str, Any]]) -> bool:
    return any(each["added"] or each["superseded"] for each in changes.values())

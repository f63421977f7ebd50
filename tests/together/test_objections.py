"""A run from draft to objection, publication and correction, as four callers see it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.cli.server.all_in_one import SERVICE_NAMES
from shared import clock
from shared.http.tokens import Issuer
from tests.databases import database
from tests.paths import GOLDEN
from tests.registry.clients import zipped
from tests.scoring.documents.printed_tables import docx_tables, pages_of, xlsx_sheets
from tests.scoring.service.registry import CORRECTED, REPORTED
from tests.together.system import answer, opened, taken_over

COUNTY, DAY = GOLDEN / "county", "2022-08-31"
PROJECT = REPORTED.partition(",")[0]
RUNS = "/scoring/v1/runs"
AGAIN = CORRECTED.replace("7816506", "8816506")


@dataclass(frozen=True)
class Callers:
    """The four: `unit` answers for the project whose report is wrong, `other` does not."""

    office: httpx.AsyncClient
    unit: httpx.AsyncClient
    other: httpx.AsyncClient
    viewer: httpx.AsyncClient
    unit_id: str

    async def statuses(self, path: str) -> list[int]:
        """What a question is answered to the office, the unit, the other one and the public."""
        four = (self.office, self.unit, self.other, self.viewer)
        return [(await each.get(path)).status_code for each in four]


@pytest.fixture
async def callers(server: str, issuer: Issuer) -> AsyncIterator[Callers]:
    async with (
        database(server, "objections", *SERVICE_NAMES) as url,
        opened(url, issuer) as as_,
    ):
        office = as_("office")
        await taken_over(office, zipped(COUNTY))
        unit_id = (await answer(office, "GET", f"/registry/v1/projects/{PROJECT}"))["unit_id"]
        other = next(each for each in ("U01", "U02") if each != unit_id)
        yield Callers(
            office,
            as_("unit", unit_id=unit_id),
            as_("unit", unit_id=other),
            as_("viewer"),
            unit_id,
        )


async def reported(office: httpx.AsyncClient, row: str) -> None:
    """Have the report of August say something else."""
    progress = (COUNTY / "progress.csv").read_text(encoding="utf-8")
    await taken_over(office, zipped(COUNTY, progress=progress.replace(REPORTED, row)))


async def test_a_run_from_draft_to_objection_to_publication_to_correction(
    callers: Callers,
) -> None:
    office, unit, other, viewer = callers.office, callers.unit, callers.other, callers.viewer
    own = f"/units/{callers.unit_id}?metric=investment_completion"

    draft = f"{RUNS}/{(await answer(office, 'POST', RUNS, json={'as_of': DAY}))['id']}"
    for view in ("", "/ranking", own, "/bulletin.pdf"):
        assert await callers.statuses(draft + view) == [200, 404, 404, 403 if view == own else 404]

    until = {"until_on": (clock.today() + timedelta(10)).isoformat()}
    await answer(office, "POST", f"{draft}/comment-period", json=until)
    for view in ("", "/ranking", "/bulletin.pdf"):
        assert await callers.statuses(draft + view) == [200, 200, 200, 404]
    assert await callers.statuses(draft + own) == [200, 200, 404, 403]
    ranked = (await unit.get(f"{draft}/ranking")).content
    assert ranked == (await office.get(f"{draft}/ranking")).content

    body = {
        "unit_id": callers.unit_id,
        "metric": "investment_completion",
        "text": f"{PROJECT}八月投资多写一位",
    }
    objection = await answer(unit, "POST", f"{draft}/objections", json=body)
    assert await callers.statuses(f"{draft}/objections") == [200, 200, 200, 403]
    assert await numbers(office, draft) == await numbers(unit, draft) == [objection["id"]]
    assert await numbers(other, draft) == []

    await reported(office, CORRECTED)
    said = {"outcome": "facts_changed", "text": "已按银行回单改正"}
    path = f"{draft}/objections/{objection['id']}/answer"
    await answer(office, "POST", path, json=said)
    (told,) = (await answer(unit, "GET", f"{draft}/objections"))["items"]
    assert (told["outcome"], told["answer"]) == tuple(said.values())
    assert (await unit.get(f"{draft}/ranking")).content == ranked

    await answer(office, "POST", f"{draft}/comment-period/end")
    assert await callers.statuses(draft) == [200, 404, 404, 404]
    first = f"{RUNS}/{(await answer(office, 'POST', RUNS, json={'as_of': DAY}))['id']}"
    assert await callers.statuses(first) == [200, 404, 404, 404]
    await answer(office, "POST", f"{first}/publish")
    assert await callers.statuses(first) == [200] * 4
    assert await callers.statuses(first + own) == [200, 200, 404, 403]
    assert (await viewer.get(f"{first}/ranking")).content != ranked

    await reported(office, AGAIN)
    reason = {"reason": f"{PROJECT}八月投资漏计一百万元"}
    second_id = (await answer(office, "POST", f"{first}/corrections", json=reason))["id"]
    second = f"{RUNS}/{second_id}"
    assert await callers.statuses(second) == [200, 404, 404, 404]
    assert (await answer(viewer, "GET", first))["state"] == "published"
    await answer(office, "POST", f"{second}/publish")
    assert await callers.statuses(second) == [200] * 4
    for each in (office, unit, other, viewer):
        run = await answer(each, "GET", first)
        assert (run["state"], run["corrected_by"]) == ("corrected", second_id)
        assert (await answer(each, "GET", second))["reason"] == reason["reason"]
        assert (await each.get(f"{first}/ranking")).status_code == 200
    changes = [
        await answer(each, "GET", f"{first}/corrections") for each in (office, unit, other, viewer)
    ]
    assert changes == [changes[0]] * 4
    (correction,) = changes[0]["items"]
    changed = {each["unit_id"]: each for each in correction["units"]}
    assert "investment_completion" in changed[callers.unit_id]["metrics"]
    await check_bulletins(viewer, second, reason["reason"], correction["units"])


async def numbers(client: httpx.AsyncClient, run: str) -> list[int]:
    """The objections that somebody is told of."""
    return [each["id"] for each in (await answer(client, "GET", f"{run}/objections"))["items"]]


async def check_bulletins(
    client: httpx.AsyncClient, run: str, reason: str, units: list[dict[str, Any]]
) -> None:
    """The correction opened again as PDF, DOCX and XLSX: its head, its reason, what changed."""
    pdf, docx, xlsx = [
        (await client.get(f"{run}/bulletin.{kind}")).content for kind in ("pdf", "docx", "xlsx")
    ]
    text = "".join(pages_of(pdf))
    assert "更正通报" in text
    assert reason in text
    items = [(unit["name"], name) for unit in units for name in unit["metrics"]]
    assert len(xlsx_sheets(xlsx)["更正的指标"]) == 1 + len(items)
    moved = {unit["name"] for unit in units if unit["rank"] or unit["total"]}
    assert {row[1] for row in xlsx_sheets(xlsx).get("更正的名次和总分", [["", ""]])[1:]} == moved
    assert {name for name, _ in items} <= {row[0] for _, rows in docx_tables(docx) for row in rows}

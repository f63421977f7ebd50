"""Mappings are kept in versions, by whoever has seen the one before, as JSON or as YAML."""

from typing import Any

import httpx
import pytest

from tests.registry.clients import As, items
from tests.registry.mappings.sheets import NAME, SEPTEMBER, build_sheet, suggest

PATH = f"/v1/mappings/{NAME}"


@pytest.fixture
async def document(office: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await suggest(office, build_sheet(SEPTEMBER)))["document"]
    return found


async def test_a_mapping_is_kept_in_versions(
    office: httpx.AsyncClient, document: dict[str, Any]
) -> None:
    first = await office.put(PATH, json={"document": document, "why": "第一次"})
    assert (first.status_code, first.json()["document"]) == (201, {**document, "name": NAME})
    again = await office.put(PATH, json={"document": document})
    assert (again.status_code, again.json()) == (200, first.json())
    changed = {**document, "names": {"units": {"住建局": "U06"}}}
    stale = await office.put(PATH, json={"document": changed})
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/stale")
    seen = {"if-match": first.headers["etag"]}
    second = await office.put(PATH, json={"document": changed, "why": "认了单位"}, headers=seen)
    assert (second.status_code, second.json()["known_names"]) == (200, 1)
    assert second.json()["version"] > first.json()["version"]
    read = await office.get(PATH)
    assert (read.json(), read.headers["etag"]) == (second.json(), second.headers["etag"])
    history = (await office.get(f"{PATH}/history")).json()
    assert [each["why"] for each in history] == ["认了单位", "第一次"]
    assert history[1]["superseded_at"] == history[0]["recorded_at"]
    [listed] = await items(office, "/v1/mappings")
    assert (listed["name"], listed["version"]) == (NAME, second.json()["version"])
    assert "document" not in listed
    told = await items(office, "/v1/audit", subject=f"mappings/{NAME}")
    assert [each["action"] for each in told] == ["mapping.recorded"] * 2
    assert told[1]["before"] == {"version": first.json()["version"]}
    events = await items(office, "/v1/events")
    assert {each["subject"] for each in events} == {f"mappings/{NAME}"}


async def test_its_text_is_read_changed_and_sent_again(
    office: httpx.AsyncClient, document: dict[str, Any]
) -> None:
    first = await office.put(PATH, json={"document": document})
    text = await office.get(f"{PATH}/document.yaml")
    assert text.headers["content-type"].startswith("text/plain")
    same = await office.put(PATH, json={"yaml": text.text}, headers={"if-match": '"1"'})
    assert (same.status_code, same.json()) == (200, first.json())
    written = text.text.replace("to: projects.nature", "ignored: 不要")
    seen = {"if-match": first.headers["etag"]}
    second = await office.put(PATH, json={"yaml": written}, headers=seen)
    columns = second.json()["document"]["sheets"][0]["columns"]
    assert {"header": "建设性质", "ignored": "不要"} in columns


async def test_what_is_wrong_is_told_by_its_place(
    office: httpx.AsyncClient, document: dict[str, Any]
) -> None:
    document["sheets"][0]["columns"][0]["tow"] = "x"
    wrong = await office.put(PATH, json={"document": document})
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/mapping-mistake")
    assert wrong.json()["detail"].startswith("sheets.0.columns.0.tow")
    unread = await office.put(PATH, json={"yaml": "sheets: [\n"})
    assert (unread.status_code, unread.json()["type"]) == (422, "/problems/mapping-mistake")
    for body in ({}, {"document": document, "yaml": "name: x"}):
        neither = await office.put(PATH, json=body)
        assert (neither.status_code, neither.json()["type"]) == (422, "/problems/invalid-request")
    assert await items(office, "/v1/mappings") == []


@pytest.mark.parametrize("name", ["a%2Fb", "%20a", "a%3Fb", "x" * 101])
async def test_names_stand_in_addresses(
    office: httpx.AsyncClient, document: dict[str, Any], name: str
) -> None:
    sent = await office.put(f"/v1/mappings/{name}", json={"document": document})
    assert sent.status_code in (404, 422)


async def test_mappings_are_the_offices_own(
    as_: As, office: httpx.AsyncClient, document: dict[str, Any]
) -> None:
    await office.put(PATH, json={"document": document})
    for region in ("9901", "990102", ""):
        other = as_("office", region)
        assert await items(other, "/v1/mappings") == []
        for path in ("", "/history", "/document.yaml", "/workbook.xlsx?as_of=2022-09-30"):
            assert (await other.get(f"{PATH}{path}")).status_code == 404
        seen = {"if-match": '"1"'}
        assert (await other.put(PATH, json={"document": document}, headers=seen)).status_code == 404
        own = await other.put(PATH, json={"document": document})
        assert own.status_code == 201
    for role in ("unit", "leader", "inspector", "viewer"):
        assert (await as_(role, unit_id="U01").get("/v1/mappings")).status_code == 403
    assert len(await items(office, "/v1/mappings")) == 1

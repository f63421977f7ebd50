"""An office's own sheet comes in by its mapping, and goes back; what is not clear is asked."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.ledger.files import read_sheets
from tests.registry.clients import As, apply, do_jobs, facts_of, put, table_of, upload
from tests.registry.mappings.sheets import (
    FLAT,
    NAME,
    NEW_UNITS,
    OCTOBER,
    PROJECTS,
    SEPTEMBER,
    build_sheet,
    keep,
    new_units,
    reply,
    send,
    suggest,
)


@pytest.fixture
async def september(office: httpx.AsyncClient) -> dict[str, Any]:
    """The first sheet of an office, suggested, asked about and applied."""
    content = build_sheet(SEPTEMBER)
    await keep(office, (await suggest(office, content))["document"])
    sent = await send(office, content)
    checked = await reply(office, sent["id"], new_units(sent["questions"]))
    assert (checked["state"], checked["questions"]) == ("checked", [])
    return await apply(office, sent["id"])


async def test_a_sheet_is_suggested_beside_its_own_cells(office: httpx.AsyncClient) -> None:
    found = await suggest(office, FLAT.read_bytes())
    [sheet] = found["sheets"]
    columns = {each["column_letter"]: each for each in sheet["columns"]}
    assert (found["recognised"], sheet["sheet"], sheet["header_row"]) == (None, "2022年台账", 3)
    amount = columns["H"]
    assert (amount["headings"], amount["samples"]) == (["1-9月完成投资"], ["4500", "1000", "8000"])
    assert (amount["is_sure"], amount["meanings"][0]["value"]) == (
        True,
        "progress.invested_ytd_yuan;span=year",
    )
    assert amount["key"] == "column:2022年台账:1-{月}月完成投资"
    offered = {each["value"] for each in found["meanings"]}
    assert "milestones.planned_on;kind=started" in offered
    assert {each["meanings"][0]["value"].partition("=")[0] for each in columns.values()} - {
        "ignored"
    } <= {each.partition("=")[0] for each in offered}
    asked = {each["key"]: each["column_letter"] for each in found["questions"]}
    assert asked == dict.fromkeys(("unit:住建局", "unit:水利局", "unit:交通局"), "N")
    assert (await office.get("/v1/mappings")).json()["items"] == []


async def test_what_is_no_sheet_suggests_nothing(office: httpx.AsyncClient) -> None:
    found = await suggest(office, b"not a workbook")
    assert (found["document"], found["sheets"], found["questions"]) == (None, [], [])


async def test_nothing_is_applied_while_something_is_asked(office: httpx.AsyncClient) -> None:
    content = build_sheet(SEPTEMBER)
    await keep(office, (await suggest(office, content))["document"])
    sent = await send(office, content)
    assert (sent["state"], sent["open_questions"]) == ("asking", 3)
    assert sent["mapping"]["name"] == NAME
    first = sent["questions"][0]
    assert (first["key"], first["sheet"], first["row"]) == ("unit:住建局", "2022年台账", 4)
    assert (first["column_letter"], first["value"]) == ("I", "住建局")
    path = f"/v1/imports/{sent['id']}"
    for answer in (await office.post(f"{path}/apply"), await office.get(f"{path}/changes")):
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/questions-open")
    assert (await office.get(path)).json() == sent
    [listed] = (await office.get("/v1/imports")).json()["items"]
    assert (listed["state"], listed["open_questions"]) == ("asking", 3)
    one = await reply(office, sent["id"], {"unit:住建局": NEW_UNITS})
    assert (one["state"], one["open_questions"]) == ("asking", 2)
    wrong = await reply(office, sent["id"], {"unit:水利局": "U99"})
    [refused] = [each for each in wrong["questions"] if each["refused"]]
    assert (refused["key"], refused["refused"]) == ("unit:水利局", "U99")
    assert all(not table.num_rows for table in (await facts_of(office)).tables.values())


async def test_what_the_sheet_says_is_recorded(
    office: httpx.AsyncClient, september: dict[str, Any]
) -> None:
    assert september["state"] == "applied"
    projects = (await table_of(office, "projects")).to_pylist()
    units = {row["unit_id"]: row["name"] for row in (await table_of(office, "units")).to_pylist()}
    told = [
        (p["project_id"], p["name"], units[p["unit_id"]], p["nature"], p["total_investment_yuan"])
        for p in projects
    ]
    assert told == [
        ("P001", "东区学校", "住建局", "new", 120_000_000),
        ("P002", "城北水厂", "水利局", "new", 80_000_000),
        ("P003", "滨河公路", "交通局", "continuing", 300_000_000),
    ]
    progress = (await table_of(office, "progress")).to_pylist()
    assert [(str(row["as_of"]), row["invested_ytd_yuan"]) for row in progress] == [
        ("2022-09-30", amount * 10_000) for amount in SEPTEMBER
    ]
    plans = (await table_of(office, "plans")).to_pylist()
    assert [row["planned_yuan"] for row in plans] == [60_000_000, 40_000_000, 100_000_000]


async def test_the_next_months_sheet_is_known_and_asks_nothing(
    office: httpx.AsyncClient, september: dict[str, Any]
) -> None:
    sent = await send(office, build_sheet(OCTOBER, month=10), mapping=None)
    assert (sent["state"], sent["questions"], sent["mapping"]["name"]) == ("checked", [], NAME)
    changes = (await office.get(f"/v1/imports/{sent['id']}/changes")).json()
    changed = {name: each for name, each in changes.items() if each["added"] or each["superseded"]}
    assert {name: each["new"] for name, each in changed.items()} == {"progress": 3}
    assert changes["projects"]["not_mentioned"] == 0
    assert (await apply(office, sent["id"]))["state"] == "applied"
    assert (await send(office, build_sheet(OCTOBER, month=10), mapping=None))["state"] == "checked"


async def test_a_correction_is_told_from_old_to_new_and_can_be_undone(
    office: httpx.AsyncClient, september: dict[str, Any]
) -> None:
    before = await facts_of(office)
    sent = await send(office, build_sheet((4_600, *SEPTEMBER[1:-1]), projects=PROJECTS[:2]), None)
    changes = (await office.get(f"/v1/imports/{sent['id']}/changes")).json()
    [column] = changes["progress"]["columns"]
    [sample] = column["samples"]
    assert (sample["row"], sample["before_text"], sample["after_text"]) == (
        4,
        "4,500万元",
        "4,600万元",
    )
    left = changes["projects"]
    assert (left["not_mentioned"], left["first_not_mentioned"]) == (
        1,
        [{"id": "P003", "name": "滨河公路"}],
    )
    await apply(office, sent["id"])
    assert (await table_of(office, "progress"))["invested_ytd_yuan"].to_pylist()[-1] == 46_000_000
    undone = await office.post(f"/v1/imports/{sent['id']}/undo", json={"why": "报错了"})
    assert undone.json()["state"] == "undone"
    after = await facts_of(office)
    assert sorted(map(repr, after.tables["progress"].to_pylist())) == sorted(
        map(repr, before.tables["progress"].to_pylist())
    )


async def test_it_goes_back_in_its_own_layout_and_changes_nothing(
    office: httpx.AsyncClient, september: dict[str, Any]
) -> None:
    path = f"/v1/mappings/{NAME}/workbook.xlsx"
    written = await office.get(path, params={"as_of": "2022-09-30"})
    assert written.status_code == 200, written.text
    sent = await send(office, written.content, mapping=None)
    assert (sent["state"], sent["mapping"]["name"]) == ("checked", NAME)
    done = await apply(office, sent["id"])
    assert (done["state"], done["changes"]) == ("applied", {})


@pytest.mark.parametrize("day", ["0001-01-01", "2200-01-01"])
async def test_a_sheet_is_not_of_a_day_out_of_a_ledgers_years(
    office: httpx.AsyncClient, september: dict[str, Any], day: str
) -> None:
    path = f"/v1/mappings/{NAME}/workbook.xlsx"
    answer = await office.get(path, params={"as_of": day})
    assert answer.status_code == 422


async def test_what_the_sheet_never_had_is_not_written_into_it_but_told(
    office: httpx.AsyncClient, september: dict[str, Any], tmp_path: Path
) -> None:
    await put(office, "projects/P900", name="石门公路", unit_id="U01", nature="new")
    document = (await office.get(f"/v1/mappings/{NAME}")).json()["document"]
    assert document["names"]["sheets"] == {"2022年台账": ["P001", "P002", "P003"]}
    path = f"/v1/mappings/{NAME}/workbook.xlsx"
    written = await office.get(path, params={"as_of": "2022-09-30"})
    (tmp_path / "back.xlsx").write_bytes(written.content)
    (page, notes), _ = read_sheets(tmp_path / "back.xlsx")
    assert [row[1] for row in page.rows[3:]] == [project[0] for project in PROJECTS]
    [[note]] = notes.rows
    assert note == "1 个项目不属于任何一张表，没有列出：石门公路（P900）"
    sent = await send(office, written.content, mapping=None)
    assert (sent["state"], sent["questions"]) == ("checked", [])


async def test_projects_alike_are_asked_and_the_answer_holds_next_time(
    office: httpx.AsyncClient, september: dict[str, Any]
) -> None:
    alike = (("东区学校（一期）", *PROJECTS[0][1:]), *PROJECTS[1:])
    sent = await send(office, build_sheet(OCTOBER, month=10, projects=alike), None)
    [question] = sent["questions"]
    assert (question["key"], question["row"]) == ("project:东区学校（一期）", 4)
    assert [option["value"] for option in question["options"]][:1] == ["P001"]
    checked = await reply(office, sent["id"], {question["key"]: "P001"})
    assert checked["state"] == "checked"
    await apply(office, sent["id"])
    again = await send(office, build_sheet(OCTOBER, month=10, projects=alike), None)
    assert (again["state"], again["questions"]) == ("checked", [])
    history = (await office.get(f"/v1/mappings/{NAME}/history")).json()
    assert [each["why"] for each in history[:2]] == [
        f"imports/{each}" for each in (sent["id"], september["id"])
    ]


async def test_findings_name_the_places_of_the_sheet(office: httpx.AsyncClient) -> None:
    content = build_sheet(SEPTEMBER, projects=((*PROJECTS[0][:4], "一亿多", 1), *PROJECTS[1:]))
    await keep(office, (await suggest(office, content))["document"])
    sent = await send(office, content)
    refused = await reply(office, sent["id"], new_units(sent["questions"]))
    assert refused["state"] == "refused"
    [error] = [each for each in refused["findings"] if each["level"] == "error"]
    place = error["sheet"], error["row"], error["column"], error["column_letter"]
    assert place == ("2022年台账", 4, "总投资", "E")


async def test_rows_of_one_name_are_told_apart_from_then_on(office: httpx.AsyncClient) -> None:
    twice = (PROJECTS[0], ("东区学校", "水利局", *PROJECTS[1][2:]), PROJECTS[2])
    content = build_sheet(SEPTEMBER, projects=twice)
    await keep(office, (await suggest(office, content))["document"])
    sent = await send(office, content)
    for _ in range(3):  # units first, then the rows
        if sent["state"] != "asking":
            break
        given = {
            each["key"]: NEW_UNITS if each["key"].startswith("unit:") else "new"
            for each in sent["questions"]
        }
        sent = await reply(office, sent["id"], given)
    assert sent["state"] == "checked", sent["questions"]
    assert (await apply(office, sent["id"]))["state"] == "applied"
    again = await send(office, build_sheet(OCTOBER, month=10, projects=twice), None)
    assert (again["state"], again["questions"]) == ("checked", [])
    await apply(office, again["id"])
    assert (await table_of(office, "projects")).num_rows == 3


async def test_an_id_that_others_gave_meanwhile_is_not_written_over(
    office: httpx.AsyncClient,
) -> None:
    content = build_sheet(SEPTEMBER)
    await keep(office, (await suggest(office, content))["document"])
    sent = await send(office, content)
    await reply(office, sent["id"], new_units(sent["questions"]))
    await put(office, "units/U90", name="乡村振兴局", kind="department", group="县直部门")
    await put(office, "projects/P001", name="光伏", unit_id="U90", nature="new")
    failed = await apply(office, sent["id"])
    assert (failed["state"], failed["problem"]["type"]) == ("failed", "/problems/ledger-refused")
    assert "P001" in failed["problem"]["detail"]
    again = await reply(office, sent["id"], {})
    assert again["state"] == "checked"
    assert (await apply(office, sent["id"]))["state"] == "applied"
    names = (await table_of(office, "projects"))["name"].to_pylist()
    assert names == ["光伏", "东区学校", "城北水厂", "滨河公路"]


async def test_a_plain_ledger_stays_one_and_an_unknown_sheet_is_refused(
    office: httpx.AsyncClient, september: dict[str, Any]
) -> None:
    exported = (await office.get("/v1/exports/ledger.xlsx")).content
    plain = await upload(office, exported)
    assert (plain["state"], plain["mapping"]) == ("checked", None)
    answered = await office.post(f"/v1/imports/{plain['id']}/answers", json={"answers": {}})
    assert (answered.status_code, answered.json()["type"]) == (409, "/problems/nothing-asked")
    await do_jobs(office)
    unknown = await send(office, FLAT.read_bytes(), mapping=None)
    assert (unknown["state"], unknown["mapping"]) == ("refused", None)
    assert {each["code"] for each in unknown["findings"]} >= {"no_tables"}


async def test_nobody_else_answers_or_uses_the_mapping(as_: As, september: dict[str, Any]) -> None:
    neighbour = as_("office", "990102")
    assert (await neighbour.get(f"/v1/mappings/{NAME}")).status_code == 404
    content = build_sheet(OCTOBER, month=10)
    sent = await neighbour.post(
        "/v1/imports", params={"mapping": NAME}, files={"file": ("a.xlsx", content)}
    )
    assert sent.status_code == 404
    assert (await send(neighbour, content, mapping=None))["mapping"] is None
    answers = f"/v1/imports/{september['id']}/answers"
    assert (await neighbour.post(answers, json={"answers": {}})).status_code == 404

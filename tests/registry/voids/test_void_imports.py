"""An import leaves void what is void, says so, and takes what differs for a new record."""

from typing import Any

import httpx
import pytest

from tests.paths import GOLDEN
from tests.registry.clients import As, apply, imported, items, put, upload, zipped, zipped_files
from tests.registry.reviews.reports import PROJECT, UNIT
from tests.registry.test_import_undo import import_files, undo
from tests.registry.voids.test_voids import named, record, voided

PLANS = "project_id,year,planned_yuan\n"


@pytest.fixture
async def county(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped(GOLDEN / "county"))
    return office


def left(uploaded: dict[str, Any]) -> dict[str, tuple[int, int | None]]:
    """Rows that stay void, by table: how many, and the first of them."""
    return {
        each["sheet"]: (each["count"], each["row"])
        for each in uploaded["findings"]
        if each["code"] == "left_void"
    }


async def test_an_equal_row_stays_void_and_is_told(county: httpx.AsyncClient) -> None:
    await imported(county, zipped_files({"plans.csv": f"{PLANS}P001,2031,10000\nP002,2031,5\n"}))
    plan = await record(county, "projects/P001/plans/2031")
    await voided(county, "plans", plan["version"])
    file = zipped_files({"plans.csv": f"{PLANS}P002,2031,6\nP001,2031,10000\n"})
    uploaded = await upload(county, file)
    assert left(uploaded) == {"plans": (1, 3)}
    assert (uploaded["errors"], uploaded["warnings"]) == (0, 1 + others(uploaded))
    changes = (await county.get(f"/v1/imports/{uploaded['id']}/changes")).json()
    counted = {name: changes["plans"][name] for name in ("left_void", "new", "corrected")}
    assert counted == {"left_void": 1, "new": 0, "corrected": 1}
    await apply(county, uploaded["id"])
    assert (await county.get("/v1/projects/P001/plans/2031")).status_code == 404
    assert (await record(county, "projects/P002/plans/2031"))["planned_yuan"] == 6


def others(uploaded: dict[str, Any]) -> int:
    """Warnings of other kinds."""
    return sum(
        each["count"]
        for each in uploaded["findings"]
        if each["level"] == "warning" and each["code"] != "left_void"
    )


async def test_a_row_that_differs_is_a_new_record(county: httpx.AsyncClient) -> None:
    await imported(county, zipped_files({"plans.csv": f"{PLANS}P001,2031,10000\n"}))
    plan = await record(county, "projects/P001/plans/2031")
    made = await voided(county, "plans", plan["version"])
    changes = await imported(county, zipped_files({"plans.csv": f"{PLANS}P001,2031,20000\n"}))
    assert changes["plans"]["added"] == 1
    back = await county.post(f"/v1/voids/{made['id']}/take-back", json={"reason": "误作废"})
    assert back.status_code == 409


async def test_the_ledger_again_brings_nothing_of_a_void_project_back(
    county: httpx.AsyncClient,
) -> None:
    project = await record(county, "projects/P017")
    seen = (await county.post("/v1/voids/preview", json=named(project))).json()
    await voided(county, "projects", project["version"], dependants=seen["count"])
    uploaded = await upload(county, zipped(GOLDEN / "county"))
    assert {name: count for name, (count, _) in left(uploaded).items()} == {
        "projects": 1,
        **seen["counts"],
    }
    assert uploaded["errors"] == 0
    applied = await apply(county, uploaded["id"])
    assert applied["state"] == "applied", applied
    assert {c["added"] for c in applied["changes"].values()} == {0}
    assert (await county.get("/v1/projects/P017")).status_code == 404
    assert await items(county, "/v1/funds", project_id="P017") == []


async def test_once_taken_back_the_ledger_changes_nothing(county: httpx.AsyncClient) -> None:
    project = await record(county, "projects/P017")
    seen = (await county.post("/v1/voids/preview", json=named(project))).json()
    made = await voided(county, "projects", project["version"], dependants=seen["count"])
    await county.post(f"/v1/voids/{made['id']}/take-back", json={"reason": "误作废"})
    assert await imported(county, zipped(GOLDEN / "county")) == {}


async def test_of_equal_payments_as_many_stay_void_as_are(county: httpx.AsyncClient) -> None:
    one_more = ",P001,bank_loan,arrived,5,2031-01-01\n"
    paid = "unit_id,project_id,source,event,amount_yuan,on\n" + one_more * 3
    await imported(county, zipped_files({"funds.csv": paid}))
    one, *_ = [
        each
        for each in await items(county, "/v1/funds", project_id="P001")
        if each["on"] == "2031-01-01"
    ]
    await voided(county, "funds", one["version"])
    assert left(await upload(county, zipped_files({"funds.csv": paid})))["funds"][0] == 1
    more = paid + one_more
    changes = await imported(county, zipped_files({"funds.csv": more}))
    assert (changes["funds"]["added"], changes["funds"]["superseded"]) == (1, 0)


async def test_a_new_row_may_not_refer_to_what_stays_void(county: httpx.AsyncClient) -> None:
    project = await record(county, "projects/P017")
    await voided(county, "projects", project["version"], dependants=45)
    plans = (GOLDEN / "county" / "plans.csv").read_text(encoding="utf-8")
    header = plans.partition("\n")[0]
    more = plans + "P017,2031,7" + "," * (header.count(",") - 2) + "\n"
    uploaded = await upload(county, zipped(GOLDEN / "county", plans=more))
    (wrong,) = [each for each in uploaded["findings"] if each["level"] == "error"]
    assert (wrong["code"], wrong["sheet"], wrong["value"]) == ("refers_to_void", "plans", "P017")
    assert wrong["row"] == more.count("\n")


async def test_what_was_voided_since_the_check_stops_the_import(county: httpx.AsyncClient) -> None:
    uploaded = await upload(county, zipped_files({"plans.csv": f"{PLANS}P017,2031,7\n"}))
    project = await record(county, "projects/P017")
    await voided(county, "projects", project["version"], dependants=45)
    failed = await apply(county, uploaded["id"])
    assert (failed["state"], failed["problem"]["type"]) == ("failed", "/problems/reference-gone")
    assert "P017" in failed["problem"]["detail"]
    whole = await items(county, "/v1/audit", subject="plans/P017/2031")
    assert whole == []


async def test_a_file_without_a_column_is_compared_in_those_that_it_has(
    county: httpx.AsyncClient,
) -> None:
    await put(county, "projects/P001/progress/2031-01-31", invested_ytd_yuan=5, note="封顶")
    report = await record(county, "projects/P001/progress/2031-01-31")
    await voided(county, "progress", report["version"])
    head = "project_id,as_of,invested_ytd_yuan\n"
    same = zipped_files({"progress.csv": f"{head}P001,2031-01-31,5\n"})
    assert left(await upload(county, same)) == {"progress": (1, 2)}
    other = zipped_files({"progress.csv": f"{head}P001,2031-01-31,6\n"})
    assert left(await upload(county, other)) == {}


async def test_an_undone_import_leaves_the_void_in_force(
    county: httpx.AsyncClient, as_: As
) -> None:
    """For a later import, for what a unit reports, and for whoever takes it back."""
    day, head = "2031-01-31", "project_id,as_of,invested_ytd_yuan\n"
    path = f"projects/{PROJECT}/progress/{day}"
    was = zipped_files({"progress.csv": f"{head}{PROJECT},{day},5\n"})
    await imported(county, was)
    made = await voided(county, "progress", (await record(county, path))["version"])
    number = await import_files(county, progress=f"{head}{PROJECT},{day},6\n")
    assert (await undo(county, number)).status_code == 200

    assert left(await upload(county, was)) == {"progress": (1, 2)}
    unit = as_("unit", unit_id=UNIT)
    waiting = await unit.put(f"/v1/{path}", json={"invested_ytd_yuan": 4})
    assert (waiting.status_code, "voided" in waiting.json()["causes"]) == (202, True)
    back = await county.post(f"/v1/voids/{made['id']}/take-back", json={"reason": "误作废"})
    assert (back.status_code, (await record(county, path))["invested_ytd_yuan"]) == (200, 5)


async def test_of_two_voids_of_a_key_the_later_is_in_force(county: httpx.AsyncClient) -> None:
    voids, files = [], []
    for amount in (10000, 20000):
        files.append(zipped_files({"plans.csv": f"{PLANS}P001,2031,{amount}\n"}))
        await imported(county, files[-1])
        plan = await record(county, "projects/P001/plans/2031")
        voids.append(await voided(county, "plans", plan["version"]))
    assert [left(await upload(county, file)) for file in files] == [{}, {"plans": (1, 2)}]
    back = [
        await county.post(f"/v1/voids/{each['id']}/take-back", json={"reason": "误作废"})
        for each in voids
    ]
    assert [each.status_code for each in back] == [409, 200]

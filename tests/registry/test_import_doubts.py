"""A file is told what can hardly be true, beside what is stored, and taken over all the same."""

from typing import Any

import httpx
import pytest

from tests.registry.clients import imported, upload, zipped_files
from tests.registry.office_settings import FORM
from tests.registry.test_partial_imports import UNITS

PROJECTS = (
    "project_id,name,unit_id,nature,total_investment_yuan\n"
    "P001,沙棘深加工,U01,new,1000000\nP002,县医院,U01,continuing,\n"
)
PLANS = "project_id,year,planned_yuan,prior_invested_yuan\nP001,2022,100000,800000\n"
PROGRESS = (
    "project_id,as_of,invested_ytd_yuan,physical_pct,note\n"
    "P001,2022-06-30,50000,50,\nP001,2022-08-31,90000,50,\nP002,2022-06-30,500,,\n"
)
MILESTONES = "project_id,kind,planned_on,actual_on,decided_on,reason\nP001,signed,,2022-03-20,,\n"
PERMITS = (
    "project_id,kind,stage,needed,granted_on\n"
    "P001,construction_permit,1,1,2022-05-01\nP002,construction_permit,,1,\n"
)
FUNDS = (
    "unit_id,project_id,source,event,amount_yuan,on\n,P001,bank_loan,approved,900000,2022-04-01\n"
)
WHOLE = {
    "units.csv": UNITS,
    "projects.csv": PROJECTS,
    "plans.csv": PLANS,
    "progress.csv": PROGRESS,
    "milestones.csv": MILESTONES,
    "permits.csv": PERMITS,
    "funds.csv": FUNDS,
}


@pytest.fixture
async def stored(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped_files(WHOLE))
    return office


async def doubts(client: httpx.AsyncClient, **files: str) -> list[tuple[Any, ...]]:
    """The warnings about a file of these tables: code, row, column, value, sentence."""
    uploaded = await upload(client, zipped_files({f"{n}.csv": text for n, text in files.items()}))
    assert uploaded["errors"] == 0
    return [
        (f["code"], f["row"], f["column"], f["value"], f["expected"])
        for f in uploaded["findings"]
        if f["code"] not in ("columns_kept", "later_correction", "values_go_blank")
    ]


async def test_a_plausible_ledger_is_in_no_doubt(office: httpx.AsyncClient) -> None:
    uploaded = await upload(office, zipped_files(WHOLE))
    assert {f["code"] for f in uploaded["findings"]} <= {"unknown_region"}


async def test_a_first_file_is_beside_itself(office: httpx.AsyncClient) -> None:
    files = {**WHOLE, "progress.csv": PROGRESS.replace("90000,", "49999,")}
    uploaded = await upload(office, zipped_files(files))
    found = [(f["code"], f["row"], f["level"]) for f in uploaded["findings"] if f["row"]]
    told = [each for each in found if each[0] != "unknown_region"]
    assert told == [("above_later", 2, "warning"), ("below_earlier", 3, "warning")]
    assert (await client_applies(office, uploaded))["state"] in ("applying", "applied")


async def client_applies(client: httpx.AsyncClient, uploaded: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(f"/v1/imports/{uploaded['id']}/apply")
    assert answer.status_code == 202
    read: dict[str, Any] = answer.json()
    return read


async def test_a_report_is_beside_what_is_stored(stored: httpx.AsyncClient) -> None:
    report = "project_id,as_of,invested_ytd_yuan\nP001,{},{}\n"
    assert await doubts(stored, progress=report.format("2022-07-31", 50000)) == []
    assert await doubts(stored, progress=report.format("2022-07-31", 49999)) == [
        (
            *("below_earlier", 2, "invested_ytd_yuan", "49999"),
            "本年完成 49,999 元，少于此前 2022-06-30 报送的 50,000 元",
        )
    ]
    assert await doubts(stored, progress=report.format("2022-09-30", 300001)) == [
        (
            *("invested_above_total", 2, "invested_ytd_yuan", "300001"),
            "连同以前年度共完成 1,100,001 元，超过总投资 1,000,000 元",
        ),
        (
            *("ytd_above_plan", 2, "invested_ytd_yuan", "300001"),
            "本年完成 300,001 元，超过 2022 年计划的 3 倍即 300,000 元",
        ),
    ]


async def test_what_the_file_replaces_is_not_beside_it(stored: httpx.AsyncClient) -> None:
    corrected = "project_id,as_of,invested_ytd_yuan\nP001,2022-06-30,40000\nP001,2022-08-31,40000\n"
    assert await doubts(stored, progress=corrected) == []
    fund = "unit_id,project_id,source,event,amount_yuan,on\n,P001,bank_loan,approved,{},{}\n"
    assert await doubts(stored, funds=fund.format(1000000, "2022-04-01")) == []
    (found,) = await doubts(stored, funds=fund.format(100001, "2022-04-02"))
    assert found[0] == "approved_above_total"
    assert await doubts(stored, funds=fund.format(100000, "2022-04-02")) == []


async def test_what_the_file_says_of_total_and_plan_holds(stored: httpx.AsyncClient) -> None:
    report = "project_id,as_of,invested_ytd_yuan\nP001,2022-09-30,300001\n"
    total = "project_id,total_investment_yuan\nP001,5000000\n"
    plan = "project_id,year,planned_yuan\nP001,2022,200000\n"
    assert await doubts(stored, progress=report, projects=total, plans=plan) == []
    # The plan's other column is as it is stored.
    total = "project_id,total_investment_yuan\nP001,1100000\n"
    (found,) = await doubts(stored, progress=report, projects=total, plans=plan)
    assert found[0] == "invested_above_total"


async def test_a_start_is_beside_the_permits_that_are_stored(stored: httpx.AsyncClient) -> None:
    start = "project_id,kind,actual_on\nP001,started,2022-05-01\nP002,started,2022-05-01\n"
    assert [each[:4] for each in await doubts(stored, milestones=start)] == [
        ("started_without_permit", 3, "actual_on", "2022-05-01")
    ]
    early = "project_id,kind,actual_on\nP001,started,2022-03-19\n"
    assert [each[0] for each in await doubts(stored, milestones=early)] == [
        "before_its_predecessor",
        "started_before_permit",
    ]


async def test_a_day_to_come_is_told_of_any_table(stored: httpx.AsyncClient) -> None:
    permits = "project_id,kind,stage,applied_on\nP002,eia,,2199-01-01\n"
    assert [each[:4] for each in await doubts(stored, permits=permits)] == [
        ("date_in_future", 2, "applied_on", "2199-01-01")
    ]


async def test_an_office_has_its_own_bounds(stored: httpx.AsyncClient) -> None:
    report = "project_id,as_of,invested_ytd_yuan\nP001,2022-09-30,110000\n"
    assert await doubts(stored, progress=report) == []
    set_own = {**FORM, "plausibility": {"plan_factor": 1}, "periods": None}
    assert (await stored.put("/v1/offices/990101", json=set_own)).status_code == 201
    assert [each[0] for each in await doubts(stored, progress=report)] == ["ytd_above_plan"]


async def test_a_total_by_itself_puts_nothing_in_doubt(stored: httpx.AsyncClient) -> None:
    """It is the record that is written, and not those that are there already."""
    assert await doubts(stored, projects="project_id,total_investment_yuan\nP001,1\n") == []

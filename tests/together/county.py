"""Two counties and their city in one house, all that an address can name; and who is where.

All of them have the same ids. So that a row tells whose it is, its texts do (`990101·P053`).
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from xlsxwriter import Workbook

from services.scoring.scheme_library.schemas import EXAMPLE_SCHEME
from shared.offices import region_prefix
from tests.registry.clients import As
from tests.together.ledgers import MARK, ledger_beside, ledger_of_city, own_ledger
from tests.together.regions import BESIDE, CITY, CITY_OFFICE, OTHER_UNIT, OWN, PROJECT, UNIT
from tests.together.system import LETTERHEAD, answer, printed_letters, taken_over

DAY, DRAFT_DAY, OPEN_DAY = "2022-09-30", "2022-10-31", "2022-08-31"
LAST_DAY = "2199-12-31"  # on which the draft of `OPEN_DAY` is open for comment
SWEPT = {"from_on": "2022-09-15", "to_on": "2022-09-30"}
BEGUN_ON = "2022-03-01"
REPORTED_ON, TOO_MUCH = "2022-09-29", 9_000_000_000
# About the unit that is asked about, and about no project by name.
CAMPAIGN = {
    "name": "百日攻坚",
    "scheme": "lanxian-2022",
    "from_on": "2022-09-15",
    "to_on": "2022-12-25",
    "targets": [{"unit_id": UNIT, "metric": "starts", "value": "3", "due_on": "2022-12-25"}],
}
# An own sheet of the office, on which nothing rests: it can be undone.
OWN_MAPPING = "月报"
NOTE = f"〔{OWN}{MARK}{PROJECT}〕"
OWN_ROWS = (("项目编号", "项目名称", "形象进度"), (PROJECT, "", NOTE))
OWN_DOCUMENT = {
    "sheets": [
        {
            "sheet": OWN_MAPPING,
            "as_of": "2022-02-28",
            "year": 2022,
            "columns": [
                {"header": "项目编号", "to": "projects.project_id"},
                {"header": "项目名称", "ignored": "照编号认"},
                {"header": "形象进度", "to": "progress.note"},
            ],
        }
    ]
}
ADDED_PROBLEM = "Q0900"  # of the project that is asked about
# Problems without a project: the office of each, its id, and the unit that it is with.
WITH_A_UNIT = (
    (OWN, "Q0901", UNIT),
    (OWN, "Q0902", OTHER_UNIT),
    (BESIDE, "Q0901", UNIT),
    (CITY_OFFICE, "Q0901", UNIT),
)
# What an office sends where nothing of the kind is there yet.
BODIES: Mapping[str, Mapping[str, Any]] = {
    "record_scheme": {"text": EXAMPLE_SCHEME},
    "check_scheme": {"text": EXAMPLE_SCHEME},
    "preview_run": {"text": EXAMPLE_SCHEME},
    "record_entries": {"day": DAY},
    "record_comment_period": {"until_on": LAST_DAY},
    "record_objection": {"unit_id": UNIT, "text": "八月投资少计一笔"},
    "record_objection_answer": {"outcome": "kept", "text": "回单在九月"},
    "begin_correction": {"reason": "按当时的台账", "known_at": "2020-01-01T00:00:00+08:00"},
    "issue_invitation": {"name": "王芳", "role": "viewer"},
    "undo_import": {"why": "传错了文件"},
    "answer_import_questions": {"answers": {}},
    "record_judgement": {"project_id": PROJECT, "axis": "overall", "reason": "现场核查"},
    "return_report": {"reason": "多写了三个零"},
    "decide_reports": {"decisions": [{"report_id": 1, "decision": "accept"}]},
}


@dataclass(frozen=True)
class There:
    """What was put in and cannot be read off a list."""

    import_id: int
    published_run: int
    draft_run: int
    open_run: int
    objection: int
    campaign: int
    account: int
    device: int
    invitation: int
    void: int
    voidable: int
    report: int


async def furnish(as_: As) -> There:
    """Import all three ledgers, add what the golden one lacks, run, publish and sweep."""
    office = as_("office")
    await taken_over(office, own_ledger())
    path = f"/registry/v1/mappings/{OWN_MAPPING}"
    await answer(office, "PUT", path, json={"document": OWN_DOCUMENT})
    imported = await taken_over(office, own_sheet(), mapping=OWN_MAPPING)
    await taken_over(as_("office", BESIDE), ledger_beside())
    await taken_over(as_("office", CITY), ledger_of_city())
    await add_what_lacks(office)
    for of_office, problem, unit in WITH_A_UNIT:
        path = f"/registry/v1/problems/{problem}"
        raised = {"handler_unit_id": unit, "summary": f"〔{of_office}{MARK}{problem}〕"}
        await answer(as_("office", region_prefix(of_office)), "PUT", path, json=raised)
    run = await run_and_sweep(office)
    draft = await answer(office, "POST", "/scoring/v1/runs", json={"as_of": DRAFT_DAY})
    for region in (BESIDE, CITY):
        await run_and_sweep(as_("office", region))
    await answer(office, "PUT", f"/registry/v1/offices/{OWN}", json=LETTERHEAD)
    path = "/scoring/v1/campaigns"
    campaign = (await answer(office, "POST", path, json=CAMPAIGN))["id"]
    await answer(office, "POST", f"{path}/{campaign}/publish")
    account, device = await open_account(office)
    path = "/registry/v1/invitations"
    invitation = await answer(office, "POST", path, json=BODIES["issue_invitation"])
    opened, objection = await open_for_comment(as_)
    void, voidable = await void_one(office)
    report = await report_too_much(as_("unit", unit_id=UNIT))
    return There(
        imported["id"],
        run,
        draft["id"],
        opened,
        objection,
        campaign,
        account,
        device,
        invitation["id"],
        void,
        voidable,
        report,
    )


async def void_one(office: httpx.AsyncClient) -> tuple[int, int]:
    """A void of a plan, and the version of another that may be voided."""
    path, kept = f"/registry/v1/projects/{PROJECT}/plans", []
    for year in (2031, 2032):
        kept.append(await answer(office, "PUT", f"{path}/{year}", json={"planned_yuan": 5}))
    form = {"kind": "plans", "version": kept[0]["version"], "reason": "重复录入"}
    void = await answer(office, "POST", "/registry/v1/voids", json=form)
    return void["id"], kept[1]["version"]


async def report_too_much(unit: httpx.AsyncClient) -> int:
    """Have the unit report more than may be true; the report that waits."""
    path = f"/registry/v1/projects/{PROJECT}/progress/{REPORTED_ON}"
    waiting = await answer(unit, "PUT", path, json={"invested_ytd_yuan": TOO_MUCH})
    number: int = waiting["id"]
    return number


def own_sheet() -> bytes:
    sink = io.BytesIO()
    with Workbook(sink, {"in_memory": True}) as book:
        page = book.add_worksheet(OWN_MAPPING)
        for number, row in enumerate(OWN_ROWS):
            page.write_row(number, 0, row)
    return sink.getvalue()


async def open_account(office: httpx.AsyncClient) -> tuple[int, int]:
    """Invite somebody who accepts; the account, and the device that is signed in."""
    invited = await answer(
        office, "POST", "/registry/v1/invitations", json=BODIES["issue_invitation"]
    )
    form = {"code": invited["code"], "password": "岚县的项目2022"}
    headers = {"origin": str(office.base_url).rstrip("/")}
    path = "/registry/v1/session/accept"
    begun = await answer(office, "POST", path, json=form, headers=headers)
    return begun["account"]["id"], begun["device"]["id"]


async def open_for_comment(as_: As) -> tuple[int, int]:
    """Open a draft for comment, and object to it as a unit; the run and the objection."""
    office, unit = as_("office"), as_("unit", unit_id=UNIT)
    run = (await answer(office, "POST", "/scoring/v1/runs", json={"as_of": OPEN_DAY}))["id"]
    path = f"/scoring/v1/runs/{run}"
    period = BODIES["record_comment_period"]
    await answer(office, "POST", f"{path}/comment-period", json=period)
    body = BODIES["record_objection"]
    return run, (await answer(unit, "POST", f"{path}/objections", json=body))["id"]


async def run_and_sweep(office: httpx.AsyncClient) -> int:
    """Publish a run of an office, whose id is returned, and have its letters printed."""
    run: int = (await answer(office, "POST", "/scoring/v1/runs", json={"as_of": DAY}))["id"]
    await answer(office, "POST", f"/scoring/v1/runs/{run}/publish")
    await answer(office, "POST", "/notifier/v1/sweeps", json=SWEPT)
    await printed_letters(office)
    return run


async def add_what_lacks(office: httpx.AsyncClient) -> None:
    """A moved date, a pause and a problem for the project that is asked about."""
    path = f"/registry/v1/projects/{PROJECT}"
    kind = (await answer(office, "GET", f"{path}/milestones"))["items"][0]["kind"]
    revision = f"{path}/milestones/{kind}/revisions/2022-04-01"
    await answer(office, "PUT", revision, json={"planned_on": "2022-09-20", "reason": "汛期"})
    pause = {"from_on": BEGUN_ON, "to_on": "2022-03-15", "reason": "设计变更", "approved": True}
    await answer(office, "POST", f"{path}/pauses", json=pause)
    problem = {"project_id": PROJECT, "summary": "征地未完成", "raised_on": BEGUN_ON}
    await answer(office, "PUT", f"/registry/v1/problems/{ADDED_PROBLEM}", json=problem)

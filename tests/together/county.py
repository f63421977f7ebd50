"""Two counties in one house, everything in them that an address can name; and who is where."""

import re
from dataclasses import dataclass
from pathlib import Path

import httpx

from services.scoring.scheme_library.schemas import EXAMPLE_SCHEME
from tests.paths import GOLDEN
from tests.registry.clients import REGION, As, zipped
from tests.samples import sample_files
from tests.together.system import LETTERHEAD, answer, printed_letters, taken_over

OWN, BESIDE, COUNTRY = REGION, "990102", ""
# The unit that is asked about, another one, and the bureau that grants the permits of both.
UNIT, OTHER_UNIT, BUREAU = "U02", "U03", "U06"
PROJECT = "P053"
DAY, DRAFT_DAY = "2022-09-30", "2022-10-31"
SWEPT = {"from_on": "2022-09-15", "to_on": "2022-09-30"}
BEGUN_ON = "2022-03-01"
# About the unit that is asked about, and about no project by name.
CAMPAIGN = {
    "name": "百日攻坚",
    "scheme": "lanxian-2022",
    "from_on": "2022-09-15",
    "to_on": "2022-12-25",
    "targets": [{"unit_id": UNIT, "metric": "starts", "value": "3", "due_on": "2022-12-25"}],
}
# Problems without a project, and the unit that each is with.
WITH_A_UNIT = {"Q0901": (OWN, UNIT), "Q0902": (OWN, OTHER_UNIT), "R0901": (BESIDE, "V02")}
# What an office sends where nothing of the kind is there yet.
BODIES = {
    "record_scheme": {"text": EXAMPLE_SCHEME},
    "check_scheme": {"text": EXAMPLE_SCHEME},
    "preview_run": {"text": EXAMPLE_SCHEME},
    "record_entries": {"day": DAY},
    "record_judgement": {"project_id": PROJECT, "axis": "overall", "reason": "现场核查"},
}


@dataclass(frozen=True)
class There:
    """What was put in and cannot be read off a list."""

    import_id: int
    published_run: int
    draft_run: int
    campaign: int


def neighbours(folder: Path) -> bytes:
    """A ledger as another county's: its region, and other letters in all ids."""

    def moved(text: str) -> str:
        text = re.sub(r"\bP(\d{3})\b", r"N\1", text)
        text = re.sub(r"\bU(\d{2})\b", r"V\1", text)
        return re.sub(r"\bQ(\d{4})\b", r"R\1", text).replace(OWN, BESIDE)

    return zipped(
        folder, **{path.stem: moved(path.read_text("utf-8")) for path in folder.glob("*.csv")}
    )


async def furnish(as_: As) -> There:
    """Import both counties, add what the golden one lacks, run, publish and sweep."""
    office = as_("office")
    imported = await taken_over(office, zipped(GOLDEN / "county", **sample_files()))
    await taken_over(as_("office", BESIDE), neighbours(GOLDEN / "small"))
    await add_what_lacks(office)
    for problem, (region, unit) in WITH_A_UNIT.items():
        path, raised = f"/registry/v1/problems/{problem}", {"handler_unit_id": unit}
        await answer(as_("office", region), "PUT", path, json=raised)
    runs = []
    for day in (DAY, DRAFT_DAY):
        run = await answer(office, "POST", "/scoring/v1/runs", json={"as_of": day})
        runs.append(run["id"])
    await answer(office, "POST", f"/scoring/v1/runs/{runs[0]}/publish")
    await answer(office, "POST", "/notifier/v1/sweeps", json=SWEPT)
    await printed_letters(office)
    await answer(office, "PUT", f"/registry/v1/offices/{OWN}", json=LETTERHEAD)
    path = "/scoring/v1/campaigns"
    campaign = (await answer(office, "POST", path, json=CAMPAIGN))["id"]
    await answer(office, "POST", f"{path}/{campaign}/publish")
    return There(imported["id"], runs[0], runs[1], campaign)


async def add_what_lacks(office: httpx.AsyncClient) -> None:
    """A moved date, a pause and a problem for the project that is asked about."""
    path = f"/registry/v1/projects/{PROJECT}"
    kind = (await answer(office, "GET", f"{path}/milestones"))["items"][0]["kind"]
    revision = f"{path}/milestones/{kind}/revisions/2022-04-01"
    await answer(office, "PUT", revision, json={"planned_on": "2022-09-20", "reason": "汛期"})
    pause = {"from_on": BEGUN_ON, "to_on": "2022-03-15", "reason": "设计变更", "approved": True}
    await answer(office, "POST", f"{path}/pauses", json=pause)
    problem = {"project_id": PROJECT, "summary": "征地未完成", "raised_on": BEGUN_ON}
    await answer(office, "PUT", "/registry/v1/problems/Q0900", json=problem)

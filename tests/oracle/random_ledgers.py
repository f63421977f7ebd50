"""Small valid random ledgers that visit the corners of the rules: same seed, same ledger."""

import csv
from datetime import date
from pathlib import Path
from random import Random

from tests.oracle import random_figures as figures
from tests.oracle import random_milestones
from tests.oracle.tables import Ledger, Row

COLUMNS: dict[str, str] = {
    "units": "unit_id,name,kind,group,region_code",
    "projects": "project_id,national_code,name,region_code,unit_id,owner_name,owner_uscc,nature,"
    "key_levels,programs,industry_code,is_industrial,is_government_funded,is_attracted,"
    "contract_yuan,total_investment_yuan,competent_unit_id,is_secret",
    "plans": "project_id,year,planned_yuan,prior_invested_yuan,"
    "m01,m02,m03,m04,m05,m06,m07,m08,m09,m10,m11,m12",
    "milestones": "project_id,kind,planned_on,actual_on,decided_on,reason",
    "progress": "project_id,as_of,invested_ytd_yuan,physical_pct,note",
    "permits": "project_id,kind,stage,needed,authority_unit_id,mode,applied_on,due_on,granted_on,"
    "document_no",
    "funds": "unit_id,project_id,source,event,amount_yuan,on",
    "problems": "problem_id,project_id,category,summary,raised_on,level,handler_unit_id,due_on,"
    "resolved_on,closed_on,solved_on_site",
    "pauses": "project_id,from_on,to_on,reason,approved",
}
# Days and periods worth scoring and replaying: month ends and other days, across holidays and the
# turn of a year, from a day off, and into a year whose calendar is not announced.
AS_OF_DAYS = tuple(
    date.fromisoformat(day)
    for day in (
        *("2021-01-31", "2021-06-30", "2021-12-31", "2022-01-01", "2022-02-15", "2022-02-28"),
        *("2022-03-31", "2022-06-30", "2022-09-30", "2022-10-17", "2022-12-25", "2022-12-31"),
    )
)
LETTER_PERIODS = tuple(
    (date.fromisoformat(first), date.fromisoformat(last))
    for first, last in (
        ("2022-01-01", "2022-12-31"),
        ("2021-11-20", "2022-03-20"),
        ("2022-09-15", "2022-12-25"),
        ("2022-03-31", "2022-05-05"),
        ("2022-10-01", "2022-10-31"),
        ("2022-10-31", "2022-12-05"),
        ("2026-12-01", "2027-06-30"),
    )
)
KIND_OF_GROUP = {"departments": "department", "townships": "township", "zones": "zone"}
NATURES = ("new", "new", "new", "new", "continuing", "continuing", "preliminary", "reserve")
SIZES = (
    *("", "4999999", "5000000", "64000000", "64000000", "99999999", "100000000", "100000000"),
    *("499999999", "500000000", "999999999", "1000000000", "9999999999", "10000000000"),
)
CONTRACTS = ("", "0", "50000000", "50000000", "680000000")
KEY_LEVELS = ("", "", "county", "city", "province;city", "province;city;county")
COPY_MARK = "B"
MAX_PROJECTS = 18
YES_OR_NO = ("true", "true", "false", "")


def random_ledger(seed: int) -> Ledger:
    """Return a valid ledger of 3-6 units and 5-18 projects."""
    rng = Random(seed)
    ledger: Ledger = {table: [] for table in COLUMNS}
    ledger["units"] = _units(rng)
    unit_ids = [row["unit_id"] for row in ledger["units"]]
    busy = _busy_units(rng, unit_ids)
    no_industry = rng.random() < 0.08
    for number in range(1, rng.randint(5, 16) + 1):
        project = _project(rng, f"P{number:03d}", rng.choice(busy), unit_ids)
        if no_industry:
            project["is_industrial"] = rng.choice(("false", ""))
        _add_project(rng, ledger, project, unit_ids)
    for unit_id in unit_ids:
        # An idle unit with more funds than anybody must still be nobody's best.
        count = rng.randrange(2) if unit_id in busy else 3
        ledger["funds"] += [figures.fund(rng, "", unit_id) for _ in range(count)]
    if rng.random() < 0.3:
        _terminate_all(rng, ledger, rng.choice(busy))
    idle = [unit_id for unit_id in unit_ids if unit_id not in busy]
    if idle and rng.random() < 0.7:
        _copy_unit(rng, ledger, rng.choice(busy), idle[0])
    for table in ledger.values():
        rng.shuffle(table)
    return ledger


def _units(rng: Random) -> list[Row]:
    groups = rng.sample(sorted(KIND_OF_GROUP), rng.randint(1, 3))
    rows = []
    for number in range(1, rng.choice((3, 3, 4, 4, 5, 6)) + 1):
        group = rng.choice(groups)
        row = {"unit_id": f"U{number:02d}", "name": f"单位{number}", "kind": KIND_OF_GROUP[group]}
        rows.append(row | {"group": group, "region_code": "141127"})
    return rows


def _busy_units(rng: Random, unit_ids: list[str]) -> list[str]:
    """Return the units that own projects: now and then one has none."""
    idle = rng.choice(unit_ids) if rng.random() < 0.6 else None
    return [unit_id for unit_id in unit_ids if unit_id != idle]


def _project(rng: Random, project_id: str, unit_id: str, unit_ids: list[str]) -> Row:
    return {
        "project_id": project_id,
        "national_code": "",
        "name": f"项目{project_id}",
        "region_code": "141127",
        "unit_id": unit_id,
        "owner_name": "",
        "owner_uscc": "",
        "nature": rng.choice(NATURES),
        "key_levels": rng.choice(KEY_LEVELS),
        "programs": rng.choice(("", "special_bond", "three_batches;shoring_up")),
        "industry_code": "",
        "is_industrial": rng.choice(YES_OR_NO),
        "is_government_funded": rng.choice(YES_OR_NO),
        "is_attracted": rng.choice(YES_OR_NO),
        "contract_yuan": rng.choice(CONTRACTS),
        "total_investment_yuan": rng.choice(SIZES),
        "competent_unit_id": rng.choice(["", *unit_ids]),
        "is_secret": rng.choice(("false", "")),
    }


def _add_project(rng: Random, ledger: Ledger, project: Row, unit_ids: list[str]) -> None:
    """Add a project with everything that belongs to it."""
    project_id, unit_id = project["project_id"], project["unit_id"]
    plan_rows = figures.plans(rng, project_id)
    ledger["projects"].append(project)
    ledger["plans"] += plan_rows
    milestone_rows = random_milestones.milestones(rng, project_id, project["nature"])
    ledger["milestones"] += milestone_rows
    ledger["pauses"] += random_milestones.pauses(rng, project_id, milestone_rows)
    ledger["progress"] += figures.progress(rng, project_id, plan_rows)
    ledger["permits"] += figures.permits(rng, project_id, unit_id)
    ledger["funds"] += figures.funds(rng, project, unit_ids)
    ledger["problems"] += figures.problems(rng, project_id, unit_id)


def _terminate_all(rng: Random, ledger: Ledger, unit_id: str) -> None:
    """Terminate every project of a unit, so that from some day on it has no live one."""
    for project in ledger["projects"]:
        if project["unit_id"] == unit_id:
            project_id = project["project_id"]
            others = [
                row
                for row in ledger["milestones"]
                if (row["project_id"], row["kind"]) != (project_id, "terminated")
            ]
            ledger["milestones"] = [*others, random_milestones.terminated(rng, project_id)]


def _copy_unit(rng: Random, ledger: Ledger, source: str, target: str) -> None:
    """Copy a unit's projects and funds to an idle unit of its group, so that the two may tie.

    At times the copy has invested a yuan more, which no total shows: ranks go by the printed total.
    Nothing is copied where the ledger would grow too large.
    """
    group_of = {row["unit_id"]: row["group"] for row in ledger["units"]}
    copied = [row["project_id"] for row in ledger["projects"] if row["unit_id"] == source]
    is_other_group = group_of[source] != group_of[target]
    if is_other_group or len(ledger["projects"]) + len(copied) > MAX_PROJECTS:
        return
    ledger["funds"] = [row for row in ledger["funds"] if row["unit_id"] != target]
    for rows in list(ledger.values()):
        for row in list(rows):
            unit_fund = "amount_yuan" in row and (row["unit_id"], row["project_id"]) == (source, "")
            if row.get("project_id") in copied or unit_fund:
                rows.append(_copy_row(row, source, target))
    if rng.random() < 0.5:
        _add_one_yuan(ledger)


def _add_one_yuan(ledger: Ledger) -> None:
    for row in ledger["progress"]:
        if row["project_id"].endswith(COPY_MARK) and row["invested_ytd_yuan"]:
            row["invested_ytd_yuan"] = str(int(row["invested_ytd_yuan"]) + 1)


def _copy_row(row: Row, source: str, target: str) -> Row:
    copy = dict(row)
    for column in ("project_id", "problem_id"):
        if copy.get(column):
            copy[column] += COPY_MARK
    if copy.get("unit_id") == source:
        copy["unit_id"] = target
    return copy


def write_csv(ledger: Ledger, folder: Path) -> None:
    """Write the ledger as a folder of CSV files, every table with all its columns."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, columns in COLUMNS.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=columns.split(","), restval="")
            writer.writeheader()
            writer.writerows(ledger.get(table, []))

"""Random plans, progress, permits, funds and problems of one project."""

from datetime import timedelta
from fractions import Fraction
from math import floor
from random import Random

from tests.oracle.facts import MONTH_COLUMNS, Dossier, plan, time_progress
from tests.oracle.random_dates import MONTH_ENDS, any_day
from tests.oracle.tables import Row

PLANS = (12_000_000, 36_000_000, 36_000_000, 120_000_000, 6_000_000_000, 7_654_321)
YEARS_WITH_PLANS = {2020: 0.1, 2021: 0.6, 2022: 0.85, 2023: 0.1, 2026: 0.25, 2027: 0.25}
FUND_AMOUNTS = ("5000000", "5000000", "12010000", "300000000", "")
SCORED_FUNDS = (
    ("attracted", "arrived"),
    ("central_budget", "approved"),
    ("policy_instrument", "approved"),
)
FUND_SOURCES = (
    "special_bond",
    "central_budget",
    "policy_instrument",
    "bank_loan",
    "enterprise",
    "attracted",
)
FUND_EVENTS = ("applied", "approved", "arrived", "paid")
PERMIT_KINDS = (
    "site",
    "initiation",
    "land_planning",
    "works_planning",
    "eia",
    "energy_review",
    "tendering",
    "construction_permit",
)
PERMIT_MODES = (
    "standard",
    "commitment",
    "tolerant",
    "parallel",
    "build_then_inspect",
    "staged",
    "deemed_granted",
    "deemed_granted",
)
# Percentage points behind time progress: on, just before and after both thresholds.
GAPS_BY_HABIT = {
    "behind": (30, 31, 35, 45, 60, 30),
    "mixed": (-5, 0, 10, 10, 20, 30, 30, 40),
    "ahead": (-20, -5, 0, 5, 10),
}


def plans(rng: Random, project_id: str) -> list[Row]:
    """Return plans of several years: none, unknown, 0, linear or with a curve by month."""
    rows = []
    for year, chance in YEARS_WITH_PLANS.items():
        if rng.random() < chance:
            rows.append(_plan(rng, project_id, year))
    return rows


def _plan(rng: Random, project_id: str, year: int) -> Row:
    planned = rng.choice(PLANS)
    row = {"project_id": project_id, "year": str(year), "planned_yuan": str(planned)}
    row["prior_invested_yuan"] = rng.choice(("", "0", "500000000"))
    row |= dict.fromkeys(MONTH_COLUMNS, "")
    if rng.random() < 0.35:
        row |= _curve(rng, planned)
    roll = rng.random()
    if roll < 0.06:
        row["planned_yuan"] = ""
    elif roll < 0.14:
        row |= dict.fromkeys(MONTH_COLUMNS, "") | {"planned_yuan": "0"}
    return row


def _curve(rng: Random, planned: int) -> Row:
    """Return a cumulative curve by month: steps, jumps, everything early or late."""
    # The whole curve may lie above or below the plan: some offices plan for 120 percent.
    top = planned * rng.choice((100, 100, 100, 120, 80)) // 100
    steps = sorted(rng.choice((0, top, rng.randrange(top))) for _ in range(11))
    if rng.random() < 0.4:
        steps = [0] * rng.choice((0, 0, 9, 10, 11))
        steps += [top] * (11 - len(steps))
    return {m: str(v) for m, v in zip(MONTH_COLUMNS, [*steps, top], strict=True)}


def progress(rng: Random, project_id: str, plan_rows: list[Row]) -> list[Row]:
    """Return progress at month ends and between, with gaps, notes and falling amounts."""
    dossier = Dossier({"project_id": project_id}, {"plans": plan_rows})
    gaps = GAPS_BY_HABIT[rng.choice(("behind", "behind", "mixed", "mixed", "ahead"))]
    diligence = rng.choice((0.1, 0.5, 0.9, 1.0))
    rows = []
    for end in MONTH_ENDS:
        for on in (end - timedelta(days=rng.randrange(1, 27)), end):
            if rng.random() > (diligence if on == end else 0.25):
                continue
            planned = plan(dossier, on) or 12_000_000
            share = time_progress(dossier, on) - Fraction(rng.choice(gaps), 100)
            amount = max(0, floor(planned * share) + rng.choice((0, 0, 0, -1, 1)))
            rows.append(_progress_row(rng, project_id, on.isoformat(), amount))
    return rows


def _progress_row(rng: Random, project_id: str, on: str, amount: int) -> Row:
    is_note = rng.random() < 0.12
    return {
        "project_id": project_id,
        "as_of": on,
        "invested_ytd_yuan": "" if is_note else str(amount),
        "physical_pct": rng.choice(("", "", "35")),
        "note": "主体施工" if is_note else "",
    }


def permits(rng: Random, project_id: str, unit_id: str) -> list[Row]:
    """Return permits, some given in parts, some not needed or not known to be needed."""
    rows = []
    for kind in rng.sample(PERMIT_KINDS, rng.choice((0, 0, 2, 4))):
        for stage in ("一期", "二期") if rng.random() < 0.2 else ("",):
            rows.append(_permit(rng, project_id, unit_id, kind, stage))
    return rows


def _permit(rng: Random, project_id: str, unit_id: str, kind: str, stage: str) -> Row:
    applied = any_day(rng)
    granted = applied + timedelta(days=rng.randrange(60)) if rng.random() < 0.6 else None
    return {
        "project_id": project_id,
        "kind": kind,
        "stage": stage,
        "needed": rng.choice(("true", "true", "true", "false", "")),
        "authority_unit_id": unit_id,
        "mode": rng.choice(PERMIT_MODES),
        "applied_on": applied.isoformat(),
        "due_on": (applied + timedelta(days=20)).isoformat(),
        "granted_on": granted.isoformat() if granted else "",
        "document_no": "",
    }


def funds(rng: Random, project: Row, unit_ids: list[str]) -> list[Row]:
    """Return funds of a project, booked on its unit (left blank) or on any unit by name."""
    attracted = project["is_attracted"] == "true"
    count = rng.choice((2, 3, 4) if attracted else (0, 0, 1, 3))
    project_id = project["project_id"]
    return [fund(rng, project_id, rng.choice(["", *unit_ids])) for _ in range(count)]


def fund(rng: Random, project_id: str, unit_id: str) -> Row:
    """Return one row of funds."""
    source, event = rng.choice(SCORED_FUNDS)
    if rng.random() < 0.3:
        source, event = rng.choice(FUND_SOURCES), rng.choice(FUND_EVENTS)
    undated = source != "attracted" and rng.random() < 0.05
    return {
        "unit_id": unit_id,
        "project_id": project_id,
        "source": source,
        "event": event,
        "amount_yuan": rng.choice(FUND_AMOUNTS),
        "on": "" if undated else any_day(rng).isoformat(),
    }


def problems(rng: Random, project_id: str, unit_id: str) -> list[Row]:
    """Return at most one problem, which the score does not look at."""
    if rng.random() < 0.8:
        return []
    raised = any_day(rng)
    return [
        {
            "problem_id": f"Q-{project_id}",
            "project_id": project_id,
            "category": rng.choice(("funds", "land", "eia", "other")),
            "summary": "征地未完成",
            "raised_on": raised.isoformat(),
            "level": rng.choice(("department", "leader", "head")),
            "handler_unit_id": unit_id,
            "due_on": (raised + timedelta(days=15)).isoformat(),
            "resolved_on": "",
            "closed_on": "",
            "solved_on_site": "",
        }
    ]

"""The lights of the preset yinchuan-2025: three axes per project, then the overall colour."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.oracle import facts
from tests.oracle.facts import Dossier
from tests.oracle.rounding import rounded

Light = str | None
WORST_FIRST = ("red", "yellow", "green")


def start_light(dossier: Dossier, day: date) -> Light:
    """Colour by the number of month ends missed since the planned start."""
    planned = facts.planned(dossier, "started", day)
    if dossier.nature != "new" or planned is None:
        return None
    if facts.actual(dossier, "started", day) is not None:
        return "green"
    missed = 0
    end = facts.month_end(planned)
    while end <= day:
        missed += 1
        end = facts.month_end(end + timedelta(days=1))
    if missed == 0:
        return "green"
    return "yellow" if missed <= 2 else "red"


def completion(dossier: Dossier, day: date) -> Fraction | None:
    """Return completed investment over plan, unknown without a plan or with a plan of 0."""
    plan = facts.plan(dossier, day)
    return Fraction(facts.ytd(dossier, day), plan) if plan else None


def progress_light(dossier: Dossier, day: date) -> Light:
    """Colour by the percentage points behind time progress, unrounded."""
    completed = completion(dossier, day)
    if not dossier.counts_in_n or completed is None:
        return None
    behind = 100 * (facts.time_progress(dossier, day) - completed)
    if behind > 30:
        return "red"
    return "yellow" if behind >= 10 else "green"


def pooling_light(dossier: Dossier, day: date) -> Light:
    """Colour by the calendar months since the start, for a project that is not pooled."""
    started = facts.actual(dossier, "started", day)
    if started is None or dossier.size < facts.POOLED_SIZE:
        return None
    if facts.actual(dossier, "pooled", day) is not None:
        return "green"
    if day > facts.add_months(started, 2):
        return "red"
    return "yellow" if day >= facts.add_months(started, 1) else "green"


AXES: dict[str, Callable[[Dossier, date], Light]] = {
    "start": start_light,
    "progress": progress_light,
    "pooling": pooling_light,
}


def overall_light(axes: dict[str, Light], paused: bool) -> str:
    """Return the worst colour of the axes; a pause covers them all."""
    if paused:
        return "paused"
    for colour in WORST_FIRST:
        if colour in axes.values():
            return colour
    return "none"


def light_row(dossier: Dossier, day: date) -> dict[str, Any]:
    """Return the printed light of one project."""
    axes = {axis: light(dossier, day) for axis, light in AXES.items()}
    completed, due = completion(dossier, day), facts.time_progress(dossier, day)
    return {
        "project_id": dossier.project_id,
        "overall": overall_light(axes, facts.is_paused(dossier, day)),
        "axes": axes,
        "completion": None if completed is None else rounded(completed, 4),
        "time_progress": rounded(due, 4),
        "lead": None if completed is None else rounded(100 * (completed - due), 2),
        "not_reported": facts.reported_ytd(dossier, day) is None,
    }


def light_rows(live: list[Dossier], day: date) -> list[dict[str, Any]]:
    """Return the lights of every live project that is in N or shows one."""
    found = []
    for dossier in live:
        row = light_row(dossier, day)
        if dossier.counts_in_n or row["overall"] != "none":
            found.append(row)
    return found

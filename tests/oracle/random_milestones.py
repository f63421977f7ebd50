"""Random milestones and pauses of one project, with revisions decided before and after the fact."""

from datetime import date, timedelta
from random import Random

from tests.oracle import facts
from tests.oracle.random_dates import MONTH_ENDS, actual_day, any_day, planned_day
from tests.oracle.tables import Row

# How often a project has the kind at all, is given a planned date, and reaches it.
CHANCES: dict[str, tuple[float, float, float]] = {
    "signed": (0.6, 0.2, 0.9),
    "landed": (0.5, 0.4, 0.8),
    "started": (0.95, 0.85, 0.6),
    "completed": (0.3, 0.6, 0.6),
    "in_production": (0.6, 0.8, 0.5),
    "at_capacity": (0.1, 0.5, 0.6),
}


def milestones(rng: Random, project_id: str, nature: str) -> list[Row]:
    """Return the milestone rows of a project."""
    rows: list[Row] = []
    for kind, chances in CHANCES.items():
        rows += _kind(rng, project_id, kind, chances)
    if nature == "continuing":
        rows += _kind(rng, project_id, "resumed", (0.65, 0.8, 0.5))
    rows += _pooled(rng, project_id, _latest_actual(rows, "started"))
    rows += _initiated(rng, project_id, rows)
    if rng.random() < 0.12:
        rows.append(terminated(rng, project_id))
    return rows


def terminated(rng: Random, project_id: str) -> Row:
    """Return a termination, now and then one that is only planned and so changes nothing."""
    on = any_day(rng)
    if rng.random() < 0.2:
        return _row(project_id, "terminated", on, None, None)
    return _row(project_id, "terminated", None, on, None)


def _kind(
    rng: Random, project_id: str, kind: str, chances: tuple[float, float, float]
) -> list[Row]:
    has, is_planned, is_reached = chances
    if rng.random() > has:
        return []
    planned = planned_day(rng) if rng.random() < is_planned else None
    rows = [_row(project_id, kind, planned, None, None)]
    rows += [_row(project_id, kind, planned_day(rng), None, on) for on in _decisions(rng)]
    if len(rows) > 1 and rng.random() < 0.1:
        del rows[0]
    if rng.random() < is_reached:
        rng.choice(rows)["actual_on"] = actual_day(rng, planned).isoformat()
    if rng.random() < 0.08:
        on = any_day(rng, date(2022, 1, 2), date(2022, 1, 8))
        rows.append(_row(project_id, kind, None, actual_day(rng, planned), on))
    return [row for row in rows if row["planned_on"] or row["actual_on"]]


def _decisions(rng: Random) -> list[date]:
    """Return the different days on which the planned date was moved, often none.

    The first week of January 2022 stays free for revisions that carry an actual date only.
    """
    count = rng.choices((0, 1, 2, 3), (60, 25, 10, 5))[0]
    days = {any_day(rng, date(2021, 6, 1), date(2023, 1, 31)) for _ in range(count)}
    return sorted(day for day in days if not date(2022, 1, 2) <= day <= date(2022, 1, 8))


def _row(
    project_id: str, kind: str, planned: date | None, actual: date | None, decided: date | None
) -> Row:
    return {
        "project_id": project_id,
        "kind": kind,
        "planned_on": planned.isoformat() if planned else "",
        "actual_on": actual.isoformat() if actual else "",
        "decided_on": decided.isoformat() if decided else "",
        "reason": "设计变更" if decided else "",
    }


def _actuals(rows: list[Row], kind: str) -> list[date]:
    found = [row["actual_on"] for row in rows if row["kind"] == kind and row["actual_on"]]
    return [date.fromisoformat(on) for on in found]


def _latest_actual(rows: list[Row], kind: str) -> date | None:
    return max(_actuals(rows, kind), default=None)


def _pooled(rng: Random, project_id: str, started: date | None) -> list[Row]:
    """Return a pooling about one or two calendar months after the start, if any."""
    if rng.random() < 0.45:
        return []
    on = any_day(rng)
    if started is not None and rng.random() < 0.7:
        on = facts.add_months(started, rng.choice((0, 1, 2))) + timedelta(days=rng.choice((0, 1)))
    return [_row(project_id, "pooled", None, on, None)]


def _initiated(rng: Random, project_id: str, rows: list[Row]) -> list[Row]:
    """Return an initiation that is never later than production, now and then the same day."""
    if rng.random() < 0.3:
        return []
    produced = min(_actuals(rows, "in_production"), default=date(2021, 6, 30))
    on = produced - timedelta(days=rng.choice((0, 1, 90, 200, 365, 365, 700)))
    return [_row(project_id, "initiated", None, on, None)]


def pauses(rng: Random, project_id: str, milestone_rows: list[Row]) -> list[Row]:
    """Return pauses of a project, approved or not, around the days on which something is due."""
    if rng.random() < 0.6:
        return []
    due = _due_days(milestone_rows)
    rows = []
    for _ in range(rng.choice((1, 1, 2))):
        day = rng.choice(due if due and rng.random() < 0.5 else MONTH_ENDS)
        first = day - timedelta(days=rng.choice((0, 0, 1, 20, 45)))
        last = day + timedelta(days=rng.choice((-1, 0, 0, 1, 2, 15, 40)))
        is_open = rng.random() < 0.2
        row = {"project_id": project_id, "from_on": min(first, last).isoformat()}
        row["to_on"] = "" if is_open else last.isoformat()
        row["reason"] = "汛期影响"
        row["approved"] = rng.choice(("true", "true", "true", "false", ""))
        rows.append(row)
    return rows


def _due_days(rows: list[Row]) -> tuple[date, ...]:
    """Return the planned days with a ladder, and those on which its upper rungs fall due."""
    planned = [row["planned_on"] for row in rows if row["kind"] in ("started", "in_production")]
    days = [date.fromisoformat(on) for on in planned if on]
    return tuple(day + timedelta(days=after) for day in days for after in (-1, 15, 60))

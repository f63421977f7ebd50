"""One project's dossier, and what is known about it as of a day.

Every function takes the day, so that nothing that happened or was decided later can leak in.
"""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.tables import Ledger, Row, rows, text, to_bool, to_date, to_int

DETAIL_TABLES = ("milestones", "plans", "progress", "permits", "funds", "pauses")
# Smaller projects do not enter the statistics of investment.
POOLED_SIZE = 5_000_000
MONTH_COLUMNS = [f"m{month:02d}" for month in range(1, 13)]


@dataclass
class Dossier:
    """A project's own row and its rows in every other table."""

    row: Row
    details: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def project_id(self) -> str:
        """The key of the project."""
        return text(self.row, "project_id")

    @property
    def unit_id(self) -> str:
        """The responsible unit."""
        return text(self.row, "unit_id")

    @property
    def nature(self) -> str:
        """New, continuing, preliminary or reserve."""
        return text(self.row, "nature")

    @property
    def counts_in_n(self) -> bool:
        """Whether the project belongs to N, the projects of nature new or continuing."""
        return self.nature in ("new", "continuing")

    @property
    def size(self) -> int:
        """Total investment; an unknown one reaches no threshold and adds nothing to a sum."""
        return to_int(self.row, "total_investment_yuan") or 0


def dossiers(ledger: Ledger) -> list[Dossier]:
    """Return one dossier per project, in order of project id."""
    found = {}
    for row in rows(ledger, "projects"):
        found[text(row, "project_id")] = Dossier(row, {table: [] for table in DETAIL_TABLES})
    for table in DETAIL_TABLES:
        for row in rows(ledger, table):
            if text(row, "project_id"):
                found[text(row, "project_id")].details[table].append(row)
    return [found[project_id] for project_id in sorted(found)]


def _milestones(dossier: Dossier, kind: str) -> list[Row]:
    return [row for row in dossier.details["milestones"] if text(row, "kind") == kind]


def _is_decided(row: Row, day: date) -> bool:
    """Return whether a revision was decided by the day; the original always was."""
    return (to_date(row, "decided_on") or date.min) <= day


def actual(dossier: Dossier, kind: str, day: date) -> date | None:
    """Return A[kind]: the latest actual date up to the day, on any row of the kind."""
    latest = None
    for row in _milestones(dossier, kind):
        on = to_date(row, "actual_on")
        if on is not None and on <= day and (latest is None or on > latest):
            latest = on
    return latest


def actual_in_year(dossier: Dossier, kind: str, day: date) -> bool:
    """Return whether A[kind] lies in the year of the day."""
    on = actual(dossier, kind, day)
    return on is not None and on.year == day.year


def planned(dossier: Dossier, kind: str, day: date) -> date | None:
    """Return P[kind]: the planned date of the row decided last up to the day that has one."""
    in_force, decided = None, None
    for row in _milestones(dossier, kind):
        on = to_date(row, "planned_on")
        decided_on = to_date(row, "decided_on") or date.min
        if on is None or not _is_decided(row, day):
            continue
        if decided is None or decided_on > decided:
            in_force, decided = on, decided_on
    return in_force


def is_live(dossier: Dossier, day: date) -> bool:
    """Return whether the project has not been terminated by the day."""
    return actual(dossier, "terminated", day) is None


def is_paused(dossier: Dossier, day: date) -> bool:
    """Return whether the day lies in an approved pause, both ends included."""
    for row in dossier.details["pauses"]:
        from_on = to_date(row, "from_on") or date.min
        to_on = to_date(row, "to_on") or date.max
        if to_bool(row, "approved") and from_on <= day <= to_on:
            return True
    return False


def is_working(dossier: Dossier, day: date) -> bool:
    """Return whether the project is being worked on: started, carried on or resumed."""
    if dossier.nature == "new":
        return actual(dossier, "started", day) is not None
    if dossier.nature != "continuing":
        return False
    if actual_in_year(dossier, "resumed", day):
        return True
    return not _has_to_resume(dossier, day) and actual(dossier, "resumed", day) is None


def _has_to_resume(dossier: Dossier, day: date) -> bool:
    """Return whether any known row plans a resumption in the day's year or before."""
    for row in _milestones(dossier, "resumed"):
        on = to_date(row, "planned_on")
        if on is not None and on.year <= day.year and _is_decided(row, day):
            return True
    return False


def is_under_construction(dossier: Dossier, day: date) -> bool:
    """Return whether the project is being worked on and not completed."""
    return is_working(dossier, day) and actual(dossier, "completed", day) is None


def _plan_row(dossier: Dossier, day: date) -> Row | None:
    for row in dossier.details["plans"]:
        if to_int(row, "year") == day.year:
            return row
    return None


def plan(dossier: Dossier, day: date) -> int | None:
    """Return the plan of the day's year; a blank one is unknown, like a missing row."""
    row = _plan_row(dossier, day)
    return None if row is None else to_int(row, "planned_yuan")


def reported_ytd(dossier: Dossier, day: date) -> int | None:
    """Return the amount reported last in the day's year; rows without an amount are notes."""
    latest, amount = None, None
    for row in dossier.details["progress"]:
        on, invested = to_date(row, "as_of"), to_int(row, "invested_ytd_yuan")
        if on is None or invested is None or on.year != day.year or on > day:
            continue
        if latest is None or on > latest:
            latest, amount = on, invested
    return amount


def ytd(dossier: Dossier, day: date) -> int:
    """Return the completed investment of the year; nothing reported counts as 0."""
    return reported_ytd(dossier, day) or 0


def time_progress(dossier: Dossier, day: date) -> Fraction:
    """Return the share of the year's plan that should be done by the day."""
    share_of_month = Fraction(day.day, days_in_month(day))
    row, planned_yuan = _plan_row(dossier, day), plan(dossier, day)
    if row is not None and planned_yuan and all(text(row, m) for m in MONTH_COLUMNS):
        curve = [0] + [int(text(row, m)) for m in MONTH_COLUMNS]
        before, after = curve[day.month - 1], curve[day.month]
        return (before + (after - before) * share_of_month) / planned_yuan
    return (day.month - 1 + share_of_month) / 12


def days_in_month(day: date) -> int:
    """Return the number of days in the day's month."""
    return calendar.monthrange(day.year, day.month)[1]


def month_end(day: date) -> date:
    """Return the last day of the day's month."""
    return day.replace(day=days_in_month(day))


def last_month_end(day: date) -> date:
    """Return the latest month end up to and including the day."""
    return day if day == month_end(day) else day.replace(day=1) - timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(day.day, days_in_month(first)))

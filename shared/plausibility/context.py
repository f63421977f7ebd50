"""Context of a record: what its project's other facts say, in an order in which it is looked up."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, NamedTuple

from shared.facts.words import FundEvent, PermitKind, PermitMode

# The tables of a project, and their columns, that a judgement asks for.
CONTEXT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "projects": ("project_id", "total_investment_yuan"),
    "plans": ("project_id", "year", "planned_yuan", "prior_invested_yuan"),
    "milestones": ("project_id", "kind", "actual_on"),
    "progress": ("project_id", "as_of", "invested_ytd_yuan"),
    "permits": ("project_id", "kind", "needed", "mode", "granted_on"),
    "funds": ("project_id", "event", "amount_yuan", "on"),
}
TRUSTING_MODES = (PermitMode.commitment, PermitMode.build_then_inspect)
Row = Mapping[str, Any]


class YearPlan(NamedTuple):
    """The plan of a year, and what was completed in the years before it."""

    planned: int | None = None
    prior: int | None = None


class ConstructionPermit(NamedTuple):
    """The construction permit that a project needs; its first part allows the start.

    `is_trusting` where the mode of every part lets works begin before it.
    """

    granted_on: date | None
    is_trusting: bool


@dataclass(frozen=True)
class ProjectContext:
    """Facts of a project beside the record that is judged.

    `reported` are days and amounts by day; `approved` days with all that is approved up to each;
    `actual` the actual dates of each kind of milestone, the latest last. `own_approved` is what the
    record itself has in `approved`, where it is in there.
    """

    total: int | None = None
    plans: Mapping[int, YearPlan] | None = None
    reported: tuple[tuple[date, int], ...] = ()
    approved: tuple[tuple[date, int], ...] = ()
    actual: Mapping[str, tuple[date, ...]] | None = None
    permit: ConstructionPermit | None = None
    own_approved: int = 0

    def plan(self, year: int) -> YearPlan:
        return (self.plans or {}).get(year, YearPlan())

    def report_before(self, day: date) -> tuple[date, int] | None:
        """The latest report before a day in its year."""
        index = bisect_left(self.reported, (day,)) - 1
        found = self.reported[index] if index >= 0 else None
        return found if found and found[0].year == day.year else None

    def report_after(self, day: date) -> tuple[date, int] | None:
        """The next report after a day in its year."""
        index = bisect_right(self.reported, day, key=lambda each: each[0])
        found = self.reported[index] if index < len(self.reported) else None
        return found if found and found[0].year == day.year else None

    def approved_up_to(self, day: date) -> int:
        """What others have approved up to a day, the day included."""
        index = bisect_right(self.approved, day, key=lambda each: each[0]) - 1
        return (self.approved[index][1] if index >= 0 else 0) - self.own_approved

    def actual_date(self, kind: str, today: date) -> date | None:
        """The latest actual date so far of a kind of milestone."""
        days = (self.actual or {}).get(kind, ())
        index = bisect_right(days, today) - 1
        return days[index] if index >= 0 else None


NO_PROJECT = ProjectContext()


def build_context(rows: Mapping[str, Iterable[Row]]) -> ProjectContext:
    """Build the context from the rows of one project by table; a table may be absent."""
    project = next(iter(rows.get("projects", ())), {})
    approved = sorted(
        (row["on"], row["amount_yuan"])
        for row in rows.get("funds", ())
        if row["event"] == FundEvent.approved and None not in (row["on"], row["amount_yuan"])
    )
    sums = accumulate(amount for _, amount in approved)
    actual: dict[str, list[date]] = {}
    for row in rows.get("milestones", ()):
        if row["actual_on"] is not None:
            actual.setdefault(row["kind"], []).append(row["actual_on"])
    return ProjectContext(
        total=project.get("total_investment_yuan"),
        plans={
            row["year"]: YearPlan(row["planned_yuan"], row["prior_invested_yuan"])
            for row in rows.get("plans", ())
        },
        reported=tuple(
            sorted(
                (row["as_of"], row["invested_ytd_yuan"])
                for row in rows.get("progress", ())
                if None not in (row["as_of"], row["invested_ytd_yuan"])
            )
        ),
        approved=tuple((on, total) for (on, _), total in zip(approved, sums, strict=True)),
        actual={kind: tuple(sorted(days)) for kind, days in actual.items()},
        permit=build_permit(rows.get("permits", ())),
    )


def build_permit(rows: Iterable[Row]) -> ConstructionPermit | None:
    """The construction permit of the parts that are needed; None where none is."""
    needed = [row for row in rows if is_needed(row["kind"], row["needed"])]
    if not needed:
        return None
    granted = min((row["granted_on"] for row in needed if row["granted_on"]), default=None)
    return ConstructionPermit(granted, all(row["mode"] in TRUSTING_MODES for row in needed))


def is_needed(kind: str, needed: bool | None) -> bool:
    """Whether a permit is a construction permit that is known to be needed."""
    return kind == PermitKind.construction_permit and needed is True

"""Dossiers of projects, for the letter rules: dates as of a day, pauses, red months."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from shared.facts.projects import Milestone, Pause, Project
from shared.facts.tables import Facts
from shared.facts.words import MilestoneKind


@dataclass(frozen=True)
class Dossier:
    """A project. `red_month_ends` are the month ends with a red progress light, from scoring."""

    project: Project
    milestones: Mapping[MilestoneKind, tuple[Milestone, ...]] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    red_month_ends: frozenset[date] = frozenset()

    def actual_on(self, kind: MilestoneKind, as_of: date) -> date | None:
        """A[k]: the latest actual date up to the as-of day."""
        dates = (row.actual_on for row in self.milestones.get(kind, ()) if row.actual_on)
        return max((on for on in dates if on <= as_of), default=None)

    def planned_on(self, kind: MilestoneKind, as_of: date) -> date | None:
        """P[k]: the planned date in force, of the latest row decided up to `as_of` that has one."""
        decided = (
            (row.decided_on or date.min, row.planned_on)
            for row in self.milestones.get(kind, ())
            if row.planned_on and (row.decided_on is None or row.decided_on <= as_of)
        )
        return max(decided, default=(None, None))[1]

    def is_paused(self, as_of: date) -> bool:
        """Whether a day is in an approved pause; its last day is in it, and one without is open."""
        return any(
            pause.approved
            and pause.from_on <= as_of
            and (pause.to_on is None or as_of <= pause.to_on)
            for pause in self.pauses
        )

    def is_red(self, month_end: date) -> bool:
        return month_end in self.red_month_ends and not self.is_paused(month_end)


def build_dossiers(facts: Facts, red: Mapping[str, Collection[date]]) -> list[Dossier]:
    """Build the dossiers of all projects, in order of id.

    `red` is project → month ends with a red progress light.
    """
    milestones: defaultdict[str, defaultdict[MilestoneKind, list[Milestone]]]
    milestones = defaultdict(lambda: defaultdict(list))
    for row in facts.rows(Milestone):
        milestones[row.project_id][MilestoneKind(row.kind)].append(row)
    pauses = group_by_project(facts.rows(Pause))
    return [
        Dossier(
            project,
            {kind: tuple(rows) for kind, rows in milestones[project.project_id].items()},
            tuple(pauses[project.project_id]),
            frozenset(red.get(project.project_id, ())),
        )
        for project in sorted(facts.rows(Project), key=lambda project: project.project_id)
    ]


def group_by_project(rows: Iterable[Pause]) -> defaultdict[str, list[Pause]]:
    grouped: defaultdict[str, list[Pause]] = defaultdict(list)
    for row in rows:
        grouped[row.project_id].append(row)
    return grouped

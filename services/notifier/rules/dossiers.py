"""What the letter rules know of a project: its dates as they stood on a day, pauses, red months."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from shared.facts.projects import Milestone, Pause, Project
from shared.facts.tables import Facts
from shared.facts.words import MilestoneKind


@dataclass(frozen=True)
class Dossier:
    """One project. `red_month_ends`: where its progress light is red, as scoring says."""

    project: Project
    milestones: Mapping[MilestoneKind, tuple[Milestone, ...]] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    red_month_ends: frozenset[date] = frozenset()

    def actual_on(self, kind: MilestoneKind, day: date) -> date | None:
        """A[k]: the latest actual date up to the day."""
        dates = (row.actual_on for row in self.milestones.get(kind, ()) if row.actual_on)
        return max((on for on in dates if on <= day), default=None)

    def planned_on(self, kind: MilestoneKind, day: date) -> date | None:
        """P[k]: the planned date in force, of the latest row decided up to the day that has one."""
        decided = (
            (row.decided_on or date.min, row.planned_on)
            for row in self.milestones.get(kind, ())
            if row.planned_on and (row.decided_on is None or row.decided_on <= day)
        )
        return max(decided, default=(None, None))[1]

    def is_paused(self, day: date) -> bool:
        """Inside an approved pause; its last day is inside, and one without is open."""
        return any(
            pause.approved and pause.from_on <= day and (pause.to_on is None or day <= pause.to_on)
            for pause in self.pauses
        )

    def is_red(self, month_end: date) -> bool:
        return month_end in self.red_month_ends and not self.is_paused(month_end)


def build_dossiers(facts: Facts, red: Mapping[str, Collection[date]]) -> list[Dossier]:
    """Every project's dossier, in order of id; `red` is project → month ends with a red light."""
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
    found: defaultdict[str, list[Pause]] = defaultdict(list)
    for row in rows:
        found[row.project_id].append(row)
    return found

"""Dossiers drawn at random, within some months in which their dates meet and collide."""

from datetime import date, timedelta

from hypothesis import strategies as st

from services.notifier.rules.dossiers import Dossier
from shared.calendar import month_ends
from shared.facts.projects import Milestone, Pause, Project
from shared.facts.words import MilestoneKind, Nature

FIRST, LAST = date(2022, 9, 1), date(2023, 3, 15)
NATURES = [Nature.new, Nature.new, Nature.continuing, Nature.preliminary, Nature.reserve]

days = st.dates(FIRST, LAST)
# Reminders of these fall on one day, ahead of a holiday, or before the year of their trigger.
NEIGHBOURS = [date(2022, 11, 3), date(2023, 2, 1), date(2023, 3, 29), date(2023, 3, 31)]
planned_days = st.sampled_from(NEIGHBOURS) | st.dates(date(2022, 7, 1), date(2023, 4, 15))
ends = list(month_ends(FIRST, LAST))


@st.composite
def milestones(draw: st.DrawFn, kind: MilestoneKind) -> tuple[Milestone, ...]:
    """A planned date, its revisions, and rarely the actual date, on any of the rows."""
    decisions = draw(st.lists(days, max_size=3, unique=True))
    reached = draw(st.none() | st.none() | days)
    rows = [
        Milestone(project_id="P001", kind=kind, planned_on=draw(planned_days), decided_on=decided)
        for decided in (None, *decisions)
    ]
    last = rows[-1].model_copy(update={"actual_on": reached})
    return (*rows[:-1], last)


@st.composite
def pauses(draw: st.DrawFn) -> Pause:
    from_on = draw(days)
    length = draw(st.none() | st.integers(0, 90))
    to_on = None if length is None else from_on + timedelta(days=length)
    approved = draw(st.sampled_from([True, True, False, None]))
    return Pause(project_id="P001", from_on=from_on, to_on=to_on, approved=approved)


@st.composite
def random_dossiers(draw: st.DrawFn, project_id: str = "P001") -> Dossier:
    kinds = draw(st.sets(st.sampled_from([MilestoneKind.started, MilestoneKind.in_production])))
    rows = {kind: draw(milestones(kind)) for kind in sorted(kinds)}
    ended = draw(st.none() | st.none() | st.none() | days)
    if ended:
        kind = MilestoneKind.terminated
        rows[kind] = (Milestone(project_id="P001", kind=kind, actual_on=ended),)
    nature = draw(st.sampled_from(NATURES))
    return Dossier(
        Project(project_id=project_id, name="沙棘深加工项目", unit_id="U01", nature=nature),
        rows,
        tuple(draw(st.lists(pauses(), max_size=2))),
        frozenset(draw(st.sets(st.sampled_from(ends)))),
    )

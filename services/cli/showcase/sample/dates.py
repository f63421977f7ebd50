"""The dates of the sample county's projects, and their milestone rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.cli.showcase.sample import courses
from services.cli.showcase.sample.courses import LAST_KNOWN_DAY, YEAR, Course
from services.cli.showcase.sample.roster import RosterEntry
from shared.facts.projects import Milestone
from shared.facts.words import MilestoneKind, Nature

# Days from start to pooling: mostly within a month, now and then too late or not in the year.
POOLING_DAYS = (12, 16, 18, 20, 22, 24, 25, 27, 28, 29, 38, 52, 85, 400)
POOLED_FROM_YUAN = 5_000_000
# Percent of the continuing projects that stood still over the winter; the others have no row.
RESUMED_SHARE = 60
TERMINATED_ON = date(YEAR, 6, 20)


@dataclass(frozen=True)
class ProjectEvent:
    """An event: planned, perhaps moved once, and perhaps done."""

    kind: MilestoneKind
    planned_on: date | None = None
    actual_on: date | None = None
    moved_on: date | None = None
    moved_to: date | None = None
    reason: str | None = None

    @property
    def in_force(self) -> date | None:
        """The planned date after a move."""
        return self.moved_to or self.planned_on


@dataclass(frozen=True)
class ProjectDates:
    """The events of one project."""

    events: tuple[ProjectEvent, ...]

    def planned(self, kind: MilestoneKind) -> date | None:
        return next((event.in_force for event in self.events if event.kind is kind), None)

    def actual(self, kind: MilestoneKind) -> date | None:
        return next((event.actual_on for event in self.events if event.kind is kind), None)


def build_dates(random: Random, entry: RosterEntry) -> ProjectDates:
    """The events of a project with their dates."""
    cohort = entry.cohort
    if cohort.start is None:
        asked_on = date(YEAR, 8, 1) + random_days(random, 0, 60)
        initiated = [ProjectEvent(MilestoneKind.initiated, actual_on=asked_on)]
        return ProjectDates(tuple(initiated if cohort.nature is Nature.new else []))
    start = build_event(random, MilestoneKind.started, cohort.start)
    events = [*events_before_start(random, entry, start), start]
    if start.actual_on:
        pooled_on = start.actual_on + timedelta(days=random.choice(POOLING_DAYS))
        events.append(ProjectEvent(MilestoneKind.pooled, actual_on=pooled_on))
    if cohort.nature is Nature.continuing and (
        cohort.resumes is not courses.AFTER_NEW_YEAR or random.randrange(100) < RESUMED_SHARE
    ):
        events.append(build_event(random, MilestoneKind.resumed, cohort.resumes))
    if cohort.nature in (Nature.new, Nature.continuing):
        events += events_after_works(random, entry)
    if cohort.terminated:
        reason = "投资方退出，经研究终止"
        events.append(
            ProjectEvent(MilestoneKind.terminated, actual_on=TERMINATED_ON, reason=reason)
        )
    return ProjectDates(tuple(events))


def build_event(random: Random, kind: MilestoneKind, course: Course) -> ProjectEvent:
    """One event of a course."""
    planned_on = course.first + random_days(random, 0, (course.last - course.first).days)
    actual_on = None
    if course.delay:
        actual_on = (course.moved_to or planned_on) + random_days(random, *course.delay)
    return ProjectEvent(
        kind, planned_on, actual_on, course.moved_on, course.moved_to, course.reason or None
    )


def events_before_start(
    random: Random, entry: RosterEntry, start: ProjectEvent
) -> Iterator[ProjectEvent]:
    """Signing and landing of attracted projects; initiation of those past the first talks."""
    begins_on = start.actual_on or start.in_force
    assert begins_on is not None
    if entry.cohort.nature is Nature.preliminary:
        begins_on = date(YEAR, 9, 1) + random_days(random, 0, 100)
    if not entry.is_attracted:
        yield ProjectEvent(
            MilestoneKind.initiated, actual_on=begins_on - random_days(random, 120, 300)
        )
        return
    signed_on = begins_on - random_days(random, 30, 130)
    yield ProjectEvent(MilestoneKind.signed, actual_on=signed_on)
    yield ProjectEvent(MilestoneKind.initiated, actual_on=signed_on + random_days(random, 3, 12))
    if start.actual_on or random.randrange(2):
        yield ProjectEvent(MilestoneKind.landed, actual_on=signed_on + random_days(random, 14, 28))


def events_after_works(random: Random, entry: RosterEntry) -> Iterator[ProjectEvent]:
    """Completion, production and full capacity; those not due this year are due in the next two."""
    if entry.cohort.production is None:
        due_on = date(YEAR + 1, 3, 1) + random_days(random, 0, 600)
        yield ProjectEvent(MilestoneKind.completed, due_on)
        if entry.trade.is_industrial:
            yield ProjectEvent(MilestoneKind.in_production, due_on + timedelta(days=60))
        return
    production = build_event(random, MilestoneKind.in_production, entry.cohort.production)
    assert production.planned_on is not None
    completed_on = production.actual_on and production.actual_on - random_days(random, 15, 40)
    yield ProjectEvent(
        MilestoneKind.completed, production.planned_on - timedelta(days=30), completed_on
    )
    yield production
    if entry.cohort.production is courses.SPRING_PRODUCTION and production.actual_on:
        reached_on = production.actual_on + random_days(random, 90, 170)
        yield ProjectEvent(MilestoneKind.at_capacity, date(YEAR, 11, 30), reached_on)


def random_days(random: Random, least: int, most: int) -> timedelta:
    return timedelta(days=random.randint(least, most))


def build_milestones(
    entry: RosterEntry, dates: ProjectDates, total_yuan: int
) -> Iterator[Milestone]:
    """The rows: one an event, and one more where its date was moved; small ones are not pooled."""
    for event in dates.events:
        if event.kind is MilestoneKind.pooled and total_yuan < POOLED_FROM_YUAN:
            continue
        actual_on = event.actual_on
        if actual_on and actual_on > LAST_KNOWN_DAY:
            actual_on = None
        if not (event.planned_on or actual_on):
            continue
        moved = event.moved_on is not None
        yield Milestone(
            project_id=entry.project_id,
            kind=event.kind,
            planned_on=event.planned_on,
            actual_on=actual_on,
            reason=None if moved else event.reason,
        )
        if moved:
            yield Milestone(
                project_id=entry.project_id,
                kind=event.kind,
                planned_on=event.moved_to,
                decided_on=event.moved_on,
                reason=event.reason,
            )

"""The permits of the sample county: eight kinds, one after the other before works begin."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.cli.showcase.sample.courses import YEAR
from services.cli.showcase.sample.dates import ProjectDates
from services.cli.showcase.sample.names import ECOLOGY, HOUSING, LAND, REFORM
from services.cli.showcase.sample.roster import RosterEntry
from shared.facts.projects import Permit
from shared.facts.words import MilestoneKind, Nature, PermitKind, PermitMode

AUTHORITIES = {
    PermitKind.initiation: REFORM,
    PermitKind.site: LAND,
    PermitKind.land_planning: LAND,
    PermitKind.eia: ECOLOGY,
    PermitKind.energy_review: REFORM,
    PermitKind.works_planning: LAND,
    PermitKind.tendering: REFORM,
    PermitKind.construction_permit: HOUSING,
}
SHORT_NAMES = {REFORM: "样发改审", LAND: "样资规审", ECOLOGY: "样环审", HOUSING: "样建审"}
# Only some projects need these.
SOMETIMES_NEEDED = {PermitKind.site: 70, PermitKind.energy_review: 55, PermitKind.eia: 80}
MODES = (
    *(PermitMode.standard,) * 6,
    *(PermitMode.commitment, PermitMode.parallel, PermitMode.parallel, PermitMode.tolerant),
)
LATE_MODES = (PermitMode.build_then_inspect, PermitMode.standard, PermitMode.parallel)
APPLICATION_INTERVAL_DAYS = 22  # from one application to the next
DAYS_TO_DECIDE = 20
DEEMED_SHARE = 4  # percent of applications that nobody answered in time
STAGED_SHARE = 8  # percent of projects whose construction permit is given in two stages
PERMIT_STAGES = ("一期", "二期")


@dataclass(frozen=True)
class Readiness:
    """The day on which all permits are due, and the number of kinds granted."""

    ready_on: date
    granted: int


def draw_readiness(random: Random, entry: RosterEntry, dates: ProjectDates) -> Readiness | None:
    """None for a project in reserve."""
    if entry.cohort.nature is Nature.reserve:
        return None
    if entry.cohort.nature is Nature.preliminary:
        return Readiness(date(YEAR, 12, 20), random.randint(0, 4))
    started_on = dates.actual(MilestoneKind.started)
    planned_on = dates.planned(MilestoneKind.started)
    if started_on:
        return Readiness(started_on - timedelta(days=7), len(PermitKind))
    return Readiness(planned_on or date(YEAR, 12, 1), random.randint(2, 6))


def build_permits(random: Random, entry: RosterEntry, dates: ProjectDates) -> Iterator[Permit]:
    """The eight kinds in order, a staged construction permit as two rows."""
    of_project = draw_readiness(random, entry, dates)
    if of_project is None:
        return
    for n, (kind, authority) in enumerate(AUTHORITIES.items()):
        blank = Permit(project_id=entry.project_id, kind=kind, authority_unit_id=authority)
        needed = random.randrange(100) < SOMETIMES_NEEDED.get(kind, 100)
        if kind is PermitKind.tendering and not entry.trade.is_government_funded:
            needed = False
        if not needed:
            yield blank.model_copy(update={"needed": False})
            continue
        applied_on = of_project.ready_on - timedelta(
            days=APPLICATION_INTERVAL_DAYS * (len(AUTHORITIES) - n)
        )
        asked = build_needed_permit(random, blank, applied_on, n - of_project.granted)
        if kind is PermitKind.construction_permit and random.randrange(100) < STAGED_SHARE:
            yield from split_into_stages(asked)
        else:
            yield asked


def build_needed_permit(random: Random, blank: Permit, applied_on: date, ahead: int) -> Permit:
    """A permit that is granted, pending (the first that is not), or not applied for yet."""
    modes = LATE_MODES if blank.kind == PermitKind.construction_permit else MODES
    mode = random.choice(modes)
    due_on = applied_on + timedelta(days=DAYS_TO_DECIDE)
    granted_on = due_on + timedelta(days=random.randint(-14, 2))
    if random.randrange(100) < DEEMED_SHARE:
        mode, granted_on = PermitMode.deemed_granted, due_on + timedelta(days=1)
    known: dict[str, object] = {"needed": True, "mode": mode}
    if ahead <= 0:
        known |= {"applied_on": applied_on, "due_on": due_on}
    if ahead < 0:
        known |= {"granted_on": granted_on}
    elif mode is PermitMode.deemed_granted:
        known |= {"mode": PermitMode.standard}
    return blank.model_copy(update=known)


def split_into_stages(permit: Permit) -> Iterator[Permit]:
    """The permit in two parts; the second is still to come."""
    first, second = PERMIT_STAGES
    yield permit.model_copy(update={"stage": first, "mode": PermitMode.staged})
    yield Permit(
        project_id=permit.project_id,
        kind=permit.kind,
        stage=second,
        needed=True,
        authority_unit_id=permit.authority_unit_id,
        mode=PermitMode.staged,
    )


def assign_document_numbers(permits: Iterable[Permit]) -> list[Permit]:
    """The permits with document numbers, in each series in order of the day of grant."""
    given = list(permits)
    last: Counter[str] = Counter()
    numbers: dict[Permit, str] = {}
    for permit in sorted(given, key=lambda permit: permit.granted_on or date.max):
        if series := document_series(permit):
            last[series] += 1
            numbers[permit] = f"{series}{last[series]}号"
    return [permit.model_copy(update={"document_no": numbers.get(permit)}) for permit in given]


def document_series(permit: Permit) -> str | None:
    """An authority numbers its documents anew each year; what is not granted has no document."""
    if permit.authority_unit_id is None or permit.granted_on is None:
        return None
    return f"{SHORT_NAMES[permit.authority_unit_id]}〔{permit.granted_on.year}〕"

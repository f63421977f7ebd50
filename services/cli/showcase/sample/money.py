"""The amounts of the sample county: plans, sizes and monthly progress, with the published totals.

The projects on the city's and the province's list share plan and completed investment of their
lists: each list is cut into the projects on both and those on one, and every part is allocated,
so that the sums come out to the yuan.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from random import Random

from services.cli.showcase.sample.courses import YEAR
from services.cli.showcase.sample.dates import ProjectDates
from services.cli.showcase.sample.roster import HUGE, RosterEntry
from shared.facts.words import KeyLevel, MilestoneKind, Nature

# HA-1, 惠安 2022, to the end of September. Completed is as published; the plans are ours: the
# whole millions that give the published shares, 95 % and 95.4 %.
CITY_COMPLETED_YUAN = 15_738_000_000
CITY_PLAN_YUAN = 16_566_000_000
PROVINCE_COMPLETED_YUAN = 8_880_000_000
PROVINCE_PLAN_YUAN = 9_308_000_000
# How much of both lists lies with the projects that are on both: ours.
SHARED_COMPLETED_YUAN = 5_340_000_000
SHARED_PLAN_YUAN = 5_430_000_000

PUBLISHED_MONTH = 9
PLAN_STEP_YUAN = 1_000_000
REPORT_STEP_YUAN = 10_000
FLAGSHIP_YUAN = 11_800_000_000
# Plans of the projects on neither list, in ten thousand yuan.
SMALLER_PLANS = (300, 420, 650, 1200, 2600, 3800, 5500, 8000, 9900, 12_000, 18_000, 26_000)
PREPARED_PLANS = (2600, 5500, 9900, 18_000, 32_000)  # of those not yet new
# Total investment in tenths of the year's plan.
NEW_SIZES = (10, 12, 15, 20, 30)
CONTINUING_SIZES = (18, 20, 25, 30, 40)
FINISHING_SIZES = (15, 18, 20, 25)


@dataclass(frozen=True)
class ProjectAmounts:
    """A project's amounts in yuan; `curve` (or none) and `completed` are cumulative by month."""

    total: int
    planned: int | None
    prior: int | None
    curve: tuple[int, ...]
    completed: tuple[int, ...]


@dataclass(frozen=True)
class ListTotals:
    """The totals of a part of the lists."""

    plan_yuan: int
    completed_yuan: int


# On the province's list? On the city's?
LIST_TOTALS = {
    (True, True): ListTotals(SHARED_PLAN_YUAN, SHARED_COMPLETED_YUAN),
    (True, False): ListTotals(
        PROVINCE_PLAN_YUAN - SHARED_PLAN_YUAN, PROVINCE_COMPLETED_YUAN - SHARED_COMPLETED_YUAN
    ),
    (False, True): ListTotals(
        CITY_PLAN_YUAN - SHARED_PLAN_YUAN, CITY_COMPLETED_YUAN - SHARED_COMPLETED_YUAN
    ),
}


def build_amounts(
    random: Random, entries: Sequence[RosterEntry], dates: Sequence[ProjectDates]
) -> list[ProjectAmounts]:
    """The amounts of every project, those on the lists with the published totals.

    First the plans, then each project's own course, which is stretched so that September's
    amounts add up to what was published; sizes last.
    """
    parts = [list_membership(entry) for entry in entries]
    planned = draw_plans(random, entries, parts)
    curves = [plan_curve(*given) for given in zip(entries, dates, planned, strict=True)]
    completed = [
        completed_by_month(random, *given)
        for given in zip(entries, dates, planned, curves, strict=True)
    ]
    for part, share in LIST_TOTALS.items():
        members = [n for n, of in enumerate(parts) if of == part]
        so_far = [completed[n][PUBLISHED_MONTH - 1] for n in members]
        published = allocate_total(share.completed_yuan, so_far, REPORT_STEP_YUAN)
        for n, amount in zip(members, published, strict=True):
            completed[n] = scale_to_published(completed[n], amount)
    return [
        build_project_amounts(random, *given)
        for given in zip(entries, planned, curves, completed, strict=True)
    ]


def is_in_campaign(entry: RosterEntry) -> bool:
    """New or continuing, so that works are planned this year."""
    return entry.cohort.nature in (Nature.new, Nature.continuing)


def list_membership(entry: RosterEntry) -> tuple[bool, bool]:
    """Membership in the province's list and in the city's: a key of SHARES."""
    levels = entry.cohort.key_levels
    return KeyLevel.province in levels, KeyLevel.city in levels


def draw_plans(
    random: Random, entries: Sequence[RosterEntry], parts: Sequence[tuple[bool, bool]]
) -> list[int]:
    """The plan of the year, for those without one the plan that they would have."""
    planned = [
        random.choice(SMALLER_PLANS if is_in_campaign(entry) else PREPARED_PLANS) * 10_000
        for entry in entries
    ]
    for part, share in LIST_TOTALS.items():
        members = [n for n, of in enumerate(parts) if of == part]
        sizes = [random.choice(entries[n].cohort.size) for n in members]
        amounts = allocate_total(share.plan_yuan, sizes, PLAN_STEP_YUAN)
        for n, amount in zip(members, amounts, strict=True):
            planned[n] = amount
    return planned


def allocate_total(total: int, weights: Sequence[int], step: int) -> list[int]:
    """Whole steps in proportion to the weights that add up to the total, a multiple of `step`."""
    steps, whole = total // step, sum(weights)
    bounds = [steps * weight // whole for weight in accumulate(weights, initial=0)]
    return [(end - begin) * step for begin, end in pairwise(bounds)]


def plan_curve(entry: RosterEntry, dates: ProjectDates, planned: int) -> tuple[int, ...]:
    """The plan month by month, of new projects and of those that finish; empty: evenly."""
    window = months_of_works(entry, dates)
    if window is None:
        return ()
    first, last = window
    length = last - first + 1
    done = [min(max(month - first + 1, 0), length) for month in range(1, 13)]
    return tuple(
        planned if months == length else round_to_step(planned * months // length)
        for months in done
    )


def months_of_works(entry: RosterEntry, dates: ProjectDates) -> tuple[int, int] | None:
    """First and last month in which the plan has works, where it does not have them all year."""
    if not entry.cohort.is_planned:
        return None
    started = dates.planned(MilestoneKind.started)
    first = started.month if started and started.year == YEAR else 1
    if entry.cohort.production:
        completed = dates.planned(MilestoneKind.completed)
        return first, max(first, completed.month if completed else 12)
    if first == 1:
        return None
    return first, 11 if first < 9 else 12


def completed_by_month(
    random: Random, entry: RosterEntry, dates: ProjectDates, planned: int, curve: tuple[int, ...]
) -> tuple[int, ...]:
    """Completed investment by month: the due amount, at the cohort's pace, since works began."""
    if not entry.cohort.is_planned:
        return (0,) * 12
    own_pace = random.randint(97, 103)
    due = curve or [planned * month // 12 for month in range(1, 13)]
    done = [
        amount * pace * own_pace * worked // (100 * 100 * open_months)
        for amount, pace, (worked, open_months) in zip(
            due, entry.cohort.pace, months_worked(dates), strict=True
        )
    ]
    return tuple(round_to_step(amount) for amount in accumulate(done, max))


def months_worked(dates: ProjectDates) -> list[tuple[int, int]]:
    """For each month: the months worked so far, of those in which there should have been works."""
    due_from = max(
        first_month(dates.planned(MilestoneKind.started)),
        first_month(dates.planned(MilestoneKind.resumed), otherwise=1),
    )
    worked_from = max(
        due_from,
        first_month(dates.actual(MilestoneKind.started)),
        first_month(dates.actual(MilestoneKind.resumed), otherwise=1),
    )
    return [
        (max(month - worked_from + 1, 0), max(month - due_from + 1, 1)) for month in range(1, 13)
    ]


def first_month(day: date | None, otherwise: int = 13) -> int:
    """The first month of the year on or after which a day lies; 13: after the year."""
    if day is None:
        return otherwise
    return 1 if day.year < YEAR else day.month if day.year == YEAR else 13


def scale_to_published(completed: tuple[int, ...], published: int) -> tuple[int, ...]:
    """The amounts by month, scaled to this amount in the published month."""
    so_far = completed[PUBLISHED_MONTH - 1]
    if not so_far:
        return completed
    return tuple(
        published if amount == so_far else round_to_step(amount * published // so_far)
        for amount in completed
    )


def round_to_step(amount: int) -> int:
    """Round down to a step that people report."""
    return amount // REPORT_STEP_YUAN * REPORT_STEP_YUAN


def build_project_amounts(
    random: Random,
    entry: RosterEntry,
    planned: int,
    curve: tuple[int, ...],
    completed: tuple[int, ...],
) -> ProjectAmounts:
    """The amounts together, with a size that fits the plan."""
    cohort = entry.cohort
    continuing = cohort.nature is Nature.continuing
    if cohort.production:
        tenths = random.choice(FINISHING_SIZES if continuing else NEW_SIZES[:1])
    else:
        tenths = random.choice(CONTINUING_SIZES if continuing else NEW_SIZES)
    total = FLAGSHIP_YUAN if cohort.size == HUGE else planned * tenths // 10
    prior = 0
    if continuing:
        built = 100 if cohort.production else random.randint(20, 60)
        prior = round_to_step((total - planned) * built // 100)
    return ProjectAmounts(
        total,
        planned if cohort.is_planned else None,
        prior if cohort.is_planned else None,
        curve,
        completed,
    )

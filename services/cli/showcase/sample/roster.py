"""The roster of the sample county: projects by list, their courses, their units.

The counts of the listed projects are those that 惠安 published for the third quarter of 2022
(HA-1); every other project is ours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

from services.cli.showcase.sample import courses
from services.cli.showcase.sample.courses import Course, Pace, WorkPause
from services.cli.showcase.sample.names import (
    BUSY_UNITS,
    DEVELOPMENT_ZONE,
    LOGISTICS,
    Trade,
    build_units,
    unit_trades,
)
from shared.facts.words import KeyLevel, Nature

CITY_PROJECTS, CITY_WORKING = 53, 48  # HA-1: the city's list, start rate 90.6 %
PROVINCE_PROJECTS, PROVINCE_WORKING = 21, 21  # HA-1: the province's list

NEW, CONTINUING = Nature.new, Nature.continuing
BOTH = (KeyLevel.province, KeyLevel.city)
PROVINCE = (KeyLevel.province,)
CITY = (KeyLevel.city,)
CITY_AND_COUNTY = (KeyLevel.city, KeyLevel.county)
COUNTY_LIST = (KeyLevel.county,)
UNLISTED = ()

# Sizes are shares of a list's plan, drawn evenly; what goes wrong is small on the big lists.
HUGE, LARGE, MIDDLE, SMALL = (44,), (7, 9, 12, 15), (3, 4, 5, 6), (1, 1, 2)


@dataclass(frozen=True)
class Cohort:
    """Projects that fare alike. `start` is blank where no start is planned."""

    count: int
    key_levels: tuple[KeyLevel, ...]
    nature: Nature
    start: Course | None
    pace: Pace = courses.STEADY
    production: Course | None = None
    size: tuple[int, ...] = MIDDLE
    resumes: Course = courses.AFTER_NEW_YEAR
    stop: WorkPause | None = None
    unit_id: str | None = None
    terminated: bool = False

    @property
    def is_planned(self) -> bool:
        """True where a plan for the year exists: new and continuing projects that shall start."""
        return self.nature in (NEW, CONTINUING) and self.start is not None

    @property
    def scale(self) -> int:
        """The size of its projects, to put a unit's largest first."""
        listed = KeyLevel.province in self.key_levels or KeyLevel.city in self.key_levels
        return max(self.size) if listed else 0


EARLY, SUMMER, AUTUMN, AGO = courses.EARLY, courses.SUMMER, courses.AUTUMN, courses.YEARS_AGO
STEADY, BRISK, SLOW = courses.STEADY, courses.BRISK, courses.SLOW
LAGGING, SLIPPING, RECOVERING = courses.LAGGING, courses.SLIPPING, courses.RECOVERING
SPRING_DONE, SUMMER_DONE = courses.SPRING_PRODUCTION, courses.SUMMER_PRODUCTION
AUTUMN_DONE = courses.AUTUMN_PRODUCTION

COHORTS = (
    # On the province's list and the city's: 12, all working.
    Cohort(1, BOTH, CONTINUING, AGO, STEADY, size=HUGE, unit_id=DEVELOPMENT_ZONE),
    Cohort(2, BOTH, CONTINUING, AGO, BRISK, SUMMER_DONE, LARGE),
    Cohort(4, BOTH, CONTINUING, AGO, STEADY, size=LARGE),
    Cohort(4, BOTH, NEW, EARLY, STEADY, size=LARGE),
    Cohort(1, BOTH, NEW, EARLY, BRISK, AUTUMN_DONE),
    # On the province's list alone: 9, all working.
    Cohort(2, PROVINCE, CONTINUING, AGO, BRISK, AUTUMN_DONE),
    Cohort(2, PROVINCE, CONTINUING, AGO, STEADY, size=LARGE),
    Cohort(1, PROVINCE, CONTINUING, AGO, SLOW, size=SMALL),
    Cohort(3, PROVINCE, NEW, EARLY, STEADY, size=LARGE),
    Cohort(1, PROVINCE, NEW, SUMMER, STEADY),
    # On the city's list: 36 working at the end of September …
    Cohort(3, CITY, CONTINUING, AGO, BRISK, SPRING_DONE),
    Cohort(3, CITY_AND_COUNTY, CONTINUING, AGO, BRISK, SUMMER_DONE),
    Cohort(6, CITY, CONTINUING, AGO, STEADY, size=LARGE),
    Cohort(1, CITY, CONTINUING, AGO, SLOW, courses.LATE_PRODUCTION, SMALL),
    Cohort(1, CITY, CONTINUING, AGO, SLOW, courses.NO_PRODUCTION, SMALL),
    Cohort(1, CITY, CONTINUING, AGO, LAGGING, size=SMALL),
    Cohort(1, CITY_AND_COUNTY, CONTINUING, AGO, SLIPPING, size=SMALL),
    Cohort(1, CITY, CONTINUING, AGO, RECOVERING, size=SMALL),
    Cohort(1, CITY, CONTINUING, AGO, courses.PAUSED, size=SMALL, stop=courses.SUMMER_STOP),
    Cohort(7, CITY, NEW, EARLY, STEADY, size=LARGE),
    Cohort(3, CITY_AND_COUNTY, NEW, EARLY, BRISK, AUTUMN_DONE),
    Cohort(5, CITY, NEW, SUMMER, STEADY),
    Cohort(1, CITY, NEW, EARLY, SLOW, size=SMALL),
    Cohort(1, CITY, NEW, EARLY, LAGGING, size=SMALL),
    Cohort(1, CITY, NEW, courses.LATE_IN_SUMMER, STEADY, size=SMALL),
    # … and 5 not.
    Cohort(2, CITY, NEW, AUTUMN, STEADY),
    Cohort(1, CITY, NEW, courses.LATE_IN_AUTUMN, STEADY, size=SMALL),
    Cohort(1, CITY_AND_COUNTY, NEW, courses.POSTPONED, STEADY),
    Cohort(1, CITY, CONTINUING, AGO, SLOW, size=SMALL, resumes=courses.NOT_BEFORE_NOVEMBER),
    # On the county's list alone: 20.
    Cohort(2, COUNTY_LIST, CONTINUING, AGO, BRISK, SPRING_DONE),
    Cohort(2, COUNTY_LIST, CONTINUING, AGO, BRISK, AUTUMN_DONE),
    Cohort(1, COUNTY_LIST, CONTINUING, AGO, SLOW, courses.LATE_PRODUCTION),
    Cohort(1, COUNTY_LIST, CONTINUING, AGO, LAGGING),
    Cohort(1, COUNTY_LIST, CONTINUING, AGO, SLIPPING, stop=courses.WINTER_STOP),
    Cohort(1, COUNTY_LIST, CONTINUING, AGO, RECOVERING),
    Cohort(2, COUNTY_LIST, NEW, EARLY, STEADY),
    Cohort(1, COUNTY_LIST, NEW, EARLY, SLIPPING),
    Cohort(3, COUNTY_LIST, NEW, SUMMER, STEADY),
    Cohort(2, COUNTY_LIST, NEW, AUTUMN, STEADY),
    Cohort(2, COUNTY_LIST, NEW, courses.OVER_THE_HOLIDAY, STEADY),
    Cohort(1, COUNTY_LIST, NEW, courses.STALLED, STEADY),
    Cohort(1, COUNTY_LIST, NEW, courses.WINTER, STEADY),
    # On no list: 23 new and continuing ones.
    Cohort(2, UNLISTED, CONTINUING, AGO, BRISK, SPRING_DONE),
    Cohort(2, UNLISTED, CONTINUING, AGO, BRISK, SUMMER_DONE),
    Cohort(1, UNLISTED, CONTINUING, AGO, SLOW, courses.NO_PRODUCTION),
    Cohort(1, UNLISTED, CONTINUING, AGO, LAGGING, stop=courses.UNAPPROVED_STOP),
    Cohort(1, UNLISTED, CONTINUING, AGO, LAGGING),
    Cohort(2, UNLISTED, NEW, EARLY, STEADY),
    Cohort(1, UNLISTED, NEW, EARLY, RECOVERING),
    Cohort(2, UNLISTED, NEW, SUMMER, STEADY),
    Cohort(1, UNLISTED, NEW, SUMMER, LAGGING),
    Cohort(2, UNLISTED, NEW, AUTUMN, STEADY),
    Cohort(2, UNLISTED, NEW, courses.OVER_THE_HOLIDAY, SLOW),
    Cohort(2, UNLISTED, NEW, courses.LATE_IN_AUTUMN, STEADY),
    Cohort(2, UNLISTED, NEW, courses.STALLED, STEADY),
    Cohort(1, UNLISTED, NEW, courses.WINTER, STEADY),
    Cohort(1, UNLISTED, NEW, None),
    # Given up: the only project of one unit, and one beside others.
    Cohort(1, UNLISTED, NEW, courses.ABANDONED, SLOW, unit_id=LOGISTICS, terminated=True),
    Cohort(1, UNLISTED, NEW, courses.ABANDONED, SLOW, terminated=True),
    # Not yet in the campaign: 13 in preparation and 7 in reserve.
    Cohort(3, UNLISTED, Nature.preliminary, courses.NEXT_JANUARY),
    Cohort(10, UNLISTED, Nature.preliminary, courses.NEXT_YEAR),
    Cohort(7, UNLISTED, Nature.reserve, None),
)


@dataclass(frozen=True)
class RosterEntry:
    """One project of the roster: its number in the county, its unit, its sort, its cohort."""

    number: int
    unit_id: str
    trade: Trade
    cohort: Cohort

    @property
    def project_id(self) -> str:
        return f"P{self.number:03}"

    @property
    def is_attracted(self) -> bool:
        """Private projects of this sort of county are all brought in from outside."""
        return not self.trade.is_government_funded


def build_roster(random: Random) -> list[RosterEntry]:
    """The projects in order of unit, its largest first; one unit alone has no live project."""
    placed = [
        (cohort.unit_id or unit_id, cohort)
        for natures in ((CONTINUING,), (NEW,), (Nature.preliminary, Nature.reserve))
        for unit_id, cohort in deal_cohorts(random, natures)
    ]
    placed.sort(key=lambda pair: (pair[0], -pair[1].scale))
    entries: list[RosterEntry] = []
    for unit_id, of_unit in groupby(placed, key=lambda pair: pair[0]):
        trades = unit_trades(unit_id)
        for n, (_, cohort) in enumerate(of_unit):
            entries.append(RosterEntry(len(entries) + 1, unit_id, trades[n % len(trades)], cohort))
    return entries


def deal_cohorts(random: Random, natures: Sequence[Nature]) -> Iterator[tuple[str, Cohort]]:
    """The projects of these natures with a unit each: once round all units, then the busy ones.

    Those that produce come first, so that each goes to another unit.
    """
    cards = [cohort for cohort in COHORTS if cohort.nature in natures for _ in range(cohort.count)]
    cards.sort(key=lambda cohort: cohort.production is None)
    ids = [unit.unit_id for unit in build_units() if unit.unit_id != LOGISTICS]
    hands = random.sample(ids, len(ids))
    hands += random.choices(BUSY_UNITS, k=max(0, len(cards) - len(ids)))
    return zip(hands, cards, strict=False)

"""Courses of the sample county's projects: start, pace of works, production.

A course is the planned dates and the days of delay; a pace is the share of the amount due by each
month's end that is done, in per cent.
"""

from dataclasses import dataclass
from datetime import date

YEAR = 2022
LAST_KNOWN_DAY = date(YEAR, 12, 31)  # nothing is known of later days

DayRange = tuple[int, int]
Pace = tuple[int, ...]


@dataclass(frozen=True)
class Course:
    """Planned between two days; done within `delay` days of the plan, or never.

    A plan may be moved to another day: `moved_on` is the day of that decision.
    """

    first: date
    last: date
    delay: DayRange | None
    moved_on: date | None = None
    moved_to: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class WorkPause:
    """A pause of works; without a last day it lasts."""

    from_on: date
    to_on: date | None
    reason: str
    approved: bool


def build_course(first: tuple[int, int], last: tuple[int, int], delay: DayRange | None) -> Course:
    """A course planned between two days (month, day) of the year."""
    return Course(date(YEAR, *first), date(YEAR, *last), delay)


# Starts of new projects.
EARLY = build_course((2, 15), (4, 28), (-6, 12))
SUMMER = build_course((5, 5), (8, 25), (-3, 10))
AUTUMN = build_course((10, 10), (12, 5), (-5, 9))
LATE_IN_SUMMER = build_course((7, 1), (7, 15), (50, 68))
LATE_IN_AUTUMN = build_course((7, 10), (7, 25), (82, 95))
# Fifteen days after these planned starts is a day of the October holiday.
OVER_THE_HOLIDAY = build_course((9, 17), (9, 21), (24, 40))
STALLED = build_course((8, 1), (9, 20), None)
WINTER = build_course((12, 12), (12, 24), None)
POSTPONED = Course(
    date(2022, 9, 10),
    date(2022, 9, 16),
    (-4, 3),
    moved_on=date(2022, 9, 2),
    moved_to=date(2022, 11, 10),
    reason="用地报批未完成，经县政府同意延期开工",
)
ABANDONED = build_course((3, 1), (4, 30), (0, 5))
NEXT_JANUARY = Course(date(2023, 1, 4), date(2023, 1, 19), None)
NEXT_YEAR = Course(date(2023, 2, 15), date(2023, 10, 31), None)
# Starts of continuing projects, and when they resumed after the winter.
YEARS_AGO = Course(date(2019, 6, 1), date(2021, 10, 31), (0, 20))
AFTER_NEW_YEAR = build_course((2, 8), (2, 20), (-2, 10))
NOT_BEFORE_NOVEMBER = build_course((3, 1), (3, 10), (245, 255))

# Production.
SPRING_PRODUCTION = build_course((3, 15), (6, 30), (-10, 12))
SUMMER_PRODUCTION = build_course((7, 1), (9, 20), (-12, 10))
AUTUMN_PRODUCTION = build_course((10, 10), (12, 8), (-10, 10))
LATE_PRODUCTION = build_course((8, 20), (9, 25), (35, 50))
NO_PRODUCTION = build_course((6, 20), (9, 30), None)

# Paces: percent of what is due by the end of January, February, … December.
STEADY = (104, 108, 112, 115, 118, 121, 124, 127, 130, 119, 111, 104)
BRISK = (100, 100, 101, 101, 102, 102, 103, 103, 103, 103, 103, 103)
SLOW = (92, 90, 88, 86, 84, 83, 82, 82, 81, 82, 84, 87)
LAGGING = (90, 85, 80, 75, 70, 62, 56, 52, 49, 47, 49, 53)
SLIPPING = (100, 100, 98, 96, 92, 87, 82, 76, 69, 59, 58, 61)
RECOVERING = (95, 88, 80, 70, 60, 50, 44, 43, 52, 74, 92, 99)
PAUSED = (100, 104, 108, 110, 112, 112, 108, 96, 85, 77, 80, 84)

SUMMER_STOP = WorkPause(
    date(2022, 8, 22), date(2022, 10, 31), "汛期影响，经批准停工", approved=True
)
WINTER_STOP = WorkPause(date(2022, 11, 16), None, "冬季施工条件不足，经批准停工", approved=True)
UNAPPROVED_STOP = WorkPause(
    date(2022, 7, 5), date(2022, 9, 18), "资金未到位，自行停工", approved=False
)

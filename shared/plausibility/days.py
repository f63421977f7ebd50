"""Doubts about days: nothing has happened after today, but a report may name its period's end."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from shared.facts.kind import FactKind
from shared.facts.projects import PROGRESS
from shared.plausibility.findings import Implausibility
from shared.plausibility.thresholds import PlausibilityThresholds

ENDS_OF_TEN_DAYS = (10, 20)  # and the last of the month


def judge_days(
    kind: FactKind, record: Mapping[str, Any], thresholds: PlausibilityThresholds, today: date
) -> Iterator[Implausibility]:
    """Doubts about the days on which something is said to have happened."""
    for column in kind.past_days:
        day = record[column]
        if day is None or day <= today:
            continue
        if kind.name == PROGRESS.name and day == reportable_end(today, thresholds):
            continue
        yield Implausibility("date_in_future", kind.name, column, day, today)


def reportable_end(today: date, thresholds: PlausibilityThresholds) -> date | None:
    """The end of the month or of the ten days to come, where a report may be dated it already."""
    end = coming_end(today)
    return end if (end - today).days <= thresholds.days_before_period_end else None


def coming_end(today: date) -> date:
    """The next end of ten days or of a month after a day."""
    day = today + timedelta(days=1)
    while day.day not in ENDS_OF_TEN_DAYS and (day + timedelta(days=1)).day != 1:
        day += timedelta(days=1)
    return day

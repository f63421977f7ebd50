"""Rules of reporting periods. Pure: told the day.

A period ends on the last day of its month, or of half a month on the 15th, too; days after that are
calendar days of Asia/Shanghai. Whatever a setting leaves out never comes: nothing is late, nothing
closes.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.registry.periods.schemas import PeriodKind, PeriodState, ReportingState
from shared.facts.words import MilestoneKind, Nature
from shared.problems import Conflict

HALF = 15  # the last day of the first half of a month
ENDS = (MilestoneKind.completed, MilestoneKind.terminated)  # after which nothing is reported


class PeriodClosed(Conflict):
    """报告期已关闭

    The reporting period is closed.
    """


@dataclass(frozen=True)
class PeriodLimits:
    """Days after a period's last day until which it may be reported, and until it closes."""

    due_days: int | None = None
    closes_days: int | None = None


@dataclass(frozen=True)
class ReportingProject:
    """A project as far as it matters for whether it owes a report.

    `ended_on` is the first day on which it was completed or terminated; `pauses` are the approved
    ones, from and to inclusive, to None while they last.
    """

    project_id: str
    unit_id: str
    nature: str
    ended_on: date | None = None
    pauses: Sequence[tuple[date, date | None]] = ()


# --- days ----------------------------------------------------------------------------------------


def last_day_of_period(kind: PeriodKind, day: date) -> date:
    """The last day of the period that a day is in."""
    if kind is PeriodKind.half_month and day.day <= HALF:
        return day.replace(day=HALF)
    return day.replace(day=monthrange(day.year, day.month)[1])


def list_last_days(kind: PeriodKind, first: date, last: date) -> Iterator[date]:
    """Yield the last days of the periods in which the days from `first` to `last` are."""
    end = last_day_of_period(kind, first)
    while end <= last_day_of_period(kind, last):
        yield end
        end = last_day_of_period(kind, end + timedelta(days=1))


def add_days(last_day: date, days: int | None) -> date | None:
    return None if days is None else last_day + timedelta(days=days)


def decide_state(last_day: date, limits: PeriodLimits, today: date) -> PeriodState:
    """State of a period on a day; its last open day and its closing day are still within."""
    open_until = add_days(last_day, limits.due_days)
    closes_on = add_days(last_day, limits.closes_days)
    if closes_on is not None and today > closes_on:
        return PeriodState.closed
    if open_until is not None and today > open_until:
        return PeriodState.late
    return PeriodState.open


# --- projects ------------------------------------------------------------------------------------


def owes_report(project: ReportingProject, last_day: date) -> bool:
    """Whether a project owes a report for a period: it is live on the period's last day.

    As letters and duties have it: no reserve, neither completed nor terminated, and in no approved
    pause.
    """
    if project.nature == Nature.reserve:
        return False
    if project.ended_on is not None and project.ended_on <= last_day:
        return False
    return not any(
        start <= last_day and (end is None or last_day <= end) for start, end in project.pauses
    )


def decide_reporting(
    last_day: date, limits: PeriodLimits, reported_on: date | None, *, is_waiting: bool
) -> ReportingState:
    """Decide whether a project has reported for a period, by when it did so first."""
    if reported_on is None:
        return ReportingState.waiting if is_waiting else ReportingState.unreported
    return (
        ReportingState.late if is_late(last_day, limits, reported_on) else ReportingState.reported
    )


def is_late(last_day: date, limits: PeriodLimits, reported_on: date) -> bool:
    """Whether a figure was reported after its period was open."""
    open_until = add_days(last_day, limits.due_days)
    return open_until is not None and reported_on > open_until


# --- closing -------------------------------------------------------------------------------------


def closing_limits(
    as_of: date, month: PeriodLimits | None, half_month: PeriodLimits | None
) -> tuple[date, PeriodLimits] | None:
    """The last day and the limits of the period that decides about a report of a day.

    Where both kinds are set, the end of a month is of the month, any other day of half a month.
    """
    month_end = last_day_of_period(PeriodKind.month, as_of)
    half_end = last_day_of_period(PeriodKind.half_month, as_of)
    if month is not None and (half_month is None or as_of == month_end):
        return month_end, month
    return None if half_month is None else (half_end, half_month)


def find_closing(
    as_of: date, month: PeriodLimits | None, half_month: PeriodLimits | None, today: date
) -> date | None:
    """The day on which the period of a report closed; None where it is not closed."""
    decides = closing_limits(as_of, month, half_month)
    if decides is None or decide_state(*decides, today) is not PeriodState.closed:
        return None
    return add_days(decides[0], decides[1].closes_days)


def refuse_closed(closed_on: date | None) -> None:
    """Raise PeriodClosed for a report after its period closed, which gives no reason."""
    if closed_on is not None:
        raise PeriodClosed(
            f"这一期已于 {closed_on} 关闭，补报请在 why 中写明原因",
            f"The period closed on {closed_on}; give the reason in `why` to report all the same.",
        )

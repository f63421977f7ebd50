"""The rungs of a project's ladders: which letters its dates and its red months call for on a day.

One ladder per (project, about): reminder, assignment and supervision of a milestone; supervision
and yellow card of `progress`. Rungs are told from the lowest to the highest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.notifier.rules.dossiers import Dossier
from shared.calendar import Calendar, last_month_end, month_end, subtract_month
from shared.facts.words import MilestoneKind, Word

PROGRESS = "progress"


class LetterKind(Word):
    reminder = "reminder", "提醒函"
    assignment = "assignment", "交办函"
    supervision = "supervision", "督办函"
    yellow_card = "yellow_card", "黄牌"


@dataclass(frozen=True)
class LetterRules:
    """The numbers of an office. Sources: HD-6 for the dates; 60 days and the yellow card are ours.

    `answer_within` counts working days; what is not in it asks for no answer.
    """

    remind_of: tuple[MilestoneKind, ...] = (MilestoneKind.started,)
    press_for: tuple[MilestoneKind, ...] = (MilestoneKind.started, MilestoneKind.in_production)
    assign_after: timedelta = timedelta(days=15)
    supervise_after: timedelta = timedelta(days=60)
    answer_within: tuple[tuple[LetterKind, int], ...] = (
        (LetterKind.assignment, 5),
        (LetterKind.supervision, 3),
        (LetterKind.yellow_card, 3),
    )
    escalate_unanswered: bool = False


@dataclass(frozen=True)
class Rung:
    """A letter that a ladder calls for: due from one day, and up to another where that is set."""

    kind: LetterKind
    about: str
    trigger_on: date
    from_on: date
    to_on: date = date.max

    def is_due(self, day: date) -> bool:
        return self.from_on <= day <= self.to_on


def build_ladders(
    dossier: Dossier, rules: LetterRules, calendar: Calendar, day: date
) -> Iterator[list[Rung]]:
    """The project's ladders as they stand on a day, each from its lowest rung up."""
    for kind in MilestoneKind:
        if kind in rules.remind_of or kind in rules.press_for:
            yield milestone_rungs(kind, dossier, rules, calendar, day)
    yield progress_rungs(dossier, day)


def milestone_rungs(
    kind: MilestoneKind, dossier: Dossier, rules: LetterRules, calendar: Calendar, day: date
) -> list[Rung]:
    """The rungs of the planned date in force; none once it is reached, or was never planned."""
    planned = dossier.planned_on(kind, day)
    if planned is None or dossier.actual_on(kind, day) is not None:
        return []
    rungs = []
    if kind in rules.remind_of:
        trigger = subtract_month(planned)
        early = calendar.working_day_until(trigger)
        rungs.append(Rung(LetterKind.reminder, kind, trigger, early, to_on=planned))
    if kind in rules.press_for:
        for letter, wait in (
            (LetterKind.assignment, rules.assign_after),
            (LetterKind.supervision, rules.supervise_after),
        ):
            rungs.append(Rung(letter, kind, planned + wait, planned + wait))
    return rungs


def progress_rungs(dossier: Dossier, day: date) -> list[Rung]:
    """The rungs of the red episode that lasts on a day: its first month end, and its second."""
    ends = red_episode(dossier, day)
    kinds = (LetterKind.supervision, LetterKind.yellow_card)
    return [Rung(kind, PROGRESS, end, end) for kind, end in zip(kinds, ends, strict=False)]


def red_episode(dossier: Dossier, day: date) -> list[date]:
    """The red month ends in a row, of one year, up to the latest one; none when that is not red."""
    end = last_month_end(day)
    ends: list[date] = []
    while dossier.is_red(end) and (not ends or end.year == ends[0].year):
        ends.insert(0, end)
        end = month_end(subtract_month(end))
    return ends

"""Ladders of a project: the letters that its dates and its red months call for as of a day.

One ladder per (project, about): reminder, assignment and supervision of a milestone; supervision
and yellow card of `progress`. Rungs are in order from the lowest to the highest.
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
    """Rules of an office. Sources: HD-6 for the dates; 60 days and the yellow card are ours.

    `press_after` is a milestone's ladder after its planned date, lowest rung first. `answer_within`
    is in working days; a kind that is not in it asks for no answer.
    """

    remind_of: tuple[MilestoneKind, ...] = (MilestoneKind.started,)
    press_for: tuple[MilestoneKind, ...] = (MilestoneKind.started, MilestoneKind.in_production)
    press_after: tuple[tuple[LetterKind, timedelta], ...] = (
        (LetterKind.assignment, timedelta(days=15)),
        (LetterKind.supervision, timedelta(days=60)),
    )
    answer_within: tuple[tuple[LetterKind, int], ...] = (
        (LetterKind.assignment, 5),
        (LetterKind.supervision, 3),
        (LetterKind.yellow_card, 3),
    )
    escalate_unanswered: bool = False


@dataclass(frozen=True)
class Rung:
    """A letter that a ladder calls for: due from `from_on` up to `to_on`, both included."""

    kind: LetterKind
    about: str
    trigger_on: date
    from_on: date
    to_on: date = date.max

    def is_due(self, as_of: date) -> bool:
        return self.from_on <= as_of <= self.to_on


def build_ladders(
    dossier: Dossier, rules: LetterRules, calendar: Calendar, as_of: date
) -> Iterator[list[Rung]]:
    """Yield the project's ladders as of a day, each from its lowest rung up."""
    for kind in MilestoneKind:
        if kind in rules.remind_of or kind in rules.press_for:
            yield milestone_rungs(kind, dossier, rules, calendar, as_of)
    yield progress_rungs(dossier, as_of)


def milestone_rungs(
    kind: MilestoneKind, dossier: Dossier, rules: LetterRules, calendar: Calendar, as_of: date
) -> list[Rung]:
    """Rungs of the planned date in force; none where it is reached, or was never planned."""
    planned = dossier.planned_on(kind, as_of)
    if planned is None or dossier.actual_on(kind, as_of) is not None:
        return []
    rungs = []
    if kind in rules.remind_of:
        trigger = subtract_month(planned)
        early = calendar.working_day_until(trigger)
        rungs.append(Rung(LetterKind.reminder, kind, trigger, early, to_on=planned))
    if kind in rules.press_for:
        for letter, wait in rules.press_after:
            rungs.append(Rung(letter, kind, planned + wait, planned + wait))
    return rungs


def progress_rungs(dossier: Dossier, as_of: date) -> list[Rung]:
    """Rungs of the red episode that lasts on the as-of day: its first and second month ends."""
    ends = red_episode(dossier, as_of)
    kinds = (LetterKind.supervision, LetterKind.yellow_card)
    return [Rung(kind, PROGRESS, end, end) for kind, end in zip(kinds, ends, strict=False)]


def red_episode(dossier: Dossier, as_of: date) -> list[date]:
    """Red month ends in a row, of one year, up to the latest one; none when that is not red."""
    end = last_month_end(as_of)
    ends: list[date] = []
    while dossier.is_red(end) and (not ends or end.year == ends[0].year):
        ends.insert(0, end)
        end = month_end(subtract_month(end))
    return ends

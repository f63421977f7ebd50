"""Ladders of a project: the letters that its dates and its red months call for as of a day.

One ladder per (project, about): reminder, assignment and supervision of a milestone; supervision
and yellow card of `progress`. Rungs are in order from the lowest to the highest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.notifier.rules.dossiers import Dossier
from shared.calendar import Calendar, last_month_end, month_end, subtract_month
from shared.facts.words import MilestoneKind, OpenWord

PROGRESS = "progress"


class LetterKind(OpenWord):
    reminder = "reminder", "提醒函"
    assignment = "assignment", "交办函"
    supervision = "supervision", "督办函"
    yellow_card = "yellow_card", "黄牌"


# What a letter is about: a milestone's word, or progress.
LetterMatter = OpenWord(
    "LetterMatter",
    {k.value: (k.value, k.label) for k in MilestoneKind} | {PROGRESS: (PROGRESS, "投资进度")},  # type: ignore[arg-type]
)
PROGRESS_KINDS = (LetterKind.supervision, LetterKind.yellow_card)  # by red month ends in a row
LADDER_ORDER = list(LetterKind)  # a kind's place is its height on the ladder


@dataclass(frozen=True)
class LetterRules:
    """Rules of an office. Sources: HD-6 for the dates; 60 days and the yellow card are ours.

    `press_after` is a milestone's ladder after its planned date, lowest rung first. `answer_within`
    is in working days; a kind that is not in it asks for no answer. `replaced` are the rules that
    held before these, which are in force from `effective_from` on.
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
    effective_from: date = date.min
    replaced: "LetterRules | None" = None

    def in_force(self, as_of: date) -> "LetterRules":
        """The rules of a day: these, or before their day of effect those that they replaced."""
        if self.replaced is None or self.effective_from <= as_of:
            return self
        return self.replaced.in_force(as_of)


LETTER_RULES = LetterRules()  # of every office


@dataclass(frozen=True)
class Rung:
    """A letter that a ladder calls for: due from `from_on` up to `to_on`, both included.

    `counted_from` is the day that its trigger counts from, and stays what it is when numbers of
    the rules change: a planned date, or the first month end of a red episode.
    """

    kind: LetterKind
    about: str
    counted_from: date
    trigger_on: date
    from_on: date
    to_on: date = date.max

    def is_due(self, as_of: date) -> bool:
        return self.from_on <= as_of <= self.to_on


def build_ladders(
    dossier: Dossier, rules: LetterRules, calendar: Calendar, as_of: date
) -> Iterator[list[Rung]]:
    """Yield the project's ladders as of a day, each from its lowest rung up.

    That of `progress` counts from the first month end of the red episode as it is known now.
    """
    for kind in MilestoneKind:
        planned = dossier.planned_on(kind, as_of)
        if planned is not None and dossier.actual_on(kind, as_of) is None:
            yield milestone_rungs(kind, planned, rules.in_force(as_of), calendar)
    yield progress_rungs(dossier, as_of)


def milestone_rungs(
    about: MilestoneKind, planned: date, rules: LetterRules, calendar: Calendar
) -> list[Rung]:
    """Rungs of a planned date that is not reached, by rules and by those that they replaced.

    New numbers hold for a rung whose trigger, by them, is on or after their day of effect, the
    numbers of before for all others; a rung that the new rules do not have ends on that day.
    """
    own = rungs_by_own_numbers(about, planned, rules, calendar)
    if rules.replaced is None:
        return own
    replaced = milestone_rungs(about, planned, rules.replaced, calendar)
    named = {rung.kind for rung in own}
    new = [rung for rung in own if rung.trigger_on >= rules.effective_from]
    renewed = {rung.kind for rung in new}
    kept = [
        rung
        for rung in replaced
        if rung.kind not in renewed
        and (rung.kind in named or rung.trigger_on < rules.effective_from)
    ]
    return sorted(kept + new, key=lambda rung: LADDER_ORDER.index(rung.kind))


def rungs_by_own_numbers(
    about: MilestoneKind, planned: date, rules: LetterRules, calendar: Calendar
) -> list[Rung]:
    rungs = []
    if about in rules.remind_of:
        trigger = subtract_month(planned)
        early = calendar.working_day_until(trigger)
        rungs.append(Rung(LetterKind.reminder, about, planned, trigger, early, to_on=planned))
    if about in rules.press_for:
        for letter, wait in rules.press_after:
            rungs.append(Rung(letter, about, planned, planned + wait, planned + wait))
    return rungs


def progress_rungs(dossier: Dossier, as_of: date) -> list[Rung]:
    """Rungs of the red episode that lasts on the as-of day: its first and second month ends."""
    ends = red_episode(dossier, as_of)
    return [
        Rung(kind, PROGRESS, ends[0], end, end)
        for kind, end in zip(PROGRESS_KINDS, ends, strict=False)
    ]


def red_episode(dossier: Dossier, as_of: date) -> list[date]:
    """Red month ends in a row, of one year, up to the latest one; none when that is not red."""
    end = last_month_end(as_of)
    ends: list[date] = []
    while dossier.is_red(end) and (not ends or end.year == ends[0].year):
        ends.insert(0, end)
        end = month_end(subtract_month(end))
    return ends

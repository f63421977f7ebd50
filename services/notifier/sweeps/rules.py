"""What a sweep decides: letters to issue and letters settled, day by day; and what they quote."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from services.notifier.documents.texts import QuotedFacts
from services.notifier.rules.dossiers import Dossier
from services.notifier.rules.ladder import PROGRESS, LetterRules, red_episode
from services.notifier.rules.letters import (
    Letter,
    LetterIdentity,
    SentLetter,
    is_settled,
    letters_due,
)
from shared.calendar import Calendar
from shared.facts.words import MilestoneKind


class LightFigures(Protocol):
    """A light's figures."""

    @property
    def completion(self) -> Decimal | None: ...
    @property
    def time_progress(self) -> Decimal | None: ...
    @property
    def lead(self) -> Decimal | None: ...


@dataclass(frozen=True)
class EarlierLetter:
    """A letter that went out before."""

    letter: Letter
    settled: bool


@dataclass
class SweepDecision:
    """`settled` says on which day of the sweep later facts settled a letter."""

    letters: list[Letter] = field(default_factory=list)
    settled: dict[LetterIdentity, date] = field(default_factory=dict)


def decide_sweep(
    dossiers: Iterable[Dossier],
    standing: Mapping[str, Sequence[EarlierLetter]],
    rules: LetterRules,
    calendar: Calendar,
    days: Sequence[date],
) -> SweepDecision:
    """Letters in order of issue day, kind, project and about: the order of their numbers."""
    decided = SweepDecision()
    for dossier in dossiers:
        before = standing.get(dossier.project.project_id, ())
        decide_project(dossier, before, rules, calendar, days, decided)
    decided.letters.sort(key=lambda new: (new.issue_on, new.kind, new.project_id, new.about))
    return decided


def decide_project(
    dossier: Dossier,
    before: Sequence[EarlierLetter],
    rules: LetterRules,
    calendar: Calendar,
    days: Sequence[date],
    decided: SweepDecision,
) -> None:
    """One project through the days: first what is settled, then what is due."""
    issued = [SentLetter(old.letter) for old in before]
    unsettled = [old.letter for old in before if not old.settled]
    for day in days:
        done = [old for old in unsettled if old.issue_on <= day and is_settled(dossier, old, day)]
        decided.settled.update({old.identity: day for old in done})
        new = letters_due(dossier, issued, rules, calendar, day)
        issued += map(SentLetter, new)
        unsettled = [old for old in unsettled if old not in done] + new
        decided.letters += new


def quote_facts(
    letter: Letter, dossier: Dossier, lights: Mapping[date, LightFigures]
) -> QuotedFacts:
    """What the letter quotes, as the facts stood on its day of issue."""
    day = letter.issue_on
    if letter.about == PROGRESS:
        ends = tuple(red_episode(dossier, day))
        light = lights.get(ends[-1] if ends else letter.trigger_on)
        return QuotedFacts(
            project=dossier.project.name,
            about=letter.about,
            trigger_on=letter.trigger_on,
            as_of=day,
            due_on=letter.due_on,
            completion=light.completion if light else None,
            time_progress=light.time_progress if light else None,
            lead=light.lead if light else None,
            red_months=ends,
        )
    kind = MilestoneKind(letter.about)
    return QuotedFacts(
        project=dossier.project.name,
        about=letter.about,
        trigger_on=letter.trigger_on,
        as_of=day,
        due_on=letter.due_on,
        planned_on=dossier.planned_on(kind, day),
        original_on=first_planned_on(dossier, kind),
    )


def first_planned_on(dossier: Dossier, kind: MilestoneKind) -> date | None:
    """The date first planned."""
    rows = dossier.milestones.get(kind, ())
    dates = ((row.decided_on or date.min, row.planned_on) for row in rows if row.planned_on)
    return min(dates, default=(None, None))[1]

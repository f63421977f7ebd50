"""Decisions of a sweep, day by day: letters to issue, letters settled, and the facts they quote."""

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
    """Figures of a red light: shares of the year's plan, and the lead in percentage points."""

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
    """Letters to issue; and `settled`, the day of the sweep on which later facts settled each."""

    letters: list[Letter] = field(default_factory=list)
    settled: dict[LetterIdentity, date] = field(default_factory=dict)


def decide_sweep(
    dossiers: Iterable[Dossier],
    earlier: Mapping[str, Sequence[EarlierLetter]],
    rules: LetterRules,
    calendar: Calendar,
    days: Sequence[date],
) -> SweepDecision:
    """Decide the letters of all projects, in the order of their numbers.

    That is by issue day, kind, project and about. `earlier` are letters by project.
    """
    decision = SweepDecision()
    for dossier in dossiers:
        letters = earlier.get(dossier.project.project_id, ())
        decide_project(dossier, letters, rules, calendar, days, decision)
    decision.letters.sort(key=lambda new: (new.issue_on, new.kind, new.project_id, new.about))
    return decision


def decide_project(
    dossier: Dossier,
    earlier: Sequence[EarlierLetter],
    rules: LetterRules,
    calendar: Calendar,
    days: Sequence[date],
    decision: SweepDecision,
) -> None:
    """Add the decisions about one project, day by day: first letters settled, then letters due."""
    issued = [SentLetter(old.letter) for old in earlier]
    unsettled = [old.letter for old in earlier if not old.settled]
    for day in days:
        done = [old for old in unsettled if old.issue_on <= day and is_settled(dossier, old, day)]
        decision.settled.update({old.identity: day for old in done})
        new = letters_due(dossier, issued, rules, calendar, day)
        issued += map(SentLetter, new)
        unsettled = [old for old in unsettled if old not in done] + new
        decision.letters += new


def quote_facts(
    letter: Letter, dossier: Dossier, lights: Mapping[date, LightFigures]
) -> QuotedFacts:
    """Collect the facts that a letter quotes, as of its day of issue."""
    as_of = letter.issue_on
    if letter.about == PROGRESS:
        ends = tuple(red_episode(dossier, as_of))
        light = lights.get(ends[-1] if ends else letter.trigger_on)
        return QuotedFacts(
            project=dossier.project.name,
            about=letter.about,
            trigger_on=letter.trigger_on,
            as_of=as_of,
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
        as_of=as_of,
        due_on=letter.due_on,
        planned_on=dossier.planned_on(kind, as_of),
        original_on=first_planned_on(dossier, kind),
    )


def first_planned_on(dossier: Dossier, kind: MilestoneKind) -> date | None:
    """Date first planned; None where none was."""
    rows = dossier.milestones.get(kind, ())
    dates = ((row.decided_on or date.min, row.planned_on) for row in rows if row.planned_on)
    return min(dates, default=(None, None))[1]

"""Letters that are due. Pure: from dossier, letters issued, rules, calendar and as-of day.

Level-triggered: a day run twice adds nothing, and one run after missed days gives, once each,
every letter that is still due.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.notifier.rules.dossiers import Dossier
from services.notifier.rules.ladder import (
    PROGRESS,
    LetterKind,
    LetterRules,
    Rung,
    build_ladders,
    red_episode,
)
from shared.calendar import ONE_DAY, Calendar
from shared.facts.words import MilestoneKind, Nature

LetterIdentity = tuple[LetterKind, str, str, date]
NEXT_KINDS = {
    LetterKind.assignment: LetterKind.supervision,
    LetterKind.supervision: LetterKind.yellow_card,
}


@dataclass(frozen=True)
class Letter:
    """A letter to issue. `trigger_on` is the threshold day itself, never the day of the sweep."""

    kind: LetterKind
    project_id: str
    about: str
    unit_id: str
    trigger_on: date
    issue_on: date
    due_on: date | None
    provisional: bool

    @property
    def identity(self) -> LetterIdentity:
        """Key of the letter: two letters of one identity are one letter."""
        return self.kind, self.project_id, self.about, self.trigger_on


@dataclass(frozen=True)
class SentLetter:
    """A letter that went out; `answered` once the office has accepted a reply."""

    letter: Letter
    answered: bool = False


def letters_due(
    dossier: Dossier,
    issued: Collection[SentLetter],
    rules: LetterRules,
    calendar: Calendar,
    as_of: date,
) -> list[Letter]:
    """Compute the project's letters that go out on the as-of day; none if it is no working day."""
    if not calendar.is_working(as_of) or is_exempt(dossier, as_of):
        return []
    sent = {old.letter.identity for old in issued}
    rungs = [
        rung
        for ladder in build_ladders(dossier, rules, calendar, as_of)
        for rung in highest_due_rung(ladder, as_of)
    ]
    if rules.escalate_unanswered:
        rungs += escalation_rungs(dossier, issued, as_of)
    letters = (build_letter(rung, dossier, rules, calendar, as_of) for rung in rungs)
    new = {letter.identity: letter for letter in letters if letter.identity not in sent}
    return list(new.values())


def is_exempt(dossier: Dossier, as_of: date) -> bool:
    """Whether a project gets no letter: if it is a reserve, terminated or in an approved pause."""
    return (
        dossier.project.nature == Nature.reserve
        or dossier.actual_on(MilestoneKind.terminated, as_of) is not None
        or dossier.is_paused(as_of)
    )


def highest_due_rung(ladder: list[Rung], as_of: date) -> list[Rung]:
    """Highest rung due, gone out or not, as a list of at most one; those below count as passed."""
    return [rung for rung in ladder if rung.is_due(as_of)][-1:]


def escalation_rungs(dossier: Dossier, issued: Iterable[SentLetter], as_of: date) -> Iterator[Rung]:
    """Yield the rung above each letter past its due date that is neither answered nor settled.

    The threshold is the day after the due date. These letters come in addition to those of the
    ladders and stop none of them.
    """
    for sent in issued:
        old, above = sent.letter, NEXT_KINDS.get(sent.letter.kind)
        late = old.due_on is not None and old.due_on < as_of
        if above and late and not sent.answered and not is_settled(dossier, old, as_of):
            trigger = (old.due_on or as_of) + ONE_DAY
            yield Rung(above, old.about, trigger, trigger)


def is_settled(dossier: Dossier, letter: Letter, as_of: date) -> bool:
    """Whether later facts have settled a letter: the milestone is reached, the episode is over."""
    if letter.about == PROGRESS:
        return letter.trigger_on not in red_episode(dossier, as_of)
    return dossier.actual_on(MilestoneKind(letter.about), as_of) is not None


def build_letter(
    rung: Rung, dossier: Dossier, rules: LetterRules, calendar: Calendar, as_of: date
) -> Letter:
    within = dict(rules.answer_within).get(rung.kind)
    due_on = None if within is None else calendar.add_working_days(as_of, within)
    spanned = (rung.trigger_on, as_of, due_on or as_of)
    return Letter(
        kind=rung.kind,
        project_id=dossier.project.project_id,
        about=rung.about,
        unit_id=dossier.project.unit_id,
        trigger_on=rung.trigger_on,
        issue_on=as_of,
        due_on=due_on,
        provisional=calendar.is_provisional(min(spanned), max(spanned)),
    )

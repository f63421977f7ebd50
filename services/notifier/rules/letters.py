"""Which letters are due. Pure: dossier, letters issued, rules, calendar, day in; letters out.

Level-triggered: it asks what is due now, so a day run twice adds nothing, and one run after missed
days gives, once each, every letter that is still due.
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
        """Two letters of one identity are one letter."""
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
    day: date,
) -> list[Letter]:
    """The project's letters that go out on a day; none on a day that is not a working day."""
    if not calendar.is_working(day) or is_exempt(dossier, day):
        return []
    sent = {found.letter.identity for found in issued}
    rungs = [
        rung
        for ladder in build_ladders(dossier, rules, calendar, day)
        for rung in highest_due_rung(ladder, day)
    ]
    if rules.escalate_unanswered:
        rungs += escalation_rungs(dossier, issued, day)
    made = (build_letter(rung, dossier, rules, calendar, day) for rung in rungs)
    new = {found.identity: found for found in made if found.identity not in sent}
    return list(new.values())


def is_exempt(dossier: Dossier, day: date) -> bool:
    """Reserve projects, terminated ones and those under an approved pause get no letter."""
    return (
        dossier.project.nature == Nature.reserve
        or dossier.actual_on(MilestoneKind.terminated, day) is not None
        or dossier.is_paused(day)
    )


def highest_due_rung(ladder: list[Rung], day: date) -> list[Rung]:
    """The highest rung due, gone out or not; those below it count as passed."""
    return [rung for rung in ladder if rung.is_due(day)][-1:]


def escalation_rungs(dossier: Dossier, issued: Iterable[SentLetter], day: date) -> Iterator[Rung]:
    """An assignment not answered, or a supervision not settled, by its due date: one rung up.

    The threshold is the day after the due date. These letters come beside those of the ladders and
    stop none of them.
    """
    for found in issued:
        old, above = found.letter, NEXT_KINDS.get(found.letter.kind)
        late = old.due_on is not None and old.due_on < day
        if above and late and not found.answered and not is_settled(dossier, old, day):
            trigger = (old.due_on or day) + ONE_DAY
            yield Rung(above, old.about, trigger, trigger)


def is_settled(dossier: Dossier, old: Letter, day: date) -> bool:
    """Later facts have settled what a letter was about."""
    if old.about == PROGRESS:
        return old.trigger_on not in red_episode(dossier, day)
    return dossier.actual_on(MilestoneKind(old.about), day) is not None


def build_letter(
    rung: Rung, dossier: Dossier, rules: LetterRules, calendar: Calendar, day: date
) -> Letter:
    within = dict(rules.answer_within).get(rung.kind)
    due_on = None if within is None else calendar.add_working_days(day, within)
    spanned = (rung.trigger_on, day, due_on or day)
    return Letter(
        kind=rung.kind,
        project_id=dossier.project.project_id,
        about=rung.about,
        unit_id=dossier.project.unit_id,
        trigger_on=rung.trigger_on,
        issue_on=day,
        due_on=due_on,
        provisional=calendar.is_provisional(min(spanned), max(spanned)),
    )

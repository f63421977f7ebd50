"""Letters that are due. Pure: from dossier, letters issued, rules, calendar and as-of day.

Level-triggered: a day run twice adds nothing, and one run after missed days gives, once each,
every letter that is still due.

A letter is known by its office, its kind, project and matter, and by the day that its rung counts
from, never by its trigger: whatever numbers the rules had then, and whatever is corrected later,
the rung has gone out. All letters here are one office's.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
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
from shared.calendar import ONE_DAY, Calendar, last_month_end
from shared.facts.words import MilestoneKind, Nature

LetterIdentity = tuple[LetterKind, str, str, date]
NEXT_KINDS = {
    LetterKind.assignment: LetterKind.supervision,
    LetterKind.supervision: LetterKind.yellow_card,
}


@dataclass(frozen=True)
class Letter:
    """A letter to issue. `trigger_on` is the threshold day itself, never the day of the sweep.

    `counted_from` is the planned date, or the first month end of the red episode, that the trigger
    counts from; of a letter for a missing answer the day on which that answer was due.
    """

    kind: LetterKind
    project_id: str
    about: str
    unit_id: str
    counted_from: date
    trigger_on: date
    issue_on: date
    due_on: date | None
    provisional: bool

    @property
    def identity(self) -> LetterIdentity:
        """Key of the letter within its office: two letters of one identity are one letter."""
        return self.kind, self.project_id, self.about, self.counted_from

    @property
    def is_of_episode(self) -> bool:
        """Whether it is about a red episode, and not about an answer that did not come in one."""
        return self.about == PROGRESS and self.trigger_on != self.counted_from + ONE_DAY


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
    rungs = [
        rung
        for ladder in build_ladders(dossier, rules, calendar, as_of)
        for rung in highest_due_rung(ladder, as_of)
    ]
    in_force, sent = rules.in_force(as_of), [old.letter for old in issued]
    rungs = [new for rung in rungs for new in not_gone_out(rung, sent, as_of)]
    if in_force.escalate_unanswered:
        rungs += escalation_rungs(dossier, issued, as_of)
    identities = {old.identity for old in sent}
    letters = (build_letter(rung, dossier, in_force, calendar, as_of) for rung in rungs)
    new = {letter.identity: letter for letter in letters if letter.identity not in identities}
    return list(new.values())


def not_gone_out(rung: Rung, sent: Collection[Letter], as_of: date) -> list[Rung]:
    """The rung unless a letter of its kind about it has gone out, as a list of at most one.

    Planned dates at the end of a month may have one reminder between them: its trigger tells.
    """
    counted = counted_days(rung, sent, as_of)
    for old in sent:
        if (old.kind, old.about) != (rung.kind, rung.about):
            continue
        is_counted = old.counted_from in counted and old.is_of_episode == (old.about == PROGRESS)
        if is_counted or (old.kind == LetterKind.reminder and old.trigger_on == rung.trigger_on):
            return []
    return [replace(rung, counted_from=min(counted))]


def counted_days(rung: Rung, sent: Iterable[Letter], as_of: date) -> set[date]:
    """Days from which letters about the same planned date, or the same red episode, count.

    A late correction moves an episode's first month end, or joins two: the letters that went out
    in an episode that overlaps the present one say from which month end it counts.
    """
    if rung.about != PROGRESS:
        return {rung.counted_from}
    first, last = rung.counted_from, last_month_end(as_of)
    kept = {
        old.counted_from
        for old in sent
        if old.is_of_episode and first <= last_month_end(old.issue_on) and old.counted_from <= last
    }
    return kept or {first}


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
            yield Rung(above, old.about, old.due_on or as_of, trigger, trigger)


def is_settled(dossier: Dossier, letter: Letter, as_of: date) -> bool:
    """Whether later facts have settled a letter: the milestone is reached, the episode is over."""
    if letter.about == PROGRESS:
        ends = red_episode(dossier, as_of)
        if letter.is_of_episode:
            return letter.trigger_on not in ends
        return not ends or ends[0] > letter.counted_from  # the answer was due in an earlier one
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
        counted_from=rung.counted_from,
        trigger_on=rung.trigger_on,
        issue_on=as_of,
        due_on=due_on,
        provisional=calendar.is_provisional(min(spanned), max(spanned)),
    )

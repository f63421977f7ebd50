"""Replay: letters that an office would have sent over a period of a recorded ledger."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from services.notifier.rules.dossiers import Dossier
from services.notifier.rules.ladder import LetterRules
from services.notifier.rules.letters import Letter, SentLetter, letters_due
from shared.calendar import ONE_DAY, Calendar, last_month_end, month_ends


def replay_letters(
    dossiers: Iterable[Dossier],
    rules: LetterRules,
    calendar: Calendar,
    first: date,
    last: date,
    tick: Callable[[], None] = lambda: None,
) -> list[Letter]:
    """Replay every day from the first to the last; the first issues what is still due from before.

    The letters are in order of issue day, kind, project and about. `tick` is called once a project.
    """
    working = [day for day in iterate_days(first, last) if calendar.is_working(day)]
    letters: list[Letter] = []
    for dossier in dossiers:
        issued: list[SentLetter] = []
        for day in working:
            issued += map(SentLetter, letters_due(dossier, issued, rules, calendar, day))
        letters += (sent.letter for sent in issued)
        tick()
    return sorted(letters, key=lambda new: (new.issue_on, new.kind, new.project_id, new.about))


def iterate_days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


def light_month_ends(first: date, last: date) -> list[date]:
    """Month ends whose lights decide a period: a red episode begins in its year at the earliest."""
    return list(month_ends(date(last_month_end(first).year, 1, 1), last))

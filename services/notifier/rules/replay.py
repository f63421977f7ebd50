"""Replay: the letters that an office would have sent over a period of a recorded ledger."""

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
    """Every day from the first to the last; the first issues what is still due from before.

    In order of issue day, kind, project and about. `tick` is called once a project.
    """
    working = [day for day in iterate_days(first, last) if calendar.is_working(day)]
    letters: list[Letter] = []
    for dossier in dossiers:
        issued: list[SentLetter] = []
        for day in working:
            issued += map(SentLetter, letters_due(dossier, issued, rules, calendar, day))
        letters += (found.letter for found in issued)
        tick()
    return sorted(letters, key=lambda made: (made.issue_on, made.kind, made.project_id, made.about))


def iterate_days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


def light_month_ends(first: date, last: date) -> list[date]:
    """The month ends whose lights decide a period: a red episode starts in its year, at most."""
    return list(month_ends(date(last_month_end(first).year, 1, 1), last))

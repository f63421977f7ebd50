"""Replay: the letters that an office would have sent over a period of a recorded ledger."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from services.notifier.rules.dossiers import Dossier
from services.notifier.rules.ladder import RuleBook
from services.notifier.rules.letters import Issued, Letter, letters_due
from shared.calendar import DAY, Calendar, last_month_end, month_ends


def replay(
    dossiers: Iterable[Dossier],
    rules: RuleBook,
    calendar: Calendar,
    first: date,
    last: date,
    tick: Callable[[], None] = lambda: None,
) -> list[Letter]:
    """Every day from the first to the last; the first issues what is still due from before.

    In order of issue day, kind, project and about. `tick` is called once a project.
    """
    working = [day for day in days(first, last) if calendar.is_working(day)]
    letters: list[Letter] = []
    for dossier in dossiers:
        issued: list[Issued] = []
        for day in working:
            issued += map(Issued, letters_due(dossier, issued, rules, calendar, day))
        letters += (found.letter for found in issued)
        tick()
    return sorted(letters, key=lambda made: (made.issue_on, made.kind, made.project_id, made.about))


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def month_ends_asked(first: date, last: date) -> list[date]:
    """The month ends whose lights decide a period: a red episode starts in its year, at most."""
    return list(month_ends(date(last_month_end(first).year, 1, 1), last))

"""A project's dossier in a few words, and what an office sends about it, in words too."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from services.notifier.rules.dossiers import Dossier
from services.notifier.rules.ladder import LetterKind, LetterRules
from services.notifier.rules.letters import Letter, SentLetter, letters_due
from services.notifier.rules.replay import iterate_days, replay_letters
from shared.calendar import Calendar
from shared.facts.projects import Milestone, Pause, Project
from shared.facts.words import MilestoneKind, Nature
from shared.reference import load_calendar
from tests.dates import day, said

CALENDAR = load_calendar()
# Stories and laws of escalation are told of these two rungs, whatever rungs an office has.
USUAL = LetterRules(
    press_after=(
        (LetterKind.assignment, timedelta(days=15)),
        (LetterKind.supervision, timedelta(days=60)),
    )
)
STARTED, IN_PRODUCTION = MilestoneKind.started, MilestoneKind.in_production
Answered = Callable[[Letter], bool]


def planned(
    on: str,
    kind: MilestoneKind = STARTED,
    *,
    decided: str | None = None,
    actual: str | None = None,
) -> Milestone:
    """A row of a milestone; with `decided`, a revision of its planned date."""
    return Milestone(
        project_id="P001",
        kind=kind,
        planned_on=day(on),
        actual_on=day(actual) if actual else None,
        decided_on=day(decided) if decided else None,
    )


def reached(kind: MilestoneKind, on: str) -> Milestone:
    return Milestone(project_id="P001", kind=kind, actual_on=day(on))


def pause(first: str, last: str | None = None, *, approved: bool | None = True) -> Pause:
    to_on = day(last) if last else None
    return Pause(project_id="P001", from_on=day(first), to_on=to_on, approved=approved)


def dossier(
    *rows: Milestone,
    nature: Nature = Nature.new,
    pauses: Iterable[Pause] = (),
    red: Iterable[str] = (),
    project_id: str = "P001",
) -> Dossier:
    """A project with these milestones; `red` are the month ends at which its progress is red."""
    milestones: defaultdict[MilestoneKind, list[Milestone]] = defaultdict(list)
    for row in rows:
        milestones[row.kind].append(row)
    return Dossier(
        Project(project_id=project_id, name="沙棘深加工项目", unit_id="U01", nature=nature),
        {kind: tuple(of_kind) for kind, of_kind in milestones.items()},
        tuple(pauses),
        frozenset(map(day, red)),
    )


def shown(letter: Letter) -> str:
    return f"{said(letter.issue_on)} {letter.kind} {letter.about}"


def on_a_day(case: Dossier, on: str, rules: LetterRules = USUAL) -> list[str]:
    """The letters of a first sweep, before which nothing was sent."""
    return [f"{made.kind} {made.about}" for made in letters_due(case, (), rules, CALENDAR, day(on))]


def over_a_period(case: Dossier, first: str, last: str, rules: LetterRules = USUAL) -> list[str]:
    return [shown(made) for made in replay_letters([case], rules, CALENDAR, day(first), day(last))]


def sweep(
    case: Dossier,
    issued: Iterable[Letter],
    on: Iterable[date],
    rules: LetterRules = USUAL,
    working_days: Calendar = CALENDAR,
    answered: Answered = lambda letter: False,
) -> list[Letter]:
    """Some days one after another, after what was issued before: everything issued by then."""
    sent = [SentLetter(letter, answered(letter)) for letter in issued]
    for of_day in on:
        due = letters_due(case, sent, rules, working_days, of_day)
        sent += [SentLetter(letter, answered(letter)) for letter in due]
    return [found.letter for found in sent]


def live(case: Dossier, first: str, last: str, rules: LetterRules, answered: Answered) -> list[str]:
    """Day by day with the answers that came; `answered` says whether a letter got one in time."""
    period = iterate_days(day(first), day(last))
    return [shown(made) for made in sweep(case, (), period, rules, answered=answered)]

"""What holds for the letters of every project, whatever its dates."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifier.rules.dossiers import Dossier
from services.notifier.rules.ladder import LetterKind, LetterRules
from services.notifier.rules.letters import Letter, LetterIdentity
from services.notifier.rules.replay import iterate_days as every_day
from services.notifier.rules.replay import replay_letters
from shared.calendar import ONE_DAY
from shared.facts.projects import Milestone
from shared.facts.words import MilestoneKind, Nature
from tests.notifier.rules.office import CALENDAR, IN_PRODUCTION, STARTED, USUAL, sweep
from tests.notifier.rules.random_dossiers import FIRST, LAST, days, random_dossiers

PERIOD = list(every_day(FIRST, LAST))
BOTH_REMINDED = LetterRules(remind_of=(STARTED, IN_PRODUCTION))

some_days = st.lists(days, unique=True, max_size=12).map(sorted)
laws = settings(max_examples=25, deadline=None)


def replayed(case: Dossier, first: date = FIRST, last: date = LAST) -> list[Letter]:
    return replay_letters([case], BOTH_REMINDED, CALENDAR, first, last)


def identities(letters: list[Letter]) -> set[LetterIdentity]:
    return {letter.identity for letter in letters}


# --- once, and late rather than never


@laws
@given(random_dossiers(), days)
def test_a_day_run_twice_adds_nothing(case: Dossier, on: date) -> None:
    once = sweep(case, replayed(case, last=on - ONE_DAY), [on], BOTH_REMINDED)
    assert sweep(case, once, [on, on], BOTH_REMINDED) == once


@laws
@given(random_dossiers())
def test_no_letter_of_a_replay_goes_out_twice(case: Dossier) -> None:
    letters = replayed(case)
    assert len(identities(letters)) == len(letters)


@laws
@given(random_dossiers(), days)
def test_a_replay_continued_is_the_replay_of_the_whole(case: Dossier, on: date) -> None:
    begun = replayed(case, last=on - ONE_DAY)
    continued = sweep(case, begun, every_day(on, LAST), BOTH_REMINDED)
    assert sorted(continued, key=identity_as_text) == sorted(replayed(case), key=identity_as_text)


def identity_as_text(letter: Letter) -> str:
    return str(letter.identity)


@laws
@given(random_dossiers(), some_days, days)
def test_one_run_after_missed_days_issues_every_letter_still_due(
    case: Dossier, swept: list[date], last: date
) -> None:
    punctual = sweep(case, (), every_day(FIRST, last), BOTH_REMINDED)
    sloppy = sweep(case, (), [*(on for on in swept if on < last), last], BOTH_REMINDED)
    assert identities(sloppy) <= identities(punctual)
    latest = [letter for letter in sloppy if letter.issue_on == last]
    still_due = sweep(case, (), [last], BOTH_REMINDED)
    early = identities(sloppy) - identities(latest)
    assert identities(latest) == identities(still_due) - early


@laws
@given(random_dossiers(), some_days)
def test_missed_days_make_no_letter_early(case: Dossier, swept: list[date]) -> None:
    issued_on = {letter.identity: letter.issue_on for letter in replayed(case)}
    for letter in sweep(case, (), swept, BOTH_REMINDED):
        assert letter.issue_on >= issued_on[letter.identity]


# --- when, and to whom not


@laws
@given(random_dossiers())
def test_letters_go_out_on_working_days_only(case: Dossier) -> None:
    assert all(CALENDAR.is_working(letter.issue_on) for letter in replayed(case))


@laws
@given(random_dossiers())
def test_only_a_reminder_goes_out_before_its_trigger(case: Dossier) -> None:
    for letter in replayed(case):
        ahead = letter.issue_on < letter.trigger_on
        assert not ahead or letter.kind is LetterKind.reminder
        assert not ahead or letter.issue_on == CALENDAR.working_day_until(letter.trigger_on)


@laws
@given(random_dossiers())
def test_no_letter_about_a_milestone_from_its_actual_date_on(case: Dossier) -> None:
    for kind, rows in case.milestones.items():
        reached = min((row.actual_on for row in rows if row.actual_on), default=date.max)
        about = (letter for letter in replayed(case) if letter.about == kind)
        assert all(letter.issue_on < reached for letter in about)


@laws
@given(random_dossiers())
def test_no_reminder_after_the_planned_day(case: Dossier) -> None:
    for letter in replayed(case):
        if letter.kind is LetterKind.reminder:
            planned = case.planned_on(MilestoneKind(letter.about), letter.issue_on)
            assert planned is not None
            assert letter.issue_on <= planned


@laws
@given(random_dossiers())
def test_no_letter_on_a_day_of_an_approved_pause(case: Dossier) -> None:
    approved = [pause for pause in case.pauses if pause.approved]
    for letter in replayed(case):
        for pause in approved:
            assert not pause.from_on <= letter.issue_on <= (pause.to_on or date.max)


@laws
@given(random_dossiers())
def test_reserve_projects_never_get_a_letter(case: Dossier) -> None:
    reserve = case.project.model_copy(update={"nature": Nature.reserve})
    assert replayed(replace(case, project=reserve)) == []


# --- ladders


@laws
@given(random_dossiers(), some_days)
def test_never_two_rungs_of_one_ladder_on_one_day(case: Dossier, swept: list[date]) -> None:
    for letters in (replayed(case), sweep(case, (), swept, BOTH_REMINDED)):
        rungs = Counter((letter.about, letter.issue_on) for letter in letters)
        assert set(rungs.values()) <= {1}


@laws
@given(random_dossiers(), some_days)
def test_of_one_planned_date_a_lower_letter_never_follows_a_higher_one(
    case: Dossier, swept: list[date]
) -> None:
    highest: dict[tuple[str, date], LetterKind] = {}
    order = list(LetterKind)
    wait = dict(BOTH_REMINDED.press_after)
    for letter in sweep(case, (), swept, BOTH_REMINDED):
        if letter.kind in wait and letter.about != "progress":
            ladder = letter.about, letter.trigger_on - wait[letter.kind]
            before = highest.setdefault(ladder, letter.kind)
            assert order.index(before) <= order.index(letter.kind)
            highest[ladder] = letter.kind


@laws
@given(random_dossiers(), st.integers(0, 10))
def test_more_time_to_answer_changes_only_when_answers_are_due(case: Dossier, more: int) -> None:
    longer = tuple((kind, number + more) for kind, number in USUAL.answer_within)
    generous = replay_letters([case], replace(USUAL, answer_within=longer), CALENDAR, FIRST, LAST)
    usual = replay_letters([case], USUAL, CALENDAR, FIRST, LAST)
    for letter, later in zip(usual, generous, strict=True):
        assert replace(later, due_on=letter.due_on, provisional=letter.provisional) == letter
        assert letter.due_on is None or letter.due_on <= (later.due_on or date.min)


@laws
@given(random_dossiers())
def test_a_letter_is_provisional_if_a_year_it_spans_is_not_announced(case: Dossier) -> None:
    until_2022 = replace(CALENDAR, announced=frozenset(range(2012, 2023)))
    for letter in replay_letters([case], BOTH_REMINDED, until_2022, FIRST, LAST):
        spanned = letter.trigger_on, letter.issue_on, letter.due_on or letter.issue_on
        assert letter.provisional is any(on.year > 2022 for on in spanned)


# --- what does not matter


def as_known_on(case: Dossier, on: date) -> Dossier:
    """The dossier without what was decided, happened or began after a day."""

    def known(row: Milestone) -> Milestone:
        # An actual date counts by itself, on whichever row it stands.
        planned_on = row.planned_on if (row.decided_on or on) <= on else None
        actual_on = row.actual_on if (row.actual_on or on) <= on else None
        return row.model_copy(update={"planned_on": planned_on, "actual_on": actual_on})

    return Dossier(
        case.project,
        {kind: tuple(map(known, rows)) for kind, rows in case.milestones.items()},
        tuple(pause for pause in case.pauses if pause.from_on <= on),
        frozenset(end for end in case.red_month_ends if end <= on),
    )


@laws
@given(random_dossiers(), days)
def test_facts_of_the_future_do_not_matter(case: Dossier, on: date) -> None:
    assert replayed(as_known_on(case, on), last=on) == replayed(case, last=on)


@laws
@given(random_dossiers(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(case: Dossier, random: Random) -> None:
    shuffled = {
        kind: tuple(random.sample(rows, len(rows))) for kind, rows in case.milestones.items()
    }
    pauses = tuple(random.sample(case.pauses, len(case.pauses)))
    assert replayed(replace(case, milestones=shuffled, pauses=pauses)) == replayed(case)


@laws
@given(random_dossiers(), random_dossiers(project_id="P002"))
def test_projects_do_not_matter_to_each_other(one: Dossier, two: Dossier) -> None:
    together = replay_letters([two, one], BOTH_REMINDED, CALENDAR, FIRST, LAST)
    assert [made for made in together if made.project_id == "P001"] == replayed(one)
    assert [made for made in together if made.project_id == "P002"] == replayed(two)


@laws
@given(random_dossiers(), st.integers(1, 40))
def test_an_earlier_first_day_takes_no_letter_away_but_what_was_sent(
    case: Dossier, before: int
) -> None:
    earlier = replayed(case, first=FIRST - timedelta(days=before))
    assert identities(replayed(case)) <= identities(earlier)

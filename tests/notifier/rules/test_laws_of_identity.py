"""What holds for the identity of letters: no number and no correction sends a rung again."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifier.rules.dossiers import Dossier
from services.notifier.rules.ladder import PROGRESS, LetterKind, LetterRules, red_episode
from services.notifier.rules.letters import Letter, LetterIdentity
from services.notifier.rules.replay import iterate_days
from shared.facts.words import MilestoneKind
from tests.notifier.rules.office import IN_PRODUCTION, STARTED, sweep
from tests.notifier.rules.random_dossiers import FIRST, LAST, days, ends, random_dossiers

PERIOD = list(iterate_days(FIRST, LAST))
BOTH_REMINDED = LetterRules(remind_of=(STARTED, IN_PRODUCTION))

laws = settings(max_examples=25, deadline=None)


def identities(letters: list[Letter]) -> set[LetterIdentity]:
    return {letter.identity for letter in letters}


def numbers_of(assignment: int, supervision: int) -> LetterRules:
    waits = {LetterKind.assignment: assignment, LetterKind.supervision: assignment + supervision}
    press_after = tuple((kind, timedelta(wait)) for kind, wait in waits.items())
    return replace(BOTH_REMINDED, press_after=press_after)


some_numbers = st.builds(numbers_of, st.integers(0, 40), st.integers(1, 40))
rules_by_day = st.dictionaries(days, some_numbers, max_size=5)


def by_changing_rules(case: Dossier, changes: dict[date, LetterRules]) -> list[Letter]:
    """Day by day, by the rules as the latest change left them."""
    letters: list[Letter] = []
    rules = BOTH_REMINDED
    for on in PERIOD:
        rules = changes.get(on, rules)
        letters = sweep(case, letters, [on, on], rules)
    return letters


@laws
@given(random_dossiers(), rules_by_day)
def test_no_change_of_numbers_makes_two_letters_of_one_kind_for_one_planned_date(
    case: Dossier, changes: dict[date, LetterRules]
) -> None:
    counted = [
        (made.kind, made.about, case.planned_on(MilestoneKind(made.about), made.issue_on))
        for made in by_changing_rules(case, changes)
        if made.about != PROGRESS
    ]
    assert len(set(counted)) == len(counted)


@laws
@given(random_dossiers(), rules_by_day)
def test_a_letter_counts_from_the_planned_date_in_force_whatever_the_numbers(
    case: Dossier, changes: dict[date, LetterRules]
) -> None:
    for made in by_changing_rules(case, changes):
        if made.about != PROGRESS:
            assert made.counted_from == case.planned_on(MilestoneKind(made.about), made.issue_on)


@laws
@given(random_dossiers(), st.lists(st.tuples(days, some_numbers), max_size=3))
def test_new_numbers_hold_for_triggers_from_their_day_of_effect_on(
    case: Dossier, books: list[tuple[date, LetterRules]]
) -> None:
    rules = BOTH_REMINDED
    for effective_from, numbers in sorted(books, key=lambda book: book[0]):
        rules = replace(numbers, effective_from=effective_from, replaced=rules)
    letters = sweep(case, (), PERIOD, rules)
    assert len(identities(letters)) == len(letters)
    for made in letters:
        if made.kind in dict(rules.press_after) and made.about != PROGRESS:
            book: LetterRules | None = rules.in_force(made.issue_on)
            while book and made.counted_from + wait_of(book, made.kind) < book.effective_from:
                book = book.replaced
            assert book
            assert made.trigger_on == made.counted_from + wait_of(book, made.kind)
    begun = sweep(case, (), PERIOD[:60], rules)
    assert sweep(case, begun, PERIOD[60:], rules) == letters


def wait_of(book: LetterRules, kind: LetterKind) -> timedelta:
    return dict(book.press_after)[kind]


@laws
@given(random_dossiers(), st.dictionaries(days, st.sets(st.sampled_from(ends)), max_size=5))
def test_no_late_correction_of_lights_makes_two_letters_of_one_kind_for_one_red_episode(
    case: Dossier, corrections: dict[date, set[date]]
) -> None:
    letters: list[Letter] = []
    episodes: list[tuple[LetterKind, set[date]]] = []
    for on in PERIOD:
        if on in corrections:
            case = replace(case, red_month_ends=frozenset(corrections[on]))
        before, letters = letters, sweep(case, letters, [on, on], BOTH_REMINDED)
        for made in letters[len(before) :]:
            if made.about == PROGRESS:
                episode = set(red_episode(case, on))
                earlier = [kept for kind, kept in episodes if kind == made.kind]
                assert not any(kept & episode for kept in earlier)
                episodes.append((made.kind, episode))
    assert len(identities(letters)) == len(letters)

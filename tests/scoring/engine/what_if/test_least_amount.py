"""The least amount that moves a unit up is the one that trying every amount finds."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.points.manual_entries import NO_ENTRIES
from services.scoring.engine.ranking.ranking import rank_units
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.what_if.least_amount import (
    LeastAmountSearch,
    Trial,
    count_fewest_distinct,
    is_monotonic,
)
from services.scoring.engine.what_if.sensitivity import RankedGroup, TermDeltas
from services.scoring.schemes.scheme_files import resolve_lights
from tests.scoring.engine.points.rule_results import a_rule
from tests.scoring.rule_books.scheme_texts import METRICS, a_book, a_unit

GROUP, MOST = "townships", 120
OF_ALL = METRICS + (
    "  - {id: part, zh: 贡献, en: Part, numerator: count(), denominator: count(), of_all: true,"
    " source: 测试}\n"
)
PILLARS = """
pillars:
  - id: p
    zh: 板块
    weight: 70
    metrics:
      - {id: a, weight: 2, points: {rule: proportional}}
      - {id: b, weight: 1, points: {rule: min_max}}
      - {id: part, weight: 1, points: {rule: best_ratio}}
  - {id: q, zh: 另一板块, weight: 30, metrics: [{id: days, points: {rule: best_ratio}}]}
"""
BOOKS = {
    "plain": a_book(pillars=PILLARS, metrics=OF_ALL),
    "tie-break": a_book("decimals: 0", "tie_break: [days, b]", pillars=PILLARS, metrics=OF_ALL),
    "competition": a_book(
        """
        decimals: 1
        ranking: competition
        adjustments: {most_added: 3, items: [{id: c, points: {rule: per_item, points: -0.1}}]}
        gates: [{id: g, zh: 一票, metric: b, at: 0.5, best_total: 60}]
        """,
        pillars=PILLARS,
        metrics=OF_ALL,
    ),
}
small = st.integers(0, 30)
rates = st.tuples(small, st.integers(1, 40))
slopes = st.integers(0, 3)


@st.composite
def groups(draw: st.DrawFn) -> tuple[list[UnitTerms], dict[str, tuple[int, int]]]:
    """Some units, and what every yuan adds to the terms of the first of them."""
    whole = draw(st.integers(1, 90))
    units = [
        a_unit(
            f"U{n}",
            GROUP,
            **{name: draw(rates) for name in ("a", "b", "days")},
            c=(draw(small), None),
            part=(draw(small), whole),
        )
        for n in range(draw(st.integers(2, 5)))
    ]
    names = draw(st.sets(st.sampled_from(["a", "b", "days", "c", "part"]), min_size=1))
    return units, {name: (draw(slopes), 0 if name == "c" else draw(slopes)) for name in names}


def searching(
    scheme: Scheme, units: list[UnitTerms], each: Mapping[str, tuple[int, int]]
) -> LeastAmountSearch:
    standings = rank_units(units, scheme)
    terms = {unit.unit_id: unit for unit in units}
    made = ScoringResult(
        date(2022, 9, 30), scheme, resolve_lights(scheme), standings, terms, [], NO_ENTRIES
    )
    group = RankedGroup(terms, made, made.plans[GROUP])

    def at(yuan: int) -> Trial:
        parts: TermDeltas = {"U0": {name: (n * yuan, d * yuan) for name, (n, d) in each.items()}}
        return group.try_deltas(parts)

    return LeastAmountSearch("U0", at(0).ranks["U0"], group.plan, at)


@pytest.mark.parametrize("book", BOOKS)
@settings(max_examples=60, deadline=None)
@given(drawn=groups())
def test_the_least_amount_is_what_trying_all_finds(
    book: str, drawn: tuple[list[UnitTerms], dict[str, tuple[int, int]]]
) -> None:
    search = searching(BOOKS[book], *drawn)
    tried = (yuan for yuan in range(1, MOST + 1) if search.moves_up(yuan))
    assert search.find_least(1, MOST) == next(tried, None)


def test_an_amount_among_billions_takes_few_trials() -> None:
    trials = []
    units = [a_unit("U0", a=(1, 10**12)), a_unit("U1", a=(5 * 10**11, 10**12))]
    search = searching(a_book(), units, {"a": (1, 0)})

    def counted(yuan: int) -> Trial:
        trials.append(yuan)
        return search.trial_at(yuan)

    found = LeastAmountSearch("U0", 2, search.plan, counted).find_least(1, 10**13)

    # 50 points need 49.995 % of 10¹²; one is there.
    assert found == 499_950_000_000 - 1
    assert len(set(trials)) < 40


@pytest.mark.parametrize(
    ("rule", "one_way"),
    [
        (a_rule("proportional"), True),
        (a_rule("best_ratio"), True),
        (a_rule("per_item", points="-3"), True),
        (a_rule("deviation", target="1", step="0.01", up=[{"points": "1"}]), True),
        (a_rule("deviation", target="1", step="0.01", up=[{"points": "-1"}]), False),
        (a_rule("rank_bands", bands=[{"to": 3, "points": 7}, {"points": 1}]), False),
        (
            a_rule(
                "bands",
                bands=[{"range": "[2, )", "points": 5}, {"range": "(, 2)", "points": 3}],
            ),
            True,
        ),
        (
            a_rule(
                "bands",
                bands=[
                    {"range": "(, 1)", "points": 3},
                    {"range": "[1, 2]", "points": 5},
                    {"range": "(2, )", "points": 4},
                ],
            ),
            False,
        ),
    ],
    ids=lambda given: getattr(given, "rule", ""),
)
def test_which_rules_go_one_way(rule: object, one_way: bool) -> None:
    assert is_monotonic(rule) is one_way  # type: ignore[arg-type]


def test_the_fewest_places_that_stretches_can_share() -> None:
    def stretch(low: int, high: int) -> tuple[tuple[tuple[bool, int], ...], ...]:
        return ((True, low),), ((True, high),)

    stretches = [stretch(1, 5), stretch(4, 6), stretch(6, 7), stretch(9, 9), stretch(9, 12)]
    assert count_fewest_distinct(stretches) == 3  # type: ignore[arg-type]

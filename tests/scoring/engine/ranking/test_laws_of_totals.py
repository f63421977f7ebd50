"""Laws of totals, ranks, grades and periods, on terms drawn by hypothesis."""

import json
from datetime import date
from fractions import Fraction as F
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.scoring.engine.ranking.ranking import rank_units
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.periods import Periods, TotalsByMonth, year_standings
from services.scoring.runs.rules import rank_stored_terms, terms_document
from services.scoring.schemes.scheme_files import resolve_lights
from tests.scoring.rule_books.scheme_texts import a_book, a_unit

law = settings(max_examples=60, deadline=None)

BOOK = a_book(
    """
    adjustments:
      most_added: 6
      most_taken: 4
      items:
        - {id: c, points: {rule: per_item, points: 2}}
        - {id: accidents, points: {rule: per_item, points: -3}}
    tie_break: [b]
    grades:
      - {id: good, zh: 良好, from_total: 60}
      - {id: fair, zh: 合格, from_total: 30, first: 0.8}
      - {id: poor, zh: 不合格}
    """,
    pillars="""
    pillars:
      - id: p
        zh: 板块
        weight: 70
        metrics:
          - {id: a, weight: 2, points: {rule: proportional}}
          - {id: b, weight: 1, not_applicable: zero, points: {rule: min_max}}
      - {id: q, zh: 另一板块, weight: 30, metrics: [{id: days, points: {rule: best_ratio}}]}
    """,
)
rates = st.tuples(st.integers(0, 4), st.integers(0, 4))
counts = st.tuples(st.integers(0, 5), st.none())


@st.composite
def units(draw: st.DrawFn) -> list[UnitTerms]:
    return [
        a_unit(
            f"U{n}",
            "townships",
            draw(st.sampled_from([0, 1, 1, 1])),
            **{name: draw(rates) for name in ("a", "b", "days", "accidents")},
            c=draw(counts),
        )
        for n in range(draw(st.integers(1, 6)))
    ]


@law
@given(units())
def test_effective_weights_add_up_to_all_weights_whatever_applies(of: list[UnitTerms]) -> None:
    for unit in rank_units(of, BOOK)["townships"]:
        if unit.rank is not None:
            assert sum(figure.weight for figure in unit.metrics.values()) == 100
            assert sum(figure.weight for figure in unit.pillars.values()) == 100


@law
@given(units())
def test_a_total_is_its_pillars_and_adjustments_rounded_once(of: list[UnitTerms]) -> None:
    for unit in rank_units(of, BOOK)["townships"]:
        if unit.total is not None and unit.adjusted is not None:
            assert -4 <= unit.adjusted.points <= 6
            exact = sum(figure.points for figure in unit.pillars.values()) + unit.adjusted.points
            assert abs(exact - unit.total) * 200 <= 1


@law
@given(units())
def test_a_better_rank_never_has_a_worse_total_or_grade(of: list[UnitTerms]) -> None:
    order = {"good": 0, "fair": 1, "poor": 2}
    placed = [unit for unit in rank_units(of, BOOK)["townships"] if unit.rank is not None]
    for one, other in pairwise(placed):
        assert one.total is not None
        assert other.total is not None
        assert one.total >= other.total
        assert order[one.grade or ""] <= order[other.grade or ""]


TIED = a_book(
    "tie_break: [b, days]",
    pillars="pillars: [{id: p, zh: 板块, weight: 100,"
    " metrics: [{id: a, points: {rule: threshold, at: 0.5}}]}]",
)


# Two others have better b than U0 and no total: more places in b than there are totals.
FEW_TOTALS = [
    a_unit("U0", "townships", 1, a=(1, 1), b=(0, 1), days=(0, 0)),
    a_unit("U1", "townships", 1, a=(1, 1), b=(0, 0), days=(0, 1)),
    a_unit("U2", "townships", 1, a=(0, 0), b=(1, 1), days=(0, 0)),
    a_unit("U3", "townships", 1, a=(0, 0), b=(2, 1), days=(0, 0)),
]


@law
@given(units())
@example(FEW_TOTALS)
def test_equal_totals_are_parted_by_the_metrics_in_turn_and_what_is_equal_in_all_is_not(
    of: list[UnitTerms],
) -> None:
    values = {unit.unit_id: unit.of_metric for unit in of}

    def place(unit_id: str) -> tuple[F, F]:
        """More of b is better, then fewer days; the not applicable come last."""
        (b, of_b), (days, of_days) = values[unit_id]["b"], values[unit_id]["days"]
        return F(-b, of_b) if of_b else F(1), F(days, of_days or 1) if of_days else F(99)

    placed = [unit for unit in rank_units(of, TIED)["townships"] if unit.rank is not None]
    for one, other in pairwise(placed):
        if one.total == other.total:
            assert place(one.unit_id) <= place(other.unit_id)
            assert (one.rank == other.rank) == (place(one.unit_id) == place(other.unit_id))
            assert one.rank == other.rank or (one.parted_by and other.parted_by)


@law
@given(units())
def test_a_unit_to_which_nothing_applies_changes_nothing_but_the_share_of_the_group(
    of: list[UnitTerms],
) -> None:
    plain_book = BOOK.model_copy(update={"grades": ()})
    known = rank_units(of, plain_book)["townships"]
    more = [*of, a_unit("U9", "townships", 0, a=(9, 1), c=(9, None))]
    again = rank_units(more, plain_book)["townships"]
    assert [unit for unit in again if unit.unit_id != "U9"] == known
    assert again[-1].rank is None


@law
@given(units())
def test_kept_terms_give_the_same_standings_again(of: list[UnitTerms]) -> None:
    day, preset = date(2022, 6, 30), resolve_lights(BOOK)
    terms = {unit.unit_id: unit for unit in of}
    first = ScoringResult(day, BOOK, preset, rank_units(of, BOOK), terms, [])
    kept = json.loads(json.dumps(terms_document(first, dict.fromkeys(terms, "名"))))
    assert rank_stored_terms(kept, BOOK, preset, day).groups == first.groups


months = st.dictionaries(
    st.integers(1, 12),
    st.dictionaries(st.sampled_from("ABC"), st.none() | st.integers(0, 100).map(F)),
    min_size=1,
)


@law
@given(months, st.sampled_from(["months", "quarters"]), st.sampled_from(["skip", "zero"]))
def test_a_year_lies_between_its_least_and_its_greatest_month(
    totals: TotalsByMonth, year_of: str, missing: str
) -> None:
    declared = Periods.model_validate({"missing": missing, "year_of": year_of})
    for unit in year_standings(totals, declared, "dense", 2):
        of_unit = [by_unit.get(unit.unit_id) for by_unit in totals.values()]
        known = [total for total in of_unit if total is not None]
        if unit.total is None:
            assert known == []
            continue
        least = F(0) if missing == "zero" and None in of_unit else min(known)
        assert least <= unit.total <= max(known)

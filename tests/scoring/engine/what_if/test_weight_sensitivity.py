"""A tenth of a weight: the ranks that move are those that the changed scheme itself gives."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.showcase.sample.county import sample_county
from services.scoring.engine.ranking.ranking import (
    Standing,
    build_unweighed_groups,
    rank_units,
    rank_weighed_groups,
)
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.what_if.changes import SchemeChange
from services.scoring.engine.what_if.weight_sensitivity import (
    build_reweighted_schemes,
    try_weight_changes,
    weight_change_document,
)
from services.scoring.execution.run import score_facts
from services.scoring.runs.rules import rank_stored_terms, terms_document
from services.scoring.schemes.scheme_changes import apply_scheme_changes
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from tests.facts import facts_of
from tests.scoring.engine.results.test_laws import cases, law, world
from tests.scoring.rule_books.scheme_texts import a_book, a_unit

DAY = date(2022, 9, 30)
LANXIAN = find_scheme("lanxian-2022")


def ranks(result: ScoringResult) -> dict[str, int | None]:
    return {s.unit_id: s.rank for standings in result.groups.values() for s in standings}


def result_of(scheme: Scheme, *units: UnitTerms) -> ScoringResult:
    kept = {
        u.unit_id: {"group": u.group, "live_projects": u.live_projects, "of_metric": u.of_metric}
        for u in units
    }
    return rank_stored_terms(kept, scheme, resolve_lights(scheme), DAY)


@pytest.mark.laws
def test_each_weight_of_the_sample_county_moves_what_scoring_by_that_scheme_moves() -> None:
    county = sample_county()
    result = score_facts(county, LANXIAN, resolve_lights(LANXIAN), DAY)
    before = ranks(result)
    kept = terms_document(result, dict.fromkeys(before, ""))
    found = [*try_weight_changes(result)]

    metrics = sum(len(pillar.metrics) for pillar in LANXIAN.pillars)
    assert len(found) == 2 * (len(LANXIAN.pillars) + metrics)
    assert any(weighed.moved for weighed in found)
    for weighed in found:
        weight = 20 if weighed.path.count(".") == 2 else 1
        change = SchemeChange(path=weighed.path, value=str(weight * weighed.factor))
        scheme, preset = apply_scheme_changes(LANXIAN, resolve_lights(LANXIAN), [change])
        after = ranks(rank_stored_terms(kept, scheme, preset, DAY))
        expected = {
            unit: (before[unit], after[unit]) for unit in before if before[unit] != after[unit]
        }
        assert weighed.moved == expected, weighed.path


def test_by_hand() -> None:
    scheme = a_book(
        pillars="""
        pillars:
          - {id: p, zh: 板块, weight: 50, metrics: [{id: a, points: {rule: proportional}}]}
          - {id: q, zh: 另一, weight: 50, metrics: [{id: b, points: {rule: proportional}}]}
        """
    )
    # 50 × 0.8 + 50 × 0.5 = 65 and 50 × 0.5 + 50 × 0.79 = 64.5; with 55 for q 67.5 and 68.45.
    result = result_of(
        scheme, a_unit("A", a=(8, 10), b=(5, 10)), a_unit("B", a=(5, 10), b=(79, 100))
    )
    found = [weight_change_document(weighed, {"B"}) for weighed in try_weight_changes(result)]
    assert [(one["path"], one["change"], one["ranks_moved"]) for one in found] == [
        ("pillars.p.weight", "+10%", 0),
        ("pillars.p.weight", "-10%", 2),
        ("pillars.q.weight", "+10%", 2),
        ("pillars.q.weight", "-10%", 0),
    ]
    assert found[2]["moved"] == [{"unit_id": "B", "rank": [2, 1]}]


def told(standings: Mapping[str, Sequence[Standing]]) -> list[Any]:
    return [
        (group, replace(unit, pillars=dict(unit.pillars), metrics=dict(unit.metrics)))
        for group, units in standings.items()
        for unit in units
    ]


@law
@given(cases, st.sampled_from(["lanxian-2022", "heilongjiang-2021", "yanan-2017"]))
def test_other_weights_weigh_what_was_earned_before(case: tuple[int, date], name: str) -> None:
    """Points as they are written stay; what is a share of a weight follows it."""
    seed, day = case
    scheme = find_scheme(name)
    terms = score_facts(facts_of(world(seed)), scheme, resolve_lights(scheme), day).terms.values()
    groups = build_unweighed_groups(terms, scheme)
    for _, _, _, other in build_reweighted_schemes(scheme):
        assert told(rank_weighed_groups(groups, other)) == told(rank_units(terms, other))


def test_points_as_they_are_written_do_not_follow_the_weight() -> None:
    """Neither a does, which has points for its value, nor their base, which is the weight."""
    scheme = a_book(
        pillars="""
        pillars:
          - id: p
            zh: 板块
            weight: 60
            metrics:
              - id: a
                points:
                  rule: bands
                  bands: [{range: "[0.5, )", points: 7}, {range: "(, 0.5)", points: 1}]
          - id: q
            zh: 另一
            weight: 40
            metrics:
              - id: b
                points:
                  {rule: deviation, target: 1, step: 10%, up: [{points: 1}], down: [{points: 1}]}
        """
    )
    units = [a_unit("A", a=(8, 10), b=(5, 10))]
    groups = build_unweighed_groups(units, scheme)
    totals = [
        rank_weighed_groups(groups, other)["townships"][0].total
        for *_, other in build_reweighted_schemes(scheme)
    ]
    # 7 + 40 − 5; only a tenth of the second weight is 4 points more or less.
    assert rank_weighed_groups(groups, scheme)["townships"][0].total == 42
    assert totals == [42, 42, 46, 38]

"""What moves a unit up is what scoring every changed ledger of the sample county anew finds.

Each candidate's ledger is changed here by hand, row by row, and ranked by the engine from its
facts; only the lights, which nobody's rank looks at, are left out.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest

from services.cli.showcase.sample.county import sample_county
from services.scoring.engine.declarations import NamedFact
from services.scoring.engine.figures import format_decimal
from services.scoring.engine.ranking.ranking import Standing, rank_group
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.plan import resolve_group
from services.scoring.engine.what_if.candidate_changes import FactMove
from services.scoring.engine.what_if.changes import FactChange, apply_fact_changes
from services.scoring.engine.what_if.move_kinds import MOVE_KINDS
from services.scoring.execution.day_query import build_day_query
from services.scoring.execution.duckdb import open_query_runner
from services.scoring.execution.run import score_facts
from services.scoring.execution.sensitivity import (
    NotForThisScheme,
    compute_sensitivity,
    query_candidate_moves,
)
from services.scoring.execution.unit_terms import query_unit_terms
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from tests.builders import a_ledger, a_milestone, a_project, a_unit
from tests.scoring.rule_books.scheme_texts import a_book

DAY = date(2022, 9, 30)
COUNTY = sample_county()
LANXIAN = find_scheme("lanxian-2022")
GROUPS = {unit.unit_id: unit.group for unit in COUNTY.rows(Unit)}


def standings_of(facts: Facts, group: str) -> dict[str, Standing]:
    """Unit of a group → its standing, from the facts by the engine."""
    with open_query_runner(facts) as run:
        query = build_day_query(run, DAY, LANXIAN, resolve_lights(LANXIAN), GROUPS)
        terms = query_unit_terms(query)
    own = [t for t in terms.values() if t.group == group]
    return {s.unit_id: s for s in rank_group(own, resolve_group(LANXIAN, group))}


def edited(move: FactMove) -> Facts:
    """The county with one row as the move has it."""
    table = move.kind.table
    rows = COUNTY.tables[table].to_pylist()
    if move.replaces is None:
        rows.append(dict(move.row))
    else:
        rows[move.replaces] = dict(move.row)
    return Facts({**COUNTY.tables, table: Facts.from_rows({table: rows}).tables[table]})


@cache
def answers() -> dict[str, Any]:
    result = score_facts(COUNTY, LANXIAN, resolve_lights(LANXIAN), DAY)
    return compute_sensitivity(COUNTY, result, set(GROUPS))


@cache
def before() -> Mapping[str, Standing]:
    return {u: s for group in {*GROUPS.values()} for u, s in standings_of(COUNTY, group).items()}


@cache
def candidates() -> list[FactMove]:
    return query_candidate_moves(COUNTY, DAY, {*GROUPS})


def of_kind(unit: str, kind: str) -> list[FactMove]:
    return [m for m in candidates() if (m.unit_id, m.kind.id) == (unit, kind)]


def answered(measured_in: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every answer for the units that have somebody above them."""
    for unit in answers()["units"]:
        for answer in unit["kinds"]:
            if answer["measured_in"] == measured_in:
                yield unit["unit_id"], answer


def rank_after(unit: str, facts: Facts) -> int:
    rank = standings_of(facts, GROUPS[unit])[unit].rank
    assert rank is not None
    return rank


# --- every candidate, scored anew


@pytest.mark.laws
def test_of_one_row_more_the_answer_is_the_best_of_all_candidates() -> None:
    seen = 0
    for unit, answer in answered("rows"):
        best: tuple[int, Any, str | None] | None = None
        for move in of_kind(unit, answer["kind"]):
            seen += 1
            after = standings_of(edited(move), GROUPS[unit])[unit]
            assert after.rank is not None
            assert after.total is not None
            place = (after.rank, -after.total)
            if after.rank < (before()[unit].rank or 0) and (best is None or place < best[:2]):
                best = (*place, move.project_id)
        expected: tuple[Any, ...] = (None, None, None, None)
        if best:
            expected = (1, best[0], format_decimal(-best[1], LANXIAN.decimals), best[2])
        assert (
            answer["least"],
            answer["rank"],
            answer["total"],
            answer["project_id"],
        ) == expected, (unit, answer["kind"])
    assert seen > 200


@pytest.mark.laws
def test_of_money_the_amount_moves_the_rank_and_no_project_does_it_with_one_yuan_less() -> None:
    found = 0
    for unit, answer in answered("yuan"):
        own, rank = of_kind(unit, answer["kind"]), before()[unit].rank or 0
        if answer["least"] is None:
            for move in own:
                for yuan in (1, move.max_yuan // 2, move.max_yuan):
                    after = edited(move.increased_by(max(yuan, 1)))
                    assert rank_after(unit, after) >= rank, (unit, move)
            continue
        found += 1
        least = answer["least"]
        (chosen,) = [move for move in own if move.project_id == answer["project_id"]]
        assert rank_after(unit, edited(chosen.increased_by(least))) == answer["rank"] < rank
        for move in own:
            if less := min(least - 1, move.max_yuan):
                assert rank_after(unit, edited(move.increased_by(less))) >= rank, (unit, move)
    assert found > 30


@pytest.mark.laws
def test_every_answer_is_a_change_to_ask_what_if_with() -> None:
    asked = 0
    for measured_in in ("rows", "yuan"):
        for unit, answer in answered(measured_in):
            if answer["change"]:
                asked += 1
                change = FactChange.model_validate(answer["change"])
                assert rank_after(unit, apply_fact_changes(COUNTY, [change])) == answer["rank"]
    assert asked > 50


# --- the facts of the candidates


def test_a_changed_formula_of_the_catalogue_changes_the_candidates() -> None:
    facts = a_ledger(
        units=[a_unit("A")],
        projects=[a_project("P1", unit_id="A", total_investment_yuan=4_000_000)],
        milestones=[a_milestone("started", "P1", actual_on="2022-03-01")],
    )
    declared = LANXIAN.facts_by_id
    smaller = declared["large"].model_copy(update={"text": "total_investment_yuan >= 4_000_000"})

    def kinds(named: Mapping[str, NamedFact]) -> set[str]:
        return {move.kind.id for move in query_candidate_moves(facts, DAY, {"A"}, named)}

    assert kinds({**declared, "large": smaller}) - kinds(declared) == {"pooled"}


# --- what is said


@pytest.mark.laws
def test_every_unit_has_an_answer_or_is_told_why_not() -> None:
    units = {unit["unit_id"]: unit for unit in answers()["units"]}
    assert units.keys() == GROUPS.keys()
    assert (units["U15"]["rank"], units["U15"]["said"]) == (1, "已是第 1 名")
    assert (units["U14"]["rank"], units["U14"]["said"]) == (None, "没有参加排名")
    for unit in units.values():
        kinds = [kind["kind"] for kind in unit["kinds"]]
        assert kinds == ([] if (unit["rank"] or 0) < 2 else [kind.id for kind in MOVE_KINDS])


def test_words_that_a_director_reads() -> None:
    said = {(u, a["kind"]): a["said"] for m in ("rows", "yuan") for u, a in answered(m)}
    assert said["U13", "permit"] == (
        "再办结 1 项手续（P067 样县样坂分散式风电项目「样例」），可升至第 10 名"
    )
    assert said["U16", "central_budget"] == "再争取中央预算内资金 577,455 元，可升至第 7 名"
    assert said["U16", "permit"] == "仅靠再办结 1 项手续不能升位"
    assert said["U16", "started"] == "再开工 1 个项目：没有可动的项目"
    (u16,) = [unit for unit in answers()["units"] if unit["unit_id"] == "U16"]
    assert u16["said"].startswith("再投产 1 个项目（P080")
    assert u16["said"].endswith("；或再争取政策性金融工具 1 元，可升至第 5 名")


# --- what cannot be told


def of_scheme(scheme: Scheme) -> dict[str, Any]:
    facts = a_ledger(
        units=[a_unit("A"), a_unit("B")],
        projects=[a_project("P1", unit_id="A"), a_project("P2", unit_id="B")],
        milestones=[a_milestone("started", "P1", actual_on="2022-03-01")],
    )
    result: ScoringResult = score_facts(facts, scheme, resolve_lights(scheme), DAY)
    return compute_sensitivity(facts, result, {"B"})


def own(population: str, numerator: str) -> Scheme:
    return a_book(
        metrics=f"""\
metrics:
  - {{id: a, zh: 甲, en: A, population: '{population}', numerator: "{numerator}",
      denominator: count(), source: 测试}}
"""
    )


def test_an_amount_that_counts_by_steps_has_no_least_and_says_so() -> None:
    (unit,) = of_scheme(own("", "count(started or ytd >= 500)"))["units"]
    said = {kind["kind"]: kind["said"] for kind in unit["kinds"]}
    assert said["investment"] == "单个项目再完成投资：“甲”不随金额按比例变化，求不出最小金额"
    assert said["started"] == "再开工 1 个项目（P2 项目P2），可升至第 1 名"


def test_a_scheme_that_names_units_is_refused() -> None:
    with pytest.raises(NotForThisScheme, match='unit_id == "A"'):
        of_scheme(own('unit_id == "A"', "count(started)"))

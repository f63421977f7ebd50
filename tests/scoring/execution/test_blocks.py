"""A ledger in blocks of regions: where its rows lie, and that the whole is the same to the byte."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.blocks import merge_answers, split_into_blocks, sum_terms
from services.scoring.execution.duckdb import (
    FiguresTooLarge,
    QueryAnswers,
    QueryRunner,
    open_query_runner,
)
from services.scoring.execution.run import score_facts
from services.scoring.runs.rules import serialize_result
from services.scoring.schemes.scheme_files import find_scheme, parse_document, resolve_lights
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from tests.builders import a_fund, a_ledger, a_plan, a_problem, a_project, a_report, a_unit
from tests.facts import facts_of
from tests.scoring.engine.result_documents import LANXIAN
from tests.scoring.engine.results.test_laws import cases, chances, law, world

REGIONS = ("", "141121", "141122", "141127", "141127100", "141181")
BESIDE = """\
id: beside
zh: 旁边都有
source: 测试
lights: sanya-2022
boards: mianyang-2022
streaks: yongfeng-2022
awards: huidong-2022
pillars:
  - id: speed
    zh: 比速度
    weight: 100
    metrics:
      - {id: investment_completion, points: {rule: proportional}}
      - {id: investment_contribution, points: {rule: best_ratio}}
"""
SCHEMES = {
    "twenty": LANXIAN,
    "marks": find_scheme("yanan-2017"),
    "beside": parse_document(BESIDE, Scheme, "beside.yaml"),
}


@dataclass(frozen=True)
class OneAfterAnother(QueryRunner):
    """Asks blocks in this process."""

    blocks: list[Facts]

    def run_batch(self, facts: str, queries: Sequence[str], as_of: date) -> QueryAnswers:
        answers = []
        for block in self.blocks:
            with open_query_runner(block) as run:
                answers.append([*run.run_batch(facts, queries, as_of)])
        yield from map(merge_answers, zip(*answers, strict=True))


@contextmanager
def one_after_another(facts: Facts) -> Iterator[QueryRunner]:
    """The least blocks that there can be."""
    yield OneAfterAnother(split_into_blocks(facts, 1))


def both_ways(facts: Facts, scheme: Scheme, day: date) -> tuple[str, str]:
    """The document from one pass, and from blocks."""
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    one, other = (
        serialize_result(
            score_facts(facts, scheme, resolve_lights(scheme), day, engine=engine), names
        )
        for engine in (open_query_runner, one_after_another)
    )
    return one, other


# --- where rows lie

UNITS = [
    a_unit("U01", region_code="141127"),
    a_unit("U02", region_code="141121"),
    a_unit("U03"),
    a_unit("U04", region_code="141127100"),
]
THREE_REGIONS = a_ledger(
    units=UNITS,
    projects=[
        a_project("P001", unit_id="U01"),
        a_project("P002", unit_id="U02", region_code="141127"),
        a_project("P003", unit_id="U02"),
    ],
    plans=[a_plan(1, "P002"), a_plan(2, "P001")],
    funds=[
        a_fund(1, project_id="P001", unit_id="U02"),
        a_fund(2, unit_id="U04"),
        a_fund(3, project_id="P003"),
        a_fund(4),
    ],
    problems=[a_problem("Q1", project_id="P001"), a_problem("Q2", project_id=None)],
)


def keys(block: Facts, table: str, key: str) -> list[object]:
    found: list[object] = block.tables[table][key].to_pylist()
    return found


def test_a_project_lies_with_its_unit_and_its_rows_lie_with_it() -> None:
    of_1121, of_1127, of_a_township = split_into_blocks(THREE_REGIONS, 1)
    assert keys(of_1121, "projects", "project_id") == ["P002", "P003"]
    assert keys(of_1121, "plans", "project_id") == ["P002"]
    assert keys(of_1127, "projects", "project_id") == ["P001"]
    assert keys(of_1127, "plans", "project_id") == ["P001"]
    assert keys(of_a_township, "projects", "project_id") == []


def test_funds_lie_with_their_project_else_with_their_unit_else_in_the_first_block() -> None:
    amounts = [keys(block, "funds", "amount_yuan") for block in split_into_blocks(THREE_REGIONS, 1)]
    assert amounts == [[3, 4], [1], [2]]


def test_a_unit_is_in_the_block_of_its_region_and_in_every_other_that_names_it() -> None:
    units = [keys(block, "units", "unit_id") for block in split_into_blocks(THREE_REGIONS, 1)]
    assert units == [["U02", "U03"], ["U01", "U02"], ["U04"]]


def test_what_names_nobody_is_not_lost() -> None:
    problems = [
        keys(block, "problems", "problem_id") for block in split_into_blocks(THREE_REGIONS, 1)
    ]
    assert problems == [["Q2"], ["Q1"], []]


@pytest.mark.parametrize(("full", "number"), [(1, 3), (2, 2), (3, 2), (4, 1)])
def test_a_block_takes_regions_until_it_is_full(full: int, number: int) -> None:
    """No region has no projects, then there are two, one and none; a region is never cut."""
    assert len(split_into_blocks(THREE_REGIONS, full)) == number


def test_an_empty_ledger_is_one_empty_block() -> None:
    (block,) = split_into_blocks(Facts.from_rows({}))
    assert {table.num_rows for table in block.tables.values()} == {0}


# --- the whole


@law
@given(cases, chances, st.sampled_from([*SCHEMES]))
def test_blocks_add_up_to_the_document_of_one_pass(
    case: tuple[int, date], chance: Random, scheme: str
) -> None:
    seed, day = case
    ledger = world(seed)
    for unit in ledger["units"]:
        unit["region_code"] = chance.choice(REGIONS)
    facts = facts_of(ledger)

    cut = split_into_blocks(facts, 1)
    assert len(cut) > 1
    for table in facts.tables.keys() - {"units"}:
        rows = Counter(str(row) for block in cut for row in block.tables[table].to_pylist())
        assert rows == Counter(map(str, facts.tables[table].to_pylist()))
    one, other = both_ways(facts, SCHEMES[scheme], day)
    assert one == other


def test_a_sum_of_blocks_that_leaves_64_bits_is_refused_as_that_of_one_pass() -> None:
    """Each block's half fits: more than 2⁶³ are only both together."""
    facts = a_ledger(
        units=[a_unit("U01", region_code="141127"), a_unit("U02", region_code="141121")],
        projects=[a_project("P001"), a_project("P002", unit_id="U02")],
        funds=[
            a_fund(5 * 10**18, project_id="P001", unit_id="U01"),
            a_fund(5 * 10**18, project_id="P002", unit_id="U01"),
        ],
    )
    for engine in (open_query_runner, one_after_another):
        with pytest.raises(FiguresTooLarge, match="指标 central_budget_won"):
            score_facts(facts, LANXIAN, resolve_lights(LANXIAN), date(2022, 12, 25), engine=engine)


def test_the_largest_number_of_64_bits_is_still_a_sum() -> None:
    half = 2**62
    assert sum_terms([{"a n": half}, {"a n": half - 1}]) == {"a n": 2**63 - 1}
    with pytest.raises(FiguresTooLarge):
        sum_terms([{"a n": half}, {"a n": half}])


def test_reports_of_a_project_count_once_however_many_blocks_name_its_unit() -> None:
    facts = a_ledger(
        units=UNITS,
        projects=[a_project("P001"), a_project("P002", unit_id="U02")],
        plans=[a_plan(100, "P001"), a_plan(100, "P002")],
        progress=[a_report("2022-06-30", 50, "P001"), a_report("2022-06-30", 25, "P002")],
        funds=[a_fund(1, project_id="P002", unit_id="U01")],
    )
    found = score_facts(
        facts, LANXIAN, resolve_lights(LANXIAN), date(2022, 12, 25), engine=one_after_another
    )
    assert found.terms["U01"].of_metric["investment_completion"] == (50, 100)
    assert found.terms["U01"].of_metric["central_budget_won"] == (1, None)
    assert found.terms["U01"].live_projects == 1

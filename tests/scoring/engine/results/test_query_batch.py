"""What a run asks of its day: over facts made once, and by another plan, the same answers."""

from contextlib import closing
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.engine.language.compiler import terms_query
from services.scoring.engine.lights.project_lights import lights_query
from services.scoring.engine.results.query_batch import compile_terms_and_lights
from services.scoring.execution import duckdb
from services.scoring.execution.day_query import declared_facts
from services.scoring.execution.duckdb import FiguresTooLarge, QueryRows, open_query_runner
from services.scoring.execution.run import score_facts
from services.scoring.schemes.scheme_files import built_in_lights, find_scheme, resolve_lights
from shared.facts.tables import Facts
from tests.builders import a_ledger, a_plan, a_project, a_report
from tests.facts import facts_of
from tests.scoring.engine.result_documents import LANXIAN
from tests.scoring.engine.results.test_laws import cases, law, world

SCHEMES = {name: find_scheme(name) for name in ("lanxian-2022", "heilongjiang-2021", "yanan-2017")}


def asked_both_ways(
    facts: Facts, scheme_id: str, day: date
) -> tuple[list[QueryRows], list[QueryRows]]:
    """The answers over the same facts, and over facts of their own."""
    scheme = SCHEMES[scheme_id]
    preset = resolve_lights(scheme)
    declared, metrics = declared_facts(scheme, preset), scheme.needed_metrics
    axes = preset.project_axes
    asked = compile_terms_and_lights(metrics, axes, declared, figures=True)
    alone = [terms_query(metrics, declared), lights_query(axes, declared, figures=True)]
    with open_query_runner(facts) as run:
        return [*run.run_batch(asked.facts, asked.queries, day)], [run(q, day) for q in alone]


@law
@given(cases, st.sampled_from([*SCHEMES]))
def test_over_the_same_facts_every_answer_is_the_same(case: tuple[int, date], scheme: str) -> None:
    seed, day = case
    together, alone = asked_both_ways(facts_of(world(seed)), scheme, day)
    assert together == alone
    assert all(together)


@law
@given(cases, st.sampled_from([*SCHEMES]))
def test_a_small_ledgers_plan_answers_as_a_large_ones(case: tuple[int, date], scheme: str) -> None:
    seed, day = case
    facts = facts_of(world(seed))
    small, _ = asked_both_ways(facts, scheme, day)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(duckdb, "ROWS_PER_THREAD", -1)
        large, _ = asked_both_ways(facts, scheme, day)
        assert off(facts) == ""
    assert off(facts) != ""
    assert small == large


def off(facts: Facts) -> Any:
    """The optimizers that are off where a ledger is asked."""
    query = "SELECT current_setting('disabled_optimizers') AS optimizers"
    with open_query_runner(facts) as run:
        (row,) = run(query, date(2022, 12, 31))
    return row["optimizers"]


@law
@given(cases, st.sampled_from(["yinchuan-2025", "sanya-2022", "wuhan", "xinhuang-2015"]))
def test_every_metric_and_preset_finds_its_facts_there(case: tuple[int, date], name: str) -> None:
    seed, day = case
    preset = built_in_lights()[name]
    declared = declared_facts(LANXIAN, preset)
    asked = compile_terms_and_lights(METRICS, preset.project_axes, declared, figures=True)
    with open_query_runner(facts_of(world(seed))) as run:
        terms, lights = run.run_batch(asked.facts, asked.queries, day)
        assert terms == run(terms_query(METRICS, declared), day)
        assert lights == run(lights_query(preset.project_axes, declared, figures=True), day)


def test_a_day_can_be_asked_again_on_the_same_ledger() -> None:
    """Each time the facts are those of its day."""
    facts = facts_of(world(0))
    preset = resolve_lights(LANXIAN)
    asked = compile_terms_and_lights(LANXIAN.needed_metrics, preset.axes, LANXIAN.facts_by_id)
    days = [date(2022, 3, 31), date(2022, 9, 30), date(2022, 3, 31)]
    with open_query_runner(facts) as run:
        march, september, again = (
            [*run.run_batch(asked.facts, asked.queries, day)] for day in days
        )
    assert march == again != september


def test_lights_whose_figures_are_too_large_are_told_as_such() -> None:
    """The terms alone would still fit."""
    facts = a_ledger(
        projects=[a_project()], plans=[a_plan(4 * 10**18)], progress=[a_report("2022-06-30", 1)]
    )
    day = date(2022, 9, 30)
    with open_query_runner(facts) as run:
        assert run(terms_query(LANXIAN.needed_metrics, LANXIAN.facts_by_id), day)
    with pytest.raises(FiguresTooLarge, match="亮灯"):
        score_facts(facts, LANXIAN, resolve_lights(LANXIAN), day)


def test_who_stops_between_two_answers_can_ask_again() -> None:
    asked = compile_terms_and_lights(LANXIAN.needed_metrics, (), LANXIAN.facts_by_id)
    day = date(2022, 9, 30)
    with open_query_runner(facts_of(world(0))) as run:
        with closing(run.run_batch(asked.facts, asked.queries, day)) as answers:
            first = next(answers)
        again, _ = run.run_batch(asked.facts, asked.queries, day)
    assert again == first

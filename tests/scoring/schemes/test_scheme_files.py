"""Scheme documents: those built in, an office's own, and all that may be wrong with one."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from services.scoring.engine.catalogue.metrics import BIG_COMPARISON_METRICS
from services.scoring.engine.language.compiler import metric_rows_query, terms_query
from services.scoring.engine.lights.project_lights import lights_query
from services.scoring.engine.points.rules import Proportional
from services.scoring.engine.scheme.honour_declarations import HONOUR_SECTIONS, Honours
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, SchemeMistake
from services.scoring.engine.scheme.project_marks import marks_query
from services.scoring.schemes.scheme_files import (
    built_in_honours,
    built_in_lights,
    built_in_schemes,
    find_scheme,
    parse_document,
    resolve_lights,
)
from tests.builders import a_ledger, a_milestone, a_project, a_report, a_unit
from tests.scoring.engine.result_documents import document_of

MINE = """
id: mine
zh: 我的方案
source: 测试
lights: yinchuan-2025
pillars:
  - id: speed
    zh: 比速度
    weight: 60
    metrics:
      - {id: start_rate, points: {rule: proportional}}
"""


BUILT_IN = ["heilongjiang-2021", "lanxian-2022", "yanan-2017"]


def told(text: str) -> str:
    with pytest.raises(SchemeMistake) as mistake:
        parse_document(dedent(text).lstrip(), Scheme, "mine.yaml")
    return mistake.value.detail


# --- built in


def test_the_built_in_schemes_and_lights_are_there() -> None:
    assert list(built_in_schemes()) == BUILT_IN
    assert list(built_in_lights()) == [
        "sanya-2022",
        "tianjin-2022",
        "wuhan",
        "xinhuang-2015",
        "yinchuan-2025",
    ]
    assert list(built_in_honours("boards")) == ["mianyang-2022"]
    assert list(built_in_honours("streaks")) == ["yongfeng-2022"]
    assert list(built_in_honours("awards")) == ["huidong-2022"]


@pytest.mark.parametrize(
    "built_in", [built_in_schemes(), built_in_lights(), *map(built_in_honours, HONOUR_SECTIONS)]
)
def test_a_built_in_document_lies_in_the_file_named_after_it(
    built_in: Mapping[str, Scheme | Lights | Honours],
) -> None:
    assert [found.id for found in built_in.values()] == [*built_in]


@pytest.mark.parametrize("scheme", built_in_schemes().values(), ids=lambda scheme: scheme.id)
def test_a_built_in_scheme_compiles_and_names_its_lights(scheme: Scheme) -> None:
    assert resolve_lights(scheme).id == scheme.lights
    assert "SELECT" in terms_query(scheme.needed_metrics, scheme.facts_by_id)
    for marks in scheme.project_marks:
        assert "SELECT" in marks_query(marks, scheme.facts_by_id)[0]
    for metric in (metric for metric in scheme.metrics_by_id.values() if metric.is_tallied):
        query, conditions = metric_rows_query(metric, scheme.facts_by_id)
        assert "SELECT" in query
        assert all(conditions)


@pytest.mark.parametrize("scheme", built_in_schemes().values(), ids=lambda scheme: scheme.id)
def test_a_scheme_that_is_kept_as_json_comes_back_as_it_was(scheme: Scheme) -> None:
    assert Scheme.model_validate_json(scheme.model_dump_json()) == scheme
    assert Scheme.model_validate(scheme.model_dump(mode="json")) == scheme


@pytest.mark.parametrize("preset", built_in_lights().values(), ids=lambda preset: preset.id)
def test_built_in_lights_compile_over_the_catalogue(preset: Lights) -> None:
    facts = {**find_scheme("lanxian-2022").facts_by_id, **preset.facts_by_id}
    assert "SELECT" in lights_query(preset.project_axes, facts)


def test_lanxian_is_five_pillars_of_twenty_and_twenty_metrics_of_equal_weight() -> None:
    lanxian = find_scheme("lanxian-2022")
    assert [pillar.weight for pillar in lanxian.pillars] == [20] * 5
    assert [metric.id for metric in lanxian.scored_metrics] == [
        metric.id for metric in BIG_COMPARISON_METRICS
    ]
    assert {scored.weight for _, scored in lanxian.scored_by_pillar()} == {Decimal(1)}
    for _, scored in lanxian.scored_by_pillar():
        if isinstance(scored.points, Proportional):
            assert scored.points.full_at == scored.points.cap == 1


# --- an office's own


OWN = MINE.replace("mine", "own").replace(
    "      - {id: start_rate, points: {rule: proportional}}\n",
    "      - {id: large_share, points: {rule: proportional, full_at: 0.5, cap: 1.2}}\n",
) + dedent("""
    facts:
      - {id: really_large, zh: 大项目, text: total_investment_yuan >= 100}
      - id: reports
        zh: 填报次数
        over: progress
        text: count(known(invested_ytd_yuan))
    metrics:
      - id: large_share
        zh: 大项目占比
        en: Share of large projects
        population: in_campaign and reports > 0
        numerator: count(really_large)
        denominator: count()
        source: 测试
""")
TWO_UNITS = a_ledger(
    units=[a_unit("U01"), a_unit("U02")],
    projects=[
        a_project("P1", unit_id="U01", total_investment_yuan=100),
        a_project("P2", unit_id="U01", total_investment_yuan=99),
        a_project("P3", unit_id="U01", total_investment_yuan=99),
        a_project("P4", unit_id="U02", total_investment_yuan=500),
        a_project("P5", unit_id="U02", total_investment_yuan=None),
        a_project("P6", unit_id="U02", total_investment_yuan=100),  # never reported
    ],
    progress=[a_report("2022-03-31", 1, f"P{n}") for n in range(1, 6)],
)


def test_a_scheme_with_its_own_facts_and_metrics_ranks(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    document = document_of(TWO_UNITS, date(2022, 6, 30), find_scheme(str(path)))
    assert document["scheme"] == "own"
    first, second = document["groups"][0]["units"]
    # U02: 1 of 2 is half, full at half: 60 × 1; U01: 1 of 3 is two thirds of half: 60 × 2 ÷ 3.
    assert (first["unit_id"], first["rank"], first["total"]) == ("U02", 1, "60.00")
    assert (second["unit_id"], second["rank"], second["total"]) == ("U01", 2, "40.00")
    assert first["metrics"]["large_share"] == {
        "numerator": 1,
        "denominator": 2,
        "points": "60.0000",
        "rank": 1,
    }


def test_adding_a_metric_touches_one_place_its_declaration_and_its_line_in_a_pillar() -> None:
    scored = "      - {id: started_count, points: {rule: best_ratio}}\n"
    declared = dedent("""
        metrics:
          - {id: started_count, zh: 开工数, en: Starts, numerator: count(started), measure: count,
             source: 测试}
    """)
    more = parse_document(MINE + scored + declared, Scheme, "mine.yaml")
    less = parse_document(MINE, Scheme, "mine.yaml")
    facts = a_ledger(
        projects=[a_project("P1"), a_project("P2")],
        milestones=[a_milestone("started", "P1", actual_on="2022-03-01")],
    )
    before = document_of(facts, date(2022, 6, 30), less)["groups"][0]["units"][0]
    after = document_of(facts, date(2022, 6, 30), more)["groups"][0]["units"][0]
    assert before["metrics"].keys() == {"start_rate"}
    assert after["metrics"].keys() == {"start_rate", "started_count"}
    assert after["metrics"]["started_count"] == {
        "numerator": 1,
        "denominator": None,
        "points": "30.0000",
        "rank": 1,
    }
    assert (before["total"], after["total"]) == ("30.00", "45.00")


def test_numbers_keep_the_digits_that_were_written() -> None:
    scheme = parse_document(MINE.replace("weight: 60", "weight: 0.1"), Scheme, "mine.yaml")
    assert scheme.pillars[0].weight == Decimal("0.1")


def test_wrong_formulas_of_ones_own_are_told_all_at_once_with_their_places() -> None:
    broken = OWN.replace("count(really_large)", "count(realy_large)").replace(">=", ">= day +")
    with pytest.raises(SchemeMistake) as mistake:
        parse_document(broken, Scheme, "own.yaml")
    told = str(mistake.value)
    assert "指标 large_share 的分子，第 7 个字符：没有名为“realy_large”的事实或栏目，" in told
    assert "是不是“really_large”？\n    count(realy_large)\n          ^" in told
    assert "数与日期不能这样比较" in told
    assert told.count("own.yaml 第 ") == 2


def test_an_own_fact_called_like_a_column_is_refused() -> None:
    called_like_it = OWN.replace("id: really_large", 'id: "on"')
    with pytest.raises(SchemeMistake, match="事实“on”重名"):
        parse_document(called_like_it, Scheme, "own.yaml")


def test_an_own_fact_may_not_take_the_name_that_axes_give_their_figure() -> None:
    with pytest.raises(SchemeMistake, match="事实“figure”重名"):
        parse_document(OWN.replace("id: really_large", "id: figure"), Scheme, "own.yaml")


# --- which scheme


def test_an_unknown_name_is_told_with_those_that_are_known() -> None:
    with pytest.raises(SchemeMistake) as mistake:
        find_scheme("lanxian")
    assert mistake.value.detail == f"没有内置方案或文件“lanxian”；内置方案：{'、'.join(BUILT_IN)}"


@pytest.mark.parametrize("name", ["x" * 5000, "\0"])
def test_a_name_that_no_file_can_have_is_unknown(name: str) -> None:
    with pytest.raises(SchemeMistake, match=r"^方案有误：没有内置方案或文件"):
        find_scheme(name)


def test_unknown_lights_are_told_with_those_that_are_known() -> None:
    scheme = parse_document(MINE.replace("yinchuan-2025", "yinchuan-2026"), Scheme, "mine.yaml")
    with pytest.raises(SchemeMistake) as mistake:
        resolve_lights(scheme)
    assert mistake.value.detail == "没有红黄绿灯方案“yinchuan-2026”，可用：" + "、".join(
        built_in_lights()
    )


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes("id: 方案".encode("gb18030"))
    with pytest.raises(SchemeMistake) as mistake:
        find_scheme(str(path))
    assert mistake.value.detail == f"{path} 不是 UTF-8 文本"


def test_a_file_beyond_reason_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("#" * 1_000_001, encoding="utf-8")
    with pytest.raises(SchemeMistake) as mistake:
        find_scheme(str(path))
    assert mistake.value.detail == f"{path} 超过 1000000 字节，不像方案文件"

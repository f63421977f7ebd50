"""Formulas in Chinese: what people read for what runs."""

import re

import pytest

from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.engine.language.symbols import PROJECTS_TABLE
from services.scoring.engine.phrasing.formulas import FormulaPhrases, describe_axis, describe_metric
from services.scoring.schemes.scheme_files import built_in_lights, built_in_schemes
from tests.scoring.engine.result_documents import LANXIAN

FACTS = LANXIAN.facts_by_id
LATIN = re.compile(r"[a-z_]{2,}")


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("count()", "项目数"),
        ("count(working)", "已开工复工的项目数"),
        ("sum(total_investment_yuan if total_investment_yuan >= 5_0000_0000 else 0)",
         "（总投资 ≥ 5亿）的总投资合计"),
        ("sum(in_production_on - initiated_on)", "（实际投产日期 － 实际立项日期）合计"),
        ('nature == "continuing" and not paused', "建设性质为续建且不是“批准停工中”"),
        ('"province" in key_levels or is_industrial', "重点级别含省级或产业项目"),
        ("year_start <= signed_on <= day", "本年1月1日 ≤ 实际签约日期 ≤ 截至日期"),
        ("or_else(plan, 0) * 3", "本年计划投资（没有则为 0） × 3"),
        ("after_months(started_on, 2) < day", "实际开工日期后 2 个月 ＜ 截至日期"),
        ("known(plan) and (started or landed)", "有本年计划投资且（已开工或已落地）"),
    ],
)  # fmt: skip
def test_a_formula_reads_as_people_would_say_it(formula: str, said: str) -> None:
    assert FormulaPhrases(PROJECTS_TABLE, FACTS).describe(formula) == said


def test_a_metric_says_what_is_divided_by_what_and_over_which_rows() -> None:
    said = {metric.id: describe_metric(metric, FACTS) for metric in METRICS}
    assert said["start_rate"] == "已开工复工的项目数 ÷ 项目数；范围：新建或续建"
    assert said["investment_contribution"] == (
        "本年完成投资合计 ÷ 全部单位的本年完成投资合计；范围：已入库"
    )
    assert said["problem_closing_rate"] == (
        "（销号日期 ≤ 截至日期）的问题数 ÷ 问题数；范围：提出日期 ≤ 截至日期"
    )
    assert said["fund_paid_rate"].startswith("（资金环节为支付）的金额合计 ÷ ")
    assert said["clearance_rate"] == "（需要征地拆迁台账，尚未登记）"


def test_nothing_that_is_built_in_is_read_out_in_code() -> None:
    for scheme in built_in_schemes().values():
        for metric in scheme.needed_metrics:
            if metric.numerator:
                assert not LATIN.search(describe_metric(metric, scheme.facts_by_id)), metric.id
    for metric in METRICS:
        assert not LATIN.search(describe_metric(metric, FACTS)), metric.id
    for preset in built_in_lights().values():
        for axis in preset.axes:
            for text in describe_axis(axis, {**FACTS, **preset.facts_by_id}):
                assert not LATIN.search(text), (preset.id, axis.id)

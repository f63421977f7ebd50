"""Presets that a scheme brings itself, and what a person is told of a broken one."""

from textwrap import indent

import pytest

from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, SchemeMistake
from services.scoring.schemes.scheme_files import parse_document, resolve_lights
from tests.builders import a_ledger, a_plan, a_project
from tests.scoring.engine.lights.preset_lights import axis
from tests.scoring.engine.ranked_units import HEAD

BROKEN_AXES = """\
id: broken
zh: 坏灯
source: 测试
facts:
  - {id: plan, zh: 计划, text: ytd}
axes:
  - {id: start, zh: 开工, applies: is_new, yellow: figure < 1, red: is_new}
  - {id: start, zh: 开工, applies: is_new, yellow: is_new, red: is_new,
     figure: {numerator: nature}}
  - {id: growth, zh: 增长, subject: unit, metric: no_such, applies: known(figure),
     yellow: figure < goal, red: months_missed > 1}
"""


def told(text: str, model: type[Lights] | type[Scheme] = Lights) -> list[str]:
    """The mistakes of a document, each without the line and the caret under it."""
    with pytest.raises(SchemeMistake) as mistake:
        parse_document(text, model, "lights.yaml")
    lines = mistake.value.detail.split("\n")
    return [line for line in lines if line.startswith("lights.yaml")]


def test_every_mistake_of_a_presets_axes_is_told_at_its_place() -> None:
    assert told(BROKEN_AXES) == [
        "lights.yaml 第 5 行第 5 列：事实“plan”重名",
        "lights.yaml 第 7 行第 5 列：红黄绿灯 start 轴的 yellow，第 1 个字符："
        "没有名为“figure”的事实或栏目",
        "lights.yaml 第 8 行第 5 列：轴“start”重名",
        "lights.yaml 第 8 行第 5 列：红黄绿灯 start 轴的数值的分子，第 1 个字符："
        "这里要数，写的是词",
        "lights.yaml 第 10 行第 5 列：红黄绿灯 growth 轴：没有名为“no_such”的指标",
        "lights.yaml 第 10 行第 5 列：红黄绿灯 growth 轴的 yellow，第 10 个字符："
        "没有名为“goal”的事实或栏目",
        "lights.yaml 第 10 行第 5 列：红黄绿灯 growth 轴的 red，第 1 个字符："
        "没有名为“months_missed”的事实或栏目",
    ]


def test_what_people_enter_and_projects_marks_are_a_schemes_not_a_presets() -> None:
    metrics = """\
metrics:
  - {id: visits, zh: 现场办公, en: Visits, by_hand: true, source: 测试}
  - {id: marked, zh: 项目得分, en: Marks, marks: mark, source: 测试}
"""
    said = "人工录入的指标和取项目得分的指标要写在方案里"
    assert told(OWN.replace(" and is_ours", "") + metrics) == [
        f"lights.yaml 第 10 行第 5 列：{said}",
        f"lights.yaml 第 11 行第 5 列：{said}",
    ]


FALLS = "累计曲线不能下降，年末应大于 0"


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        ("[0.1, 0.2]", "第 4 行第 8 列 curve：至少要有 12 项"),
        (f"[{', '.join(['1'] * 13)}]", "第 4 行第 8 列 curve：最多 12 项"),
        (
            f"[0.5, {', '.join(['0.4'] * 11)}]",
            f"第 4 行第 8 列 curve：{FALLS}",
        ),
        (f"[{', '.join(['0'] * 12)}]", f"第 4 行第 8 列 curve：{FALLS}"),
        (
            f"[{', '.join(['0'] * 11)}, 0.1234]",
            "第 4 行第 42 列 curve.11：最多 3 位小数，写的是“0.1234”",
        ),
        (f"[-1, {', '.join(['1'] * 11)}]", "第 4 行第 9 列 curve.0：应不小于 0，写的是“-1”"),
    ],
)
def test_a_curve_that_is_none(curve: str, expected: str) -> None:
    axes = "axes:\n  - {id: a, zh: 轴, applies: is_new, yellow: is_new, red: is_new}\n"
    text = f"id: mine\nzh: 我的灯\nsource: 测试\ncurve: {curve}\n{axes}"
    assert told(text) == [f"lights.yaml {expected}"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("subject: unit", "subject 为 unit 的轴要写明 metric"),
        (
            "metric: lead",
            "figure 只用于项目的轴，metric、missed 只用于 subject 为 unit 的轴",
        ),
        (
            "subject: unit, metric: lead, figure: {numerator: ytd}",
            "figure 只用于项目的轴，metric、missed 只用于 subject 为 unit 的轴",
        ),
        ("subject: units", "应为 project 或 unit，写的是“units”"),
        ("words: {yellow: 关注, blue: 蓝}", "不认识这一项，可用：green、yellow、red"),
    ],
)
def test_an_axis_that_does_not_fit_its_subject(written: str, expected: str) -> None:
    text = f"""\
id: mine
zh: 我的灯
source: 测试
axes:
  - {{id: a, zh: 轴, applies: is_new, yellow: is_new, red: is_new, {written}}}
"""
    (mistake,) = told(text)
    assert mistake.endswith(f"：{expected}")


# --- a scheme's own lights

OWN = """\
id: ours
zh: 我们的灯
source: 测试
facts:
  - {id: half_done, zh: 过半, text: 2 * ytd >= plan}
axes:
  - {id: progress, zh: 进度, applies: plan > 0 and is_ours, yellow: not half_done,
     figure: {numerator: ytd, denominator: plan}, red: figure < 0.25}
"""
FACTS = "facts:\n  - {id: is_ours, zh: 我们的, text: is_new}\n"


def with_own_lights(lights: str = OWN, facts: str = FACTS) -> str:
    return HEAD.replace("lights: yinchuan-2025\n", f"lights:\n{indent(lights, '  ')}") + facts


def test_a_scheme_may_bring_lights_of_its_own_that_use_its_facts() -> None:
    scheme = parse_document(with_own_lights(), Scheme, "mine.yaml")
    preset = resolve_lights(scheme)
    assert preset.id == "ours"
    assert preset.project_axes[0].red == "figure < 0.25"
    catalogue = parse_document(OWN.replace(" and is_ours", ""), Lights, "ours.yaml")
    table = {"Thursday 2022-06-30": "red"}
    facts = a_ledger(projects=[a_project()], plans=[a_plan(100)])
    assert axis(catalogue, "progress", table, facts) == table


def test_what_is_wrong_with_a_schemes_own_lights_is_told_at_its_place() -> None:
    broken = OWN.replace("half_done,", "half_dun,").replace("0.25", "0.25 * 2")
    assert told(with_own_lights(broken), Scheme) == [
        "lights.yaml 第 11 行第 7 列：红黄绿灯 progress 轴的 red，第 10 个字符："
        "比值和小数只能比较大小，不能加减乘"
    ]
    assert told(with_own_lights(OWN.replace("zh: 进度, ", "")), Scheme) == [
        "lights.yaml 第 11 行第 7 列 lights.axes.0.zh：缺少这一项"
    ]
    assert told(with_own_lights(facts=""), Scheme)[0].endswith("没有名为“is_ours”的事实或栏目")


@pytest.mark.parametrize("written", ["Yinchuan 2025", "[yinchuan-2025]", "3"])
def test_a_name_of_lights_that_is_none(written: str) -> None:
    (mistake,) = told(HEAD.replace("yinchuan-2025", written), Scheme)
    assert mistake.startswith("lights.yaml 第 4 行第 9 列 lights：")


def test_a_fact_may_not_be_both_the_schemes_and_its_lights() -> None:
    twice = FACTS.replace("is_ours", "half_done")
    (mistake,) = told(with_own_lights(OWN.replace(" and is_ours", ""), twice), Scheme)
    assert mistake == "lights.yaml 第 9 行第 7 列：事实“half_done”重名"


def test_a_named_preset_and_a_scheme_may_not_have_a_metric_of_one_name() -> None:
    metrics = (
        "metrics:\n  - {id: investment_growth_on_last_year, zh: 增速, en: Growth,"
        " numerator: sum(ytd), source: 测试}\n"
    )
    scheme = parse_document(
        HEAD.replace("yinchuan-2025", "tianjin-2022") + metrics, Scheme, "mine.yaml"
    )
    with pytest.raises(SchemeMistake) as mistake:
        resolve_lights(scheme)
    assert mistake.value.detail == (
        "方案与红黄绿灯方案“tianjin-2022”的指标重名：investment_growth_on_last_year"
    )

"""Broken scheme documents: every mistake at once, each with its line, column and words."""

from textwrap import dedent

import pytest

from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.engine.declarations import Axis
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, SchemeMistake
from services.scoring.schemes.scheme_files import parse_document
from tests.scoring.engine.points.rule_results import RULE_NAMES
from tests.scoring.schemes.test_scheme_files import MINE, told

KNOWN = "、".join([*(metric.id for metric in METRICS), "more"])
MANY = """
    id: Broken Scheme
    version: one
    zh: 坏方案
    decimals: 9
    lights: nowhere
    colour: red
    pillars:
      - id: speed
        zh: 比速度
        weight: 0
        metrics:
          - {id: start_rate, points: {rule: proportional, full_at: -1}}
          - {id: start_rate, weight: heavy, points: {rule: fastest}}
          - {id: zzz, points: {}}
          - {points: {rule: best_ratio, cap: 1}}
      - zh: 比谋划
        weight: [20]
        metrics: []
      - speed
      - {id: speed, zh: 又一个, weight: 5, metrics: [{id: pool_rate, points: {rule: best_ratio}}]}
    facts:
      - {id: Great, zh: "", text: ytd, over: 3}
      - {id: plan, zh: 计划, text: ytd}
    metrics:
      - id: more
        zh: 更多
        numerator: 5
        direction: up
        of_all: maybe
"""


def test_every_mistake_of_a_document_is_told_at_once_from_top_to_bottom() -> None:
    assert told(MANY).split("\n") == [
        "mine.yaml 第 1 行第 1 列 source：缺少这一项",
        "mine.yaml 第 1 行第 5 列 id：只能用小写字母、数字和连字符（-），以字母或数字开头，"
        "写的是“Broken Scheme”",
        "mine.yaml 第 2 行第 10 列 version：应为整数，写的是“one”",
        "mine.yaml 第 4 行第 11 列 decimals：应不大于 6，写的是“9”",
        f"mine.yaml 第 6 行第 1 列 colour：不认识这一项，可用：{'、'.join(Scheme.model_fields)}",
        "mine.yaml 第 10 行第 13 列 pillars.0.weight：应大于 0，写的是“0”",
        "mine.yaml 第 12 行第 64 列 pillars.0.metrics.0.points.full_at：应大于 0，写的是“-1”",
        "mine.yaml 第 13 行第 14 列：计分指标“start_rate”重名",
        "mine.yaml 第 13 行第 34 列 pillars.0.metrics.1.weight：应为数，写的是“heavy”",
        "mine.yaml 第 13 行第 49 列 pillars.0.metrics.1.points："
        f"没有这种计分规则，可用：{RULE_NAMES}",
        f"mine.yaml 第 14 行第 14 列：没有名为“zzz”的指标，可用：{KNOWN}",
        "mine.yaml 第 14 行第 27 列 pillars.0.metrics.2.points："
        "要写明用哪种规则，如 rule: proportional",
        "mine.yaml 第 15 行第 9 列 pillars.0.metrics.3.id：缺少这一项",
        "mine.yaml 第 15 行第 37 列 pillars.0.metrics.3.points.cap：不认识这一项，可用：rule",
        "mine.yaml 第 16 行第 5 列 pillars.1.id：缺少这一项",
        "mine.yaml 第 17 行第 13 列 pillars.1.weight：应为数",
        "mine.yaml 第 18 行第 14 列 pillars.1.metrics：至少要有一项",
        "mine.yaml 第 19 行第 5 列 pillars.2：应为“名称: 值”，写的是“speed”",
        "mine.yaml 第 20 行第 10 列：板块“speed”重名",
        "mine.yaml 第 20 行第 52 列：没有名为“pool_rate”的指标，是不是“pooling_rate”？",
        "mine.yaml 第 22 行第 10 列 facts.0.id：只能用小写字母、数字和下划线（_），"
        "以字母开头，写的是“Great”",
        "mine.yaml 第 22 行第 21 列 facts.0.zh：不能空着，写的是“”",
        "mine.yaml 第 22 行第 42 列 facts.0.over：应为文字，写的是“3”",
        "mine.yaml 第 23 行第 10 列：事实“plan”重名",
        "mine.yaml 第 25 行第 5 列 metrics.0.en：缺少这一项",
        "mine.yaml 第 25 行第 5 列 metrics.0.source：缺少这一项",
        "mine.yaml 第 27 行第 16 列 metrics.0.numerator：应为文字，写的是“5”",
        "mine.yaml 第 28 行第 16 列 metrics.0.direction：应为 higher 或 lower，写的是“up”",
        "mine.yaml 第 29 行第 13 列 metrics.0.of_all：应为 true 或 false，写的是“maybe”",
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("zh: 又一个", "第 11 行第 1 列：“zh”写了两次"),
        ("facts: &a []\nmetrics: *a", "第 12 行第 10 列：不能用 YAML 的引用（*名称），请写全"),
        ("? [a, b]\n: c", "第 11 行第 3 列：名称应是一个词"),
        ("notes: !!python/name:os.system x", "第 11 行第 8 列：不能用 YAML 的标签（!…）"),
        ("notes: !mine x", "第 11 行第 8 列：不能用 YAML 的标签（!…）"),
        ("version: 1.5", "第 11 行第 10 列 version：应为整数，写的是“1.5”"),
        ("version: 0", "第 11 行第 10 列 version：应不小于 1，写的是“0”"),
        ("version:", "第 11 行第 9 列 version：应为整数，写的是“”"),
        ("facts: none", "第 11 行第 8 列 facts：应为若干项，每项以“- ”开头，写的是“none”"),
        ("facts: {a: b}", "第 11 行第 8 列 facts：应为若干项，每项以“- ”开头"),
        ("notes: yes", "第 11 行第 8 列 notes：应为文字，写的是“yes”"),
        (
            "notes: [",
            "第 12 行第 1 列：不合 YAML 语法"
            "（expected the node content, but found '<stream end>'）",
        ),
        ("---\nid: another", "第 11 行第 1 列：不合 YAML 语法（but found another document）"),
    ],
)
def test_one_line_too_many(more: str, expected: str) -> None:
    assert told(f"{MINE}{more}\n") == f"mine.yaml {expected}"


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        ("0", "应大于 0，写的是“0”"),
        ("-5", "应大于 0，写的是“-5”"),
        ("十", "应为数，写的是“十”"),
        (".inf", "应为数，写的是“.inf”"),
        (".nan", "应为数，写的是“.nan”"),
        ("1:30.5", "应为数，写的是“1:30.5”"),
        ("2000000", "应不大于 1000000，写的是“2000000”"),
        ("0.1234567890123", "最多 12 位数字，写的是“0.1234567890123”"),
    ],
)
def test_a_weight_that_is_none(weight: str, expected: str) -> None:
    text = MINE.replace("weight: 60", f"weight: {weight}")
    assert told(text) == f"mine.yaml 第 8 行第 13 列 pillars.0.weight：{expected}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "mine.yaml：应为“名称: 值”的文档"),
        ("just words", "mine.yaml：应为“名称: 值”的文档"),
        ("- a\n- b", "mine.yaml：应为“名称: 值”的文档"),
        ("zh: \x07", "mine.yaml：有 YAML 里不能用的字符"),
        ("a: " + "[" * 600 + "]" * 600, "mine.yaml 第 1 行第 53 列：层次太深，最多 50 层"),
    ],
)
def test_what_is_no_scheme_at_all(text: str, expected: str) -> None:
    assert told(text) == expected


def test_a_date_in_a_scheme_is_a_word_even_one_that_does_not_exist() -> None:
    scheme = parse_document(f"{MINE}notes: 2022-13-45\n", Scheme, "mine.yaml")
    assert scheme.notes == "2022-13-45"


def test_lights_are_read_by_the_same_rules() -> None:
    text = dedent("""\
        id: mine
        zh: 我的灯
        source: 测试
        axes:
          - {id: start, zh: 开工, applies: is_new, yellow: is_new, colour: red}
          - {id: progress, zh: 进度, applies: is_new, yellow: 3, red: is_new}
    """)
    with pytest.raises(SchemeMistake) as mistake:
        parse_document(text, Lights, "lights.yaml")
    assert mistake.value.detail.split("\n") == [
        "lights.yaml 第 5 行第 5 列 axes.0.red：缺少这一项",
        "lights.yaml 第 5 行第 58 列 axes.0.colour："
        f"不认识这一项，可用：{'、'.join(Axis.model_fields)}",
        "lights.yaml 第 6 行第 53 列 axes.1.yellow：应为文字，写的是“3”",
    ]

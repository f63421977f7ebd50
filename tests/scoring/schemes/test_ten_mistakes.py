"""One rule book with ten mistakes, told all at once; then what else the vocabulary may be told."""

from textwrap import dedent

import pytest

from services.scoring.engine.scheme.model import Scheme
from services.scoring.schemes.scheme_files import parse_document
from tests.scoring.engine.points.rule_results import points
from tests.scoring.schemes.test_scheme_files import MINE, told

TEN = """
    id: ten
    zh: 十处错误
    source: 测试
    lights: yinchuan-2025
    groups: [departments, townships]
    pillars:
      - id: p
        zh: 板块
        weight: 100
        groups: [townshps]
        metrics:
          - id: start_rate
            points:
              rule: bands
              bands:
                - {range: "[0.9, )", points: 10}
                - {range: "[0.6, 0.8)", points: 5}
                - {range: "(, 0.6)", points: 0}
          - id: pooling_rate
            points: {rule: deviation, target: 1, step: 0, up: [{points: 0.2}]}
          - id: production_rate
            points: {rule: rank_bands, bands: [{to: 6, points: 7}, {to: 3, points: 5}]}
          - {id: fund_arival, points: {rule: threshold, at: target}}
    adjustments:
      items:
        - {id: landing_rate, points: {rule: proportional}}
    tie_break: [start_rate, investmnt_completion]
    grades:
      - {id: good, zh: 良好, from_total: 60}
      - {id: poor, zh: 不合格, from_total: 0}
    gates:
      - {id: safety, zh: 安全, metric: accidents, at: 0}
    periods: {missing: ignore}
    metrics:
      - {id: accidents, zh: 事故, en: Accidents, by_hand: true, direction: lower, source: 测试}
"""


def test_ten_mistakes_of_one_file_are_told_at_once_with_line_and_column() -> None:
    assert told(TEN).split("\n") == [
        "mine.yaml 第 10 行第 14 列：没有名为“townshps”的组别，是不是“townships”？",
        "mine.yaml 第 16 行第 23 列 pillars.0.metrics.0.points.bands.0.range："
        "与“[0.6, 0.8)”之间有空档，写的是“[0.9, )”",
        "mine.yaml 第 20 行第 52 列 pillars.0.metrics.1.points.step：应大于 0，写的是“0”",
        "mine.yaml 第 22 行第 69 列 pillars.0.metrics.2.points.bands.1.to："
        "各档的 to 要一档比一档大，写的是“3”",
        "mine.yaml 第 23 行第 14 列：没有名为“fund_arival”的指标，是不是“fund_arrival”？",
        "mine.yaml 第 26 行第 7 列 adjustments.items.0："
        "加减分用 proportional 时要写 weight：得满时是几分",
        "mine.yaml 第 27 行第 25 列：没有名为“investmnt_completion”的指标，"
        "是不是“investment_completion”？",
        "mine.yaml 第 30 行第 37 列：最后一个等次收下其余单位，不写条件",
        "mine.yaml 第 32 行第 5 列 gates.0：要写没过的后果：lowers、best_grade、best_total",
        "mine.yaml 第 33 行第 20 列 periods.missing：应为 skip 或 zero，写的是“ignore”",
    ]


def of_rule(written: str) -> str:
    """What is told of a scheme whose one metric has these points."""
    return told(MINE.replace("{rule: proportional}", written)).removeprefix("mine.yaml ")


HOW = "区间要写成“[0.8, 0.9)”：[ ] 含端点，( ) 不含，没有端点的一边留空并用 ( )"


def bands(*ranges: str) -> str:
    listed = ", ".join(f'{{range: "{given}", points: {n}}}' for n, given in enumerate(ranges))
    return f"{{rule: bands, bands: [{listed}]}}"


@pytest.mark.parametrize(
    ("ranges", "band", "said"),
    [
        (["(, 1)", "[1, 2"], 1, HOW),
        (["(, 1)", "1-2"], 1, HOW),
        (["[, 1)", "[1, )"], 0, HOW),
        (["(, 1)", "[1, ]"], 1, HOW),
        (["(, 1)", "[一, )"], 1, HOW),
        (["(, 2)", "[3, 2]", "(3, )"], 1, "区间里没有数"),
        (["(, 2)", "(2, 2]", "(2, )"], 1, "区间里没有数"),
        (["(, 1)", "(1, )"], 1, "与“(, 1)”都不含端点 1"),
        (["(, 1]", "[1, )"], 1, "与“(, 1]”都含端点 1"),
        (["(, 1.5)", "[1, )"], 1, "与“(, 1.5)”重叠"),
        (["(, )", "[1, 2)"], 1, "与“(, )”重叠"),
        (["(, 1)", "[1.01, )"], 1, "与“(, 1)”之间有空档"),
        (["[0, 0.5)", "[0.5, )"], 0, "再往下没有档，请补上“(, 0)”"),
        (["(0, 0.5)", "[0.5, )"], 0, "再往下没有档，请补上“(, 0]”"),
        (["(, 0.5)", "[0.5, 1000000000]"], 1, "再往上没有档，请补上“(1000000000, )”"),
        (["[0.5, 1)", "(, 0.5)"], 0, "再往上没有档，请补上“[1, )”"),
    ],
)
def test_bands_that_leave_a_hole_or_overlap(ranges: list[str], band: int, said: str) -> None:
    text = of_rule(bands(*ranges))
    assert f"pillars.0.metrics.0.points.bands.{band}.range：{said}，写的是“{ranges[band]}”" in text
    assert text.startswith("第 10 行第 ")
    assert "\n" not in text


def test_bands_may_stand_in_any_order() -> None:
    ordered = MINE.replace("{rule: proportional}", bands("[1, )", "(, 0)", "[0, 1)"))
    rule = next(
        scored.points
        for _, scored in parse_document(ordered, Scheme, "mine.yaml").scored_by_pillar()
    )
    assert points(rule, -1, 0, 1) == [1, 2, 0]


STEPS = "deviation, target: 1, step: 1,"


@pytest.mark.parametrize(
    ("rule", "place", "said"),
    [
        ("STEPS up: [{points: 1}, {points: 2}]", ".up.0", "只有最后一档可以不写 to"),
        (
            "STEPS up: [{points: 1, to: 3}, {points: 2, to: 2}]",
            ".up.1",
            "各档的 to 要从目标起一档比一档远",
        ),
        (
            "STEPS up: [{points: 1, to: 1}]",
            ".up.0",
            "各档的 to 要从目标起一档比一档远",
        ),
        (
            "STEPS up: [{points: 1, to: 2}], down: [{points: 1, to: 3}]",
            ".down.0",
            "up 和 down 的 to 要分在目标的两边",
        ),
        (
            "deviation, target: target, step: 1, down: [{points: 1, to: 3}, {points: 1, to: 3}]",
            ".down.1",
            "各档的 to 要从目标起一档比一档远",
        ),
        (
            "deviation, target: own, step: 1",
            ".target",
            "应为数、target（本单位目标）或 average（组内平均），写的是“own”",
        ),
        ("min_max, least: 100%", ".least", "应小于 1，写的是“100%”"),
        ("rank_steps, first: 10, less: -1", ".less", "应不小于 0，写的是“-1”"),
        ("STEPS down: [{points: -1}]", ".down.0.points", "应不小于 0，写的是“-1”"),
        ("rank_bands, bands: [{points: 1}, {points: 2}]", ".bands.0", "只有最后一档可以不写 to"),
        (
            "rank_bands, bands: [{to: 1.5, points: 2}]",
            ".bands.0.to",
            "名次应为整数；按比例请写 by: share，写的是“1.5”",
        ),
        (
            "rank_bands, by: share, bands: [{to: 3, points: 2}]",
            ".bands.0.to",
            "比例应不大于 1，写的是“3”",
        ),
        ("per_item, points: 1, cap: 2, floor: 3", ".cap", "cap 应不小于 floor，写的是“2”"),
        ("per_item", ".points", "缺少这一项"),
        ("threshold, at: 1, step: 2", ".step", "不认识这一项，可用：rule、at"),
        ("min_max, lest: 0.6", ".lest", "不认识这一项，是不是“least”？"),
    ],
)
def test_rules_that_do_not_hold(rule: str, place: str, said: str) -> None:
    text = of_rule(f"{{rule: {rule.replace('STEPS', STEPS)}}}")
    assert f" pillars.0.metrics.0.points{place}：{said}" in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            "tie_break: start_rate",
            "第 11 行第 12 列 tie_break：应为若干项，每项以“- ”开头，写的是“start_rate”",
        ),
        ("ranking: sparse", "第 11 行第 10 列 ranking：应为 dense 或 competition，写的是“sparse”"),
        ("groups: [a, a]", "第 11 行第 13 列：组别“a”重名"),
        (
            "grades: [{id: a, zh: 甲}, {id: b, zh: 乙}]",
            "第 11 行第 10 列：除最后一个等次外，要写 from_total 或 first",
        ),
        (
            "gates: [{id: g, zh: 门, metric: start_rate, at: 1, lowers: 1}]",
            "第 11 行第 59 列：方案没有等次（grades），降不了等次",
        ),
        (
            "gates: [{id: g, zh: 门, metric: start_rate, at: 1, best_grade: good}]",
            "第 11 行第 63 列：没有名为“good”的等次，可用：（方案里一个也没有）",
        ),
        (
            "adjustments: {items: [{id: start_rate, weight: 3, points: {rule: per_item, "
            "points: 1}}]}",
            "第 11 行第 48 列 adjustments.items.0.weight："
            "per_item 写的就是分，不用 weight，写的是“3”",
        ),
        ("adjustments: {items: []}", "第 11 行第 22 列 adjustments.items：至少要有一项"),
        ("periods: {}", "第 11 行第 10 列 periods.missing：缺少这一项"),
        (
            "periods: {missing: skip, months: [13]}",
            "第 11 行第 35 列 periods.months.0：应不大于 12，写的是“13”",
        ),
        (
            "periods: {missing: skip, year_end: 60}",
            "第 11 行第 36 列 periods.year_end：应小于 1，写的是“60”",
        ),
        (
            "periods: {missing: skip, year_of: quarters, trimmed: true}",
            "第 11 行第 54 列 periods.trimmed："
            "去掉最高、最低的月份（trimmed）时，年度按月平均，写的是“true”",
        ),
        (
            "periods: {missing: skip, points: {rule: min_max}}",
            "第 11 行第 34 列 periods.points：没有这种计分规则，可用：rank_bands、rank_steps",
        ),
        (
            "metrics: [{id: m, zh: 人, en: M, by_hand: true, denominator: count(), source: x}]",
            "第 11 行第 11 列 metrics.0："
            "没有 numerator，就没有 denominator、population、over、of_all",
        ),
    ],
)
def test_what_stands_around_points_is_checked(more: str, expected: str) -> None:
    assert told(f"{MINE}{more}\n") == f"mine.yaml {expected}"


def test_a_group_for_which_nothing_is_scored_is_told() -> None:
    grouped = MINE.replace("weight: 60", "weight: 60\n    groups: [a]") + "groups: [a, b]\n"
    assert told(grouped) == "mine.yaml 第 12 行第 13 列：组别“b”没有计分指标"


def test_a_metric_for_none_of_its_pillars_groups_is_told() -> None:
    of_a = MINE.replace("weight: 60", "weight: 60\n    groups: [a]").replace(
        "{id: start_rate,", "{id: start_rate, groups: [b],"
    )
    other = (
        "  - {id: q, zh: 其他, weight: 1, metrics: [{id: fund_arrival, points: {rule: min_max}}]}\n"
    )
    assert told(of_a + other + "groups: [a, b]\n") == (
        "mine.yaml 第 11 行第 14 列：“start_rate”的组别与板块的组别没有相同的，不会计分"
    )


def test_an_adjustment_twice_is_for_different_groups_or_a_mistake() -> None:
    item = "    - {id: fund_arrival, GROUPS points: {rule: per_item, points: 1}}\n"
    head = MINE + "groups: [a, b]\nadjustments:\n  items:\n"
    apart = item.replace("GROUPS", "groups: [a],") + item.replace("GROUPS", "groups: [b],")
    adjustments = parse_document(head + apart, Scheme, "mine.yaml").adjustments
    assert adjustments
    assert len(adjustments.items) == 2
    assert told(head + 2 * item.replace("GROUPS ", "")) == (
        "mine.yaml 第 15 行第 12 列：加减分项“fund_arrival”重名"
    )


def test_the_same_metric_twice_is_for_different_groups_or_a_mistake() -> None:
    twice = dedent("""
        groups: [a, b]
    """)
    line = "      - {id: start_rate, GROUPS points: {rule: proportional}}\n"
    for one, other, wrong in [
        ("groups: [a],", "groups: [b],", False),
        ("groups: [a],", "groups: [a, b],", True),
        ("", "groups: [b],", True),
    ]:
        lines = line.replace("GROUPS", one) + line.replace("GROUPS", other)
        text = MINE.replace(line.replace("GROUPS ", ""), lines) + twice
        if wrong:
            assert told(text) == "mine.yaml 第 11 行第 14 列：计分指标“start_rate”重名"
        else:
            assert len(parse_document(text, Scheme, "mine.yaml").scored_metrics) == 1

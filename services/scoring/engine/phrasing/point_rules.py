"""Points rules, gates and grades in plain Chinese, for ranked units."""

from collections.abc import Mapping
from decimal import Decimal

from services.scoring.engine.declarations import Measure, Metric
from services.scoring.engine.points.rules import (
    AVERAGE,
    OWN_TARGET,
    Bands,
    BestRatio,
    Deviation,
    MinMax,
    PerItem,
    PointsRule,
    Proportional,
    RankBands,
    RankSteps,
    StepCounting,
    Threshold,
    Tier,
)
from services.scoring.engine.scheme.adjustments import Adjustments
from services.scoring.engine.scheme.grades_and_gates import Gate, Grade
from services.scoring.engine.scheme.model import Scheme, ScoredMetric
from services.scoring.engine.scheme.periods import CALENDAR_MONTHS, Periods
from services.scoring.engine.scheme.project_marks import MarkItem

STEP_PHRASES: dict[StepCounting, str] = {
    "proportional": "，不足的按比例",
    "whole": "，不足的不计",
    "begun": "，不足的按一个计",
}


# Measure → one of its unit in a metric's own numbers, and the name of the unit.
MEASURE_UNITS: dict[Measure, tuple[Decimal, str]] = {
    "share": (Decimal("0.01"), "%"),
    "points": (Decimal("0.01"), " 个点"),
    "days": (Decimal(1), " 天"),
    "months": (Decimal(1), " 个月"),
}
YUAN_UNITS = (Decimal(100_000_000), " 亿元"), (Decimal(10_000), " 万元"), (Decimal(1), " 元")


def describe_rule(
    rule: PointsRule, *, lower_is_better: bool = False, measure: Measure = "count"
) -> str:
    """A sentence on the effect of a rule on values of a measure."""
    match rule:
        case Proportional():
            return describe_proportional(rule, lower_is_better, measure)
        case BestRatio():
            return "组内最好 ÷ 本单位，最好的得满分" if lower_is_better else "与组内最好的之比"
        case MinMax():
            least = f"满分的 {format_plain_number(rule.least * 100)}%" if rule.least else "0"
            return f"组内最好的得满分，最差的得 {least}，其间按比例；全部相同都得满分"
        case Threshold(at=at):
            wanted = "不高于" if lower_is_better else "达到"
            return f"{wanted} {phrase_measured_value(at, measure)} 得满分，否则不得分"
        case Deviation():
            return describe_deviation(rule, lower_is_better, measure)
        case Bands(bands=bands):
            return "按数值：" + "；".join(
                f"{b.range} {format_plain_number(b.points)} 分" for b in bands
            )
        case RankBands():
            return describe_rank_bands(rule)
        case RankSteps(first=first, less=less, floor=floor):
            steps = f"每低一名减 {format_plain_number(less)} 分"
            return f"第一名 {format_plain_number(first)} 分，{steps}{describe_bounds(floor, None)}"
        case PerItem():
            return describe_per_item(rule, measure)


def describe_proportional(rule: Proportional, lower_is_better: bool, measure: Measure) -> str:
    full_at = phrase_measured_value(rule.full_at, measure)
    if rule.cap == 1 and not rule.floor:
        wanted = "不高于" if lower_is_better else "达到"
        return f"{wanted} {full_at} 得满分，不到的按比例"
    share = f"{full_at} ÷ 数值" if lower_is_better else f"数值 ÷ {full_at}"
    most = "不封顶" if rule.cap is None else f"最多 {format_plain_number(rule.cap)} 倍"
    least = f"，最少 {format_plain_number(rule.floor)} 倍" if rule.floor else ""
    return f"满分 × {share}，{most}{least}"


def describe_deviation(rule: Deviation, lower_is_better: bool, measure: Measure) -> str:
    compared = f"（数值 ÷ {phrase_measured_value(rule.target, measure)}）" if rule.relative else ""
    measure = "count" if rule.relative else measure
    target = "1" if rule.relative else phrase_measured_value(rule.target, measure)
    step = phrase_measured_value(rule.step, "points" if measure == "share" else measure).replace(
        "个点", "个百分点"
    )
    base = "满分" if rule.base is None else f"{format_plain_number(rule.base)} 分"
    better, worse = ("低于", "高于") if lower_is_better else ("高于", "低于")
    parts = [f"基础 {base}{compared}"]
    for word, does, tiers, cap in (
        (better, "加", rule.up, rule.up_cap),
        (worse, "减", rule.down, rule.down_cap),
    ):
        if tiers:
            most = "" if cap is None else f"，最多{does} {format_plain_number(cap)} 分"
            parts.append(f"{word} {target} 每 {step} {does} {describe_tiers(tiers, measure)}{most}")
    return "；".join(parts) + STEP_PHRASES[rule.steps] + describe_bounds(rule.floor, rule.cap)


def describe_tiers(tiers: tuple[Tier, ...], measure: Measure) -> str:
    return "，".join(
        f"{format_plain_number(tier.points)} 分"
        + ("" if tier.to is None else f"（到 {phrase_measured_value(tier.to, measure)}）")
        for tier in tiers
    )


def describe_rank_bands(rule: RankBands) -> str:
    def reach(to: Decimal | None) -> str:
        if to is None:
            return "其余"
        return (
            f"前 {format_plain_number(to)} 名"
            if rule.by == "rank"
            else f"前 {format_plain_number(to * 100)}%"
        )

    return "按名次：" + "；".join(
        f"{reach(b.to)} {format_plain_number(b.points)} 分" for b in rule.bands
    )


def describe_per_item(rule: PerItem, measure: Measure) -> str:
    base = f"基础 {format_plain_number(rule.base)} 分，" if rule.base else ""
    one = rule.per == 1 and measure not in MEASURE_UNITS and measure != "yuan"
    unit = "每个" if one else f"每 {phrase_measured_value(rule.per, measure)}"
    steps = "" if rule.per == 1 and rule.steps == "proportional" else STEP_PHRASES[rule.steps]
    bounds = describe_bounds(rule.floor, rule.cap)
    return f"{base}{unit} {format_signed_number(rule.points)} 分{steps}{bounds}"


def describe_bounds(floor: Decimal | None, cap: Decimal | None) -> str:
    least = "" if floor is None else f"，最低 {format_plain_number(floor)} 分"
    return least + ("" if cap is None else f"，最高 {format_plain_number(cap)} 分")


def describe_scoring_conditions(
    scored: ScoredMetric, metric: Metric, metrics: Mapping[str, Metric]
) -> str:
    """The conditions around the rule of a scored metric, in words that follow the rule's."""
    missing = {
        "share": "",
        "zero": "\n不适用得 0 分",
        "full": "\n不适用得满分",
        "average": "\n不适用按组内平均得分",
    }
    least = ""
    if scored.counts_from is not None:
        worse = "高于" if metric.direction == "lower" else "低于"
        least = f"，{worse} {phrase_measured_value(scored.counts_from, metric.measure)} 不得分"
    times = f"，再乘以{metrics[scored.times].zh}" if scored.times else ""
    return f"{least}{times}{missing[scored.not_applicable]}"


def describe_total_bounds(scheme: Scheme) -> str:
    """The bounds of the total."""
    most, least = scheme.highest_total, scheme.lowest_total
    parts = [] if most is None else [f"最高 {format_plain_number(most)} 分"]
    return "，".join(parts if least is None else [*parts, f"最低 {format_plain_number(least)} 分"])


def describe_mark_item(item: MarkItem) -> str:
    """An item of a project's mark."""
    when = f"{item.when}：" if item.when else ""
    if isinstance(item.points, Decimal):
        return f"{when}{format_signed_number(item.points)} 分"
    value = f"{item.numerator} ÷ {item.denominator}" if item.denominator else item.numerator
    weight = "" if item.weight is None else f"满分 {format_plain_number(item.weight)} 分，"
    return f"{when}{value}；{weight}{describe_rule(item.points)}"


def describe_gate(gate: Gate, metric: Metric, grades: tuple[Grade, ...]) -> str:
    """The requirement of a gate, and the consequence where it is missed."""
    wanted = "不高于" if metric.direction == "lower" else "不低于"
    missing = "，不适用视为未过" if gate.not_applicable == "missed" else ""
    at = phrase_measured_value(gate.at, metric.measure)
    return f"{metric.zh}{wanted}{at}，否则{describe_gate_consequence(gate, grades)}{missing}"


def describe_gate_consequence(gate: Gate, grades: tuple[Grade, ...]) -> str:
    """The consequence of a missed gate."""
    zh = {grade.id: grade.zh for grade in grades}
    parts = []
    if gate.lowers is not None:
        parts.append(f"等次降 {gate.lowers} 档")
    if gate.best_grade is not None:
        parts.append(f"等次不高于{zh[gate.best_grade]}")
    if gate.best_total is not None:
        parts.append(f"总分不高于 {format_plain_number(gate.best_total)}")
    return "、".join(parts)


def describe_grade(grade: Grade) -> str:
    wanted = []
    if grade.from_total is not None:
        wanted.append(f"总分 {format_plain_number(grade.from_total)} 以上（含）")
    if grade.first is not None:
        wanted.append(f"组内前 {format_plain_number(grade.first * 100)}%")
    return f"{grade.zh}：{'，且'.join(wanted) or '其余'}"


def describe_adjustment_caps(adjustments: Adjustments) -> str:
    """The caps of all adjustments together."""
    parts = []
    if adjustments.most_added is not None:
        parts.append(f"合计最多加 {format_plain_number(adjustments.most_added)} 分")
    if adjustments.most_taken is not None:
        parts.append(f"合计最多减 {format_plain_number(adjustments.most_taken)} 分")
    return "，".join(parts)


def describe_periods(periods: Periods) -> str:
    """The rule by which months make quarters and years."""
    months = (
        f"{'、'.join(map(str, periods.months))} 月" if periods.months != CALENDAR_MONTHS else "各月"
    )
    counted = "总分平均"
    if periods.points is not None:
        counted = f"按总分名次计分（{describe_rule(periods.points)}；同分同名次）后平均"
    missing = "无分的月份不计" if periods.missing == "skip" else "无分的月份按 0 分"
    year = "四个季度" if periods.year_of == "quarters" else "各月"
    if periods.trimmed:
        year += "去掉一个最高分、一个最低分后"
    text = f"{months}{counted}，{missing}，年度按{year}平均"
    if periods.year_end is None:
        return text
    part, rest = (
        format_plain_number(100 * value) for value in (periods.year_end, 1 - periods.year_end)
    )
    return f"{text}占 {rest}%（不含 12 月），12 月末得分占 {part}%"


def phrase_measured_value(value: Decimal | str, measure: Measure) -> str:
    """A value as people write it in its measure: 90%, 1.5 亿元; or the word in its place."""
    if isinstance(value, str):
        return {OWN_TARGET: "本单位目标", AVERAGE: "组内平均"}[value]
    one, name = MEASURE_UNITS.get(measure, (Decimal(1), ""))
    if measure == "yuan":
        one, name = next(((o, n) for o, n in YUAN_UNITS if abs(value) >= o), YUAN_UNITS[-1])
    return f"{format_plain_number(value / one)}{name}"


def format_plain_number(value: Decimal) -> str:
    """A number without needless zeros, a thousand million as it is."""
    return f"{value.normalize():f}"


def format_signed_number(value: Decimal) -> str:
    return f"+{format_plain_number(value)}" if value > 0 else format_plain_number(value)

"""The method of a bulletin: scheme and source, the facts, every item in words, own readings."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from services.scoring.documents.bulletin import (
    DASH,
    BulletinPart,
    Table,
    TableBuilder,
    text_columns,
)
from services.scoring.documents.composition.sources import BulletinInput
from services.scoring.engine.declarations import Axis, Metric, NamedFact
from services.scoring.engine.language.symbols import PROJECTS_TABLE
from services.scoring.engine.phrasing.formulas import (
    FormulaPhrases,
    describe_axis,
    describe_axis_figure,
    describe_metric,
)
from services.scoring.engine.phrasing.point_rules import (
    describe_adjustment_caps,
    describe_gate,
    describe_grade,
    describe_periods,
    describe_rule,
    format_signed_number,
)
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.project_marks import MarkItem
from shared.paper.dates import format_date

NOT_APPLICABLE_NOTES = {"share": "", "zero": "；不适用得0分", "full": "；不适用得满分"}
OWN_READING_NOTE = "（以上为本系统的读法）"
MEASURE_SUFFIXES = {"points": "（百分点）", "days": "（天）", "months": "（月）"}


def method_part(inputs: BulletinInput) -> BulletinPart:
    tables = [point_rules_table(inputs), *marks_tables(inputs), light_rules_table(inputs)]
    return BulletinPart(
        "计分办法和数据说明", tuple(describe_method(inputs)), tuple(tables), landscape=True
    )


def describe_method(inputs: BulletinInput) -> Iterator[str]:
    """Yield paragraphs: the scheme, the facts, what follows the points, notes, readings."""
    scheme, preset, source = inputs.scheme, inputs.preset, inputs.source
    yield f"方案：{scheme.zh}（{scheme.id}，第{scheme.version}版）。来源：{scheme.source}。"
    yield f"红黄绿灯：{preset.zh}（{preset.id}）。来源：{preset.source}。"
    facts = f"数据截至{format_date(inputs.as_of)}。"
    if source.known_at is not None:
        facts += f"取数时刻：{source.known_at:%Y-%m-%d %H:%M:%S %Z}。"
    if source.facts_digest:
        facts += f"事实摘要（SHA-256）：{source.facts_digest}。"
    yield facts
    yield "".join(f"{line}。" for line in describe_totals(inputs))
    for metric in inputs.document.get("off", ()):
        yield f"指标“{metric['zh']}”{metric['reason']}，暂不计分，分值由其他指标分担。"
    for note in (scheme.notes, preset.notes):
        if note:
            yield f"说明：{note.rstrip('。')}。"
    readings = dict.fromkeys(m.reading for m in scheme.needed_metrics if m.reading)
    if readings:
        yield f"读法：{'；'.join(readings)}{OWN_READING_NOTE}。"


def describe_totals(inputs: BulletinInput) -> Iterator[str]:
    """Yield clauses: totals, ranks and grades from points; their caps; periods from months."""
    scheme = inputs.scheme
    metrics = scheme.metrics_by_id
    yield f"总分为各方面得分之和，由准确值一次四舍五入到{scheme.decimals}位小数，同组排名"
    competition = scheme.ranking == "competition"
    yield f"总分相同的名次相同，其后{'空出名次' if competition else '不空名次'}"
    if scheme.tie_break:
        yield f"总分相同的依次比较{'、'.join(metrics[name].zh for name in scheme.tie_break)}"
    if scheme.adjustments and (caps := describe_adjustment_caps(scheme.adjustments)):
        yield f"{scheme.adjustments.zh}{caps}"
    if scheme.grades:
        yield f"等次：{'；'.join(map(describe_grade, scheme.grades))}"
    for gate in scheme.gates:
        yield f"{gate.zh}：{describe_gate(gate, metrics[gate.metric], scheme.grades)}"
    if scheme.periods:
        yield f"季度、年度：{describe_periods(scheme.periods)}"


def point_rules_table(inputs: BulletinInput) -> Table:
    """A row for each item: its weight, its points rule, its formula and source."""
    scheme = inputs.scheme
    metrics = scheme.metrics_by_id
    table = TableBuilder(text_columns("方面", "指标", "计分办法", "计算方法", "来源"))
    for pillar, scored in scheme.scored_by_pillar():
        metric = metrics[scored.id]
        rule = describe_rule(scored.points, lower_is_better=metric.direction == "lower")
        only = "、".join(scored.groups or pillar.groups)
        rule += NOT_APPLICABLE_NOTES[scored.not_applicable] + (f"；只用于{only}" if only else "")
        formula = describe_computation(scheme, metric)
        table.add(f"{pillar.zh}（{pillar.weight}分）", metric.zh, rule, formula, metric.source)
    if scheme.adjustments:
        for item in scheme.adjustments.items:
            metric = metrics[item.id]
            rule = describe_rule(item.points, lower_is_better=metric.direction == "lower")
            weight = "" if item.weight is None else f"满分 {item.weight} 分，"
            only = f"；只用于{'、'.join(item.groups)}" if item.groups else ""
            formula = describe_computation(scheme, metric)
            rule = f"{weight}{rule}{only}"
            table.add(scheme.adjustments.zh, metric.zh, rule, formula, metric.source)
    return table.build("指标和计分办法", "计分办法")


def describe_computation(scheme: Scheme, metric: Metric) -> str:
    """The formula of a metric in words, or the projects' marks that it adds up."""
    marks = next((each.zh for each in scheme.project_marks if each.id == metric.marks), None)
    if marks is None:
        return describe_metric(metric, scheme.facts_by_id)
    return f"各项目的“{marks}”{'合计' if metric.take == 'sum' else '平均'}"


def marks_tables(inputs: BulletinInput) -> Iterator[Table]:
    """A table for each mark of projects in the scheme, with the rules of its items."""
    words = FormulaPhrases(PROJECTS_TABLE, inputs.scheme.facts_by_id)
    for marks in inputs.scheme.project_marks:
        table = TableBuilder(text_columns("得分项", "条件", "数值", "计分办法"))
        for item in marks.items:
            when = words.describe(item.when) if item.when else "全部"
            table.add(item.zh, when, describe_mark_value(item, words), describe_mark_rule(item))
        of = f"（计分的项目：{words.describe(marks.population)}）" if marks.population else ""
        yield table.build(f"{marks.zh}{of}", marks.zh)


def describe_mark_value(item: MarkItem, words: FormulaPhrases) -> str:
    if not item.numerator:
        return DASH
    if item.denominator:
        return words.describe_quotient(item.numerator, item.denominator)
    return words.describe(item.numerator)


def describe_mark_rule(item: MarkItem) -> str:
    if isinstance(item.points, Decimal):
        return f"{format_signed_number(item.points)} 分"
    weight = "" if item.weight is None else f"满分 {item.weight} 分，"
    return f"{weight}{describe_rule(item.points)}"


def light_rules_table(inputs: BulletinInput) -> Table:
    """A row for each axis: its figure, and when its light is yellow and when red."""
    facts = {**inputs.scheme.facts_by_id, **inputs.preset.facts_by_id}
    table = TableBuilder(text_columns("灯", "对象", "数值", "适用", "黄灯", "红灯"))
    for axis in inputs.preset.axes:
        subject = "单位" if axis.subject == "unit" else "项目"
        table.add(
            axis.zh, subject, label_axis_figure(inputs, axis, facts), *describe_axis(axis, facts)
        )
    return table.build("亮灯规则（先看红灯，再看黄灯，其余为绿灯）", "亮灯规则")


def label_axis_figure(inputs: BulletinInput, axis: Axis, facts: Mapping[str, NamedFact]) -> str:
    """The figure of an axis in words, with its measure."""
    metrics = inputs.preset.metrics_by_id(inputs.scheme.metrics_by_id)
    figure = describe_axis_figure(axis, metrics[axis.metric] if axis.metric else None, facts)
    suffix = MEASURE_SUFFIXES.get(axis.figure.measure, "") if axis.figure else ""
    return f"{figure or DASH}{suffix}"

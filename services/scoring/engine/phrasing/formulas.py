"""Formulas in plain Chinese, for ranked units: counts, sums, conditions."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from services.scoring.engine.declarations import Axis, Metric, NamedFact
from services.scoring.engine.language.symbols import PROJECTS_TABLE
from shared.facts.columns import Column
from shared.facts.tables import FACT_COLUMNS

NamedFacts = Mapping[str, NamedFact]
COUNTED_ROW_LABELS = {  # table → the name of its rows in counts
    PROJECTS_TABLE: "项目数",
    "funds": "资金笔数",
    "milestones": "节点数",
    "pauses": "停工次数",
    "permits": "手续数",
    "plans": "计划数",
    "problems": "问题数",
    "progress": "填报次数",
}
DAY_NAME_LABELS = {
    "day": "截至日期",
    "year_start": "本年1月1日",
    "year_end": "本年12月31日",
    "month_start": "本月1日",
    "day_last_year": "上年同日",
    "last_year_start": "上年1月1日",
    "last_year": "上年",
    "quarter_start": "本季度首日",
    "last_month_start": "上一个月首日",
    "last_month_end": "上一个月末日",
    "this_year": "本年",
    "month": "本月月份",
    "day_of_month": "本月日数",
    "days_in_month": "本月天数",
    "figure": "数值",
    "target": "本单位目标",
    "average": "全部单位平均",
    "months_missed": "连续未达到的月末数",
}
OPERATOR_SIGNS: Mapping[type[ast.AST], str] = {
    ast.Eq: "＝",
    ast.NotEq: "≠",
    ast.Lt: "＜",
    ast.LtE: "≤",
    ast.Gt: "＞",
    ast.GtE: "≥",
    ast.Add: "＋",
    ast.Sub: "－",
    ast.Mult: "×",
}
LARGE_NUMBER_UNITS = ((100_000_000, "亿"), (10_000, "万"))


def describe_metric(metric: Metric, facts: NamedFacts) -> str:
    """A metric's formula in words; of a metric without one, the origin of its value."""
    if not metric.numerator:
        return metric.formula
    phrases = FormulaPhrases(metric.over, facts)
    text = phrases.describe(metric.numerator)
    if metric.denominator:
        of_all = "全部单位的" if metric.of_all else ""
        text = phrases.describe_quotient(metric.numerator, metric.denominator, of_all)
    return text + (f"；范围：{phrases.describe(metric.population)}" if metric.population else "")


def describe_axis(axis: Axis, facts: NamedFacts) -> tuple[str, str, str]:
    """The conditions of a light in words: to be applied, to be yellow, to be red."""
    phrases = FormulaPhrases(PROJECTS_TABLE, facts)
    return phrases.describe(axis.applies), phrases.describe(axis.yellow), phrases.describe(axis.red)


def describe_axis_figure(axis: Axis, metric: Metric | None, facts: NamedFacts) -> str | None:
    """The figure that an axis compares, in words; of units it is a metric."""
    if metric is not None:
        return metric.zh
    if axis.figure is None:
        return None
    phrases = FormulaPhrases(PROJECTS_TABLE, facts)
    if axis.figure.denominator:
        return phrases.describe_quotient(axis.figure.numerator, axis.figure.denominator)
    return phrases.describe(axis.figure.numerator)


@dataclass(frozen=True)
class FormulaPhrases:
    """The phrases of a text over a table of the ledger, with the names that people use."""

    over: str
    facts: NamedFacts

    def describe(self, formula: str) -> str:
        return self.phrase(parse_formula_text(formula))

    def describe_quotient(self, numerator: str, denominator: str, of_all: str = "") -> str:
        above, below = parse_formula_text(numerator), parse_formula_text(denominator)
        return f"{self.phrase_part(above)} ÷ {of_all}{self.phrase_part(below)}"

    def phrase(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=name):
                return self.phrase_name(name)
            case ast.Constant(value=value):
                return format_large_number(value) if isinstance(value, int) else str(value)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return f"不是“{self.phrase(inner)}”"
            case ast.UnaryOp(operand=inner):
                return f"－{self.phrase(inner)}"
            case ast.BoolOp(op=op, values=values):
                return ("且" if isinstance(op, ast.And) else "或").join(
                    map(self.phrase_part, values)
                )
            case ast.BinOp(left=left, op=op, right=right):
                return (
                    f"{self.phrase_part(left)} {OPERATOR_SIGNS[type(op)]} {self.phrase_part(right)}"
                )
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self.phrase_comparison([left, *others], ops)
            case ast.IfExp(test=test, body=then, orelse=other):
                return f"{self.phrase(then)}（{self.phrase(test)}时；否则 {self.phrase(other)}）"
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.phrase_call(name, arguments)
        return ast.unparse(node)

    def phrase_part(self, node: ast.expr) -> str:
        """A phrase in brackets where its extent would not be clear."""
        text = self.phrase(node)
        return f"（{text}）" if isinstance(node, ast.BoolOp | ast.BinOp | ast.IfExp) else text

    def phrase_attribute(self, node: ast.expr) -> str:
        """A condition as an attribute before its noun."""
        text = self.phrase_part(node)
        return f"（{text}）" if isinstance(node, ast.Compare) else text

    def phrase_name(self, name: str) -> str:
        column = self.find_column(name)
        if column is not None:
            return column.title.removeprefix("是否")
        fact = self.facts.get(name)
        return fact.zh if fact else DAY_NAME_LABELS.get(name, name)

    def find_column(self, name: str) -> Column | None:
        columns = [*FACT_COLUMNS[self.over], *FACT_COLUMNS[PROJECTS_TABLE]]
        return next((column for column in columns if column.name == name), None)

    def phrase_comparison(self, sides: list[ast.expr], ops: list[ast.cmpop]) -> str:
        if len(sides) == 2 and isinstance(ops[0], ast.In):
            return f"{self.phrase_part(sides[1])}含{self.phrase_word(sides[0], sides[1])}"
        if len(sides) == 2 and isinstance(sides[1], ast.Constant):
            sign = {ast.Eq: "为", ast.NotEq: "不为"}.get(type(ops[0]))
            if sign:
                return f"{self.phrase_part(sides[0])}{sign}{self.phrase_word(sides[1], sides[0])}"
        text = self.phrase_part(sides[0])
        for op, side in zip(ops, sides[1:], strict=True):
            text += f" {OPERATOR_SIGNS[type(op)]} {self.phrase_part(side)}"
        return text

    def phrase_word(self, word: ast.expr, compared: ast.expr) -> str:
        """The label of a word of a vocabulary; the compared column knows which vocabulary."""
        column = self.find_column(compared.id) if isinstance(compared, ast.Name) else None
        if column and column.words and isinstance(word, ast.Constant):
            return column.words.labels().get(str(word.value), str(word.value))
        return self.phrase_part(word)

    def phrase_call(self, name: str, arguments: list[ast.expr]) -> str:
        rows = COUNTED_ROW_LABELS[self.over]
        match name, arguments:
            case "count", []:
                return rows
            case "count", [flag]:
                return f"{self.phrase_attribute(flag)}的{rows}"
            case "sum", [ast.IfExp(test=test, body=then, orelse=ast.Constant(value=0))]:
                return f"{self.phrase_attribute(test)}的{self.phrase_part(then)}合计"
            case "sum", [value]:
                return f"{self.phrase_part(value)}合计"
            case "known", [value]:
                return f"有{self.phrase(value)}"
            case "or_else", [value, other]:
                return f"{self.phrase(value)}（没有则为 {self.phrase(other)}）"
            case "months", [day]:
                return f"{self.phrase_part(day)}所在月"
            case "after_months", [day, months]:
                return f"{self.phrase_part(day)}后 {self.phrase(months)} 个月"
        return f"{name}（{'，'.join(map(self.phrase, arguments))}）"


def parse_formula_text(formula: str) -> ast.expr:
    return ast.parse(formula.strip(), mode="eval").body


def format_large_number(value: int) -> str:
    """5_000_000 → 500万."""
    for unit, name in LARGE_NUMBER_UNITS:
        if value and value % unit == 0:
            return f"{value // unit}{name}"
    return str(value)

"""Formulas in plain Chinese, for whoever is ranked by them: what is counted, what is summed."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from services.scoring.engine.declarations import Axis, Metric, NamedFact
from services.scoring.engine.language.symbols import PROJECTS_TABLE
from shared.facts.columns import Column
from shared.facts.tables import FACT_COLUMNS

NamedFacts = Mapping[str, NamedFact]
COUNTED_ROW_LABELS = {  # what a row of a table is called when it is counted
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
    """How a metric is computed. One that has no formula says where its value comes from."""
    if not metric.numerator:
        return metric.formula
    words = FormulaPhrases(metric.over, facts)
    text = words.read(metric.numerator)
    if metric.denominator:
        of_all = "全部单位的" if metric.of_all else ""
        text = words.divided(metric.numerator, metric.denominator, of_all)
    return text + (f"；范围：{words.read(metric.population)}" if metric.population else "")


def describe_axis(axis: Axis, facts: NamedFacts) -> tuple[str, str, str]:
    """To whom a light applies, when it is yellow, when red."""
    words = FormulaPhrases(PROJECTS_TABLE, facts)
    return words.read(axis.applies), words.read(axis.yellow), words.read(axis.red)


@dataclass(frozen=True)
class FormulaPhrases:
    """The names of a text over a table of the ledger, as people call them."""

    over: str
    facts: NamedFacts

    def read(self, formula: str) -> str:
        return self.of(parse_formula_text(formula))

    def divided(self, numerator: str, denominator: str, of_all: str = "") -> str:
        above, below = parse_formula_text(numerator), parse_formula_text(denominator)
        return f"{self.part(above)} ÷ {of_all}{self.part(below)}"

    def of(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=name):
                return self.name(name)
            case ast.Constant(value=value):
                return format_large_number(value) if isinstance(value, int) else str(value)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return f"不是“{self.of(inner)}”"
            case ast.UnaryOp(operand=inner):
                return f"－{self.of(inner)}"
            case ast.BoolOp(op=op, values=values):
                return ("且" if isinstance(op, ast.And) else "或").join(map(self.part, values))
            case ast.BinOp(left=left, op=op, right=right):
                return f"{self.part(left)} {OPERATOR_SIGNS[type(op)]} {self.part(right)}"
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self.compared([left, *others], ops)
            case ast.IfExp(test=test, body=then, orelse=other):
                return f"{self.of(then)}（{self.of(test)}时；否则 {self.of(other)}）"
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.call(name, arguments)
        return ast.unparse(node)

    def part(self, node: ast.expr) -> str:
        """In brackets where it would not be clear how far it goes."""
        text = self.of(node)
        return f"（{text}）" if isinstance(node, ast.BoolOp | ast.BinOp | ast.IfExp) else text

    def which(self, node: ast.expr) -> str:
        """A condition before what it is said of."""
        text = self.part(node)
        return f"（{text}）" if isinstance(node, ast.Compare) else text

    def name(self, name: str) -> str:
        column = self.column(name)
        if column is not None:
            return column.title.removeprefix("是否")
        fact = self.facts.get(name)
        return fact.zh if fact else DAY_NAME_LABELS.get(name, name)

    def column(self, name: str) -> Column | None:
        there = [*FACT_COLUMNS[self.over], *FACT_COLUMNS[PROJECTS_TABLE]]
        return next((column for column in there if column.name == name), None)

    def compared(self, sides: list[ast.expr], ops: list[ast.cmpop]) -> str:
        if len(sides) == 2 and isinstance(ops[0], ast.In):
            return f"{self.part(sides[1])}含{self.word(sides[0], sides[1])}"
        if len(sides) == 2 and isinstance(sides[1], ast.Constant):
            sign = {ast.Eq: "为", ast.NotEq: "不为"}.get(type(ops[0]))
            if sign:
                return f"{self.part(sides[0])}{sign}{self.word(sides[1], sides[0])}"
        text = self.part(sides[0])
        for op, side in zip(ops, sides[1:], strict=True):
            text += f" {OPERATOR_SIGNS[type(op)]} {self.part(side)}"
        return text

    def word(self, written: ast.expr, beside: ast.expr) -> str:
        """A word of a vocabulary as people write it: the column beside it knows which."""
        column = self.column(beside.id) if isinstance(beside, ast.Name) else None
        if column and column.words and isinstance(written, ast.Constant):
            return column.words.labels().get(str(written.value), str(written.value))
        return self.part(written)

    def call(self, name: str, arguments: list[ast.expr]) -> str:
        rows = COUNTED_ROW_LABELS[self.over]
        match name, arguments:
            case "count", []:
                return rows
            case "count", [flag]:
                return f"{self.which(flag)}的{rows}"
            case "sum", [ast.IfExp(test=test, body=then, orelse=ast.Constant(value=0))]:
                return f"{self.which(test)}的{self.part(then)}合计"
            case "sum", [value]:
                return f"{self.part(value)}合计"
            case "known", [value]:
                return f"有{self.of(value)}"
            case "or_else", [value, other]:
                return f"{self.of(value)}（没有则为 {self.of(other)}）"
            case "months", [day]:
                return f"{self.part(day)}所在月"
            case "after_months", [day, months]:
                return f"{self.part(day)}后 {self.of(months)} 个月"
        return f"{name}（{'，'.join(map(self.of, arguments))}）"


def parse_formula_text(formula: str) -> ast.expr:
    return ast.parse(formula.strip(), mode="eval").body


def format_large_number(value: int) -> str:
    """5_000_000 → 500万."""
    for unit, name in LARGE_NUMBER_UNITS:
        if value and value % unit == 0:
            return f"{value // unit}{name}"
    return str(value)

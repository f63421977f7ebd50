"""Figures that are quotients, in formulas: compared, never divided.

`figure < 0.8` means numerator × 10 < denominator × 8, in whole numbers. Where such a figure is
used, decimals may be written, too. A figure whose denominator is not above 0 is unknown, so a
comparison with it is false.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from services.scoring.engine.declarations import Quantity
from services.scoring.engine.language.expressions import (
    COMPARISONS,
    FLAG,
    NUMBER,
    Expression,
    RowTranslator,
    SymbolTable,
    translate_formula,
)
from services.scoring.engine.language.formula_text import FormulaText

FIGURE_NAME = "figure"
POINTS_IN_ONE = 100


@dataclass(frozen=True)
class Ratio(Expression):
    """The number `sql` ÷ `divisor`."""

    divisor: str = "1"


@dataclass(frozen=True)
class RatioTranslator(RowTranslator):
    """A translator of formulas in which figures and decimals may be compared."""

    def translate(self, node: ast.expr) -> Expression:
        match node:
            case ast.Constant(value=float()):
                exact = parse_decimal_literal(self.text, node)
                return Ratio(str(exact.numerator), NUMBER, divisor=str(exact.denominator))
        return super().translate(node)

    def translate_arithmetic(
        self, node: ast.expr, left: Expression, op: ast.operator, right: Expression
    ) -> Expression:
        if isinstance(left, Ratio) or isinstance(right, Ratio):
            raise self.text.mistake(node, "比值和小数只能比较大小，不能加减乘")
        return super().translate_arithmetic(node, left, op, right)

    def translate_choice(
        self, node: ast.expr, test: Expression, then: Expression, otherwise: Expression
    ) -> Expression:
        if isinstance(then, Ratio) or isinstance(otherwise, Ratio):
            raise self.text.mistake(node, "比值和小数只能比较大小，不能放在 if-else 里")
        return super().translate_choice(node, test, then, otherwise)

    def translate_call(self, node: ast.expr, name: str, arguments: list[Expression]) -> Expression:
        match name, arguments:
            case "known", [Ratio(sql=sql, divisor=divisor)]:
                there = f"{sql} IS NOT NULL AND {divisor} > 0"
                return Expression(f"coalesce({there}, FALSE)", FLAG)
        if any(isinstance(argument, Ratio) for argument in arguments):
            raise self.text.mistake(node, "比值和小数只能比较大小，或用 known(值) 问")
        return super().translate_call(node, name, arguments)

    def translate_comparison(
        self, node: ast.expr, left: Expression, op: ast.cmpop, right: Expression
    ) -> str:
        sides = [side for side in (left, right) if isinstance(side, Ratio)]
        sign = COMPARISONS.get(type(op))
        if not sides or sign is None or not left.kind is right.kind is NUMBER:
            return super().translate_comparison(node, left, op, right)
        one, other = ((s.sql, s.divisor if isinstance(s, Ratio) else "1") for s in (left, right))
        above_0 = [f" AND {side.divisor} > 0" for side in sides if not side.divisor.isdigit()]
        products = product_sql(one[0], other[1]), product_sql(other[0], one[1])
        test = f"{products[0]} {sign} {products[1]}{''.join(above_0)}"
        return f"coalesce({test}, FALSE)"


def parse_decimal_literal(text: FormulaText, node: ast.Constant) -> Fraction:
    """The exact value of a decimal, from its digits as written."""
    return Fraction(Decimal((ast.get_source_segment(text.text, node) or "").replace("_", "")))


def product_sql(one: str, other: str) -> str:
    return one if other == "1" else f"{one} * {other}"


def compile_quantity(quantity: Quantity, symbols: SymbolTable, location: str) -> Expression:
    """Compile a quantity of one project to a figure to compare. Raises FormulaMistake."""
    numerator = compile_number(FormulaText(quantity.numerator, f"{location}数值的分子"), symbols)
    scaled = (
        numerator.sql if quantity.measure != "points" else f"({POINTS_IN_ONE} * {numerator.sql})"
    )
    if not quantity.denominator:
        return replace(numerator, sql=scaled)
    denominator = compile_number(
        FormulaText(quantity.denominator, f"{location}数值的分母"), symbols
    )
    return Ratio(scaled, NUMBER, unknown=True, divisor=denominator.sql)


def compile_number(text: FormulaText, symbols: SymbolTable) -> Expression:
    found = translate_formula(text, symbols)
    if found.kind is not NUMBER:
        raise text.mistake_at(0, f"这里要{NUMBER.value}，写的是{found.kind.value}")
    return found


def compile_ratio_condition(text: FormulaText, symbols: SymbolTable) -> str:
    """SQL of a condition in which figures may be compared. Raises FormulaMistake."""
    return RatioTranslator(text, symbols).translate_as(text.parse(), FLAG).sql


@dataclass(frozen=True)
class FigureSymbols:
    """The symbols of a formula about a subject that has a figure."""

    symbols: SymbolTable
    figure: Expression

    def __contains__(self, name: object) -> bool:
        return name == FIGURE_NAME or name in self.symbols

    def __iter__(self) -> Iterator[str]:
        return iter([FIGURE_NAME, *self.symbols])

    def resolve_symbol(self, name: str) -> Expression:
        return self.figure if name == FIGURE_NAME else self.symbols.resolve_symbol(name)

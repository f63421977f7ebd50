"""The language read in exact numbers, for what is asked of units: their figures are quotients.

The same texts, the same meaning as in SQL: a comparison with something unknown is false, `not` of
it true, arithmetic with it unknown. What a text may say is checked as everywhere, by the
translation; here it is only read.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from services.scoring.engine.language.expressions import (
    NUMBER,
    FixedSymbols,
    FormulaMistake,
    FormulaText,
)
from services.scoring.engine.language.ratios import (
    Ratio,
    compile_ratio_condition,
    parse_decimal_literal,
)

FormulaValue = Fraction | bool | str | None  # None is unknown
FigureValues = Mapping[str, Fraction | None]
COMPARISON_OPERATORS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
ARITHMETIC_OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


def find_condition_error(text: FormulaText, names: Sequence[str]) -> FormulaMistake | None:
    """What is wrong with a condition over these figures, if anything."""
    figures = {name: Ratio(name, NUMBER, unknown=True, divisor=name) for name in names}
    try:
        compile_ratio_condition(text, FixedSymbols(figures))
    except FormulaMistake as mistake:
        return mistake
    return None


def is_condition_met(text: FormulaText, values: FigureValues) -> bool:
    """Whether a condition that has no mistake holds of these figures."""
    return evaluate_node(parse_formula(text), text, values) is True


@lru_cache(maxsize=256)
def parse_formula(text: FormulaText) -> ast.expr:
    """A text read once for all units."""
    return text.parse()


def evaluate_node(node: ast.expr, text: FormulaText, values: FigureValues) -> FormulaValue:
    """What a piece of a text says; of pieces that the translation lets pass."""

    def of(piece: ast.expr) -> FormulaValue:
        return evaluate_node(piece, text, values)

    match node:
        case ast.Constant(value=int(whole)):
            return Fraction(whole)
        case ast.Constant(value=float()):
            return parse_decimal_literal(text, node)
        case ast.Constant(value=str(word)):
            return word
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not of(operand)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return apply_arithmetic(ast.Sub(), Fraction(0), of(operand))
        case ast.BoolOp(op=ast.And(), values=sides):
            return all(of(side) for side in sides)
        case ast.BoolOp(values=sides):
            return any(of(side) for side in sides)
        case ast.BinOp(left=left, op=op, right=right):
            return apply_arithmetic(op, of(left), of(right))
        case ast.Compare(left=left, ops=ops, comparators=others):
            found = [of(side) for side in (left, *others)]
            steps = zip(found, ops, found[1:], strict=False)
            return all(compare_values(*step) for step in steps)
        case ast.IfExp(test=test, body=body, orelse=other):
            return of(body) if of(test) else of(other)
        case ast.Call(func=ast.Name(id="known"), args=[asked]):
            return of(asked) is not None
        case ast.Call(func=ast.Name(id="or_else"), args=[first, second]):
            found_first = of(first)
            return of(second) if found_first is None else found_first
    raise text.mistake(node, "这里只能写比较、known(值)，和用 and、or、not 连起来的条件")


def apply_arithmetic(op: ast.operator, left: FormulaValue, right: FormulaValue) -> Fraction | None:
    return None if left is None or right is None else ARITHMETIC_OPERATORS[type(op)](left, right)


def compare_values(left: FormulaValue, op: ast.cmpop, right: FormulaValue) -> bool:
    return left is not None and right is not None and COMPARISON_OPERATORS[type(op)](left, right)

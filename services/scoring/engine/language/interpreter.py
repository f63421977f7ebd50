"""An interpreter of formulas in exact numbers: units have figures that are quotients.

Formulas mean the same as in SQL: a comparison with something unknown is false, `not` of it true,
arithmetic with it unknown. Formulas are checked by the translation, as everywhere; here they are
only evaluated.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from services.scoring.engine.language.expressions import NUMBER, FixedSymbols
from services.scoring.engine.language.formula_text import FormulaMistake, FormulaText
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


def find_condition_error(text: FormulaText, figure_names: Sequence[str]) -> FormulaMistake | None:
    """The error of a condition over these figures, if it has one."""
    figures = {name: Ratio(name, NUMBER, unknown=True, divisor=name) for name in figure_names}
    try:
        compile_ratio_condition(text, FixedSymbols(figures))
    except FormulaMistake as mistake:
        return mistake
    return None


def is_condition_met(text: FormulaText, values: FigureValues) -> bool:
    """Whether a condition without errors holds for these figures."""
    return evaluate_node(parse_formula(text), text, values) is True


@lru_cache(maxsize=256)
def parse_formula(text: FormulaText) -> ast.expr:
    """The syntax tree of a formula, parsed once for all units."""
    return text.parse()


def evaluate_node(node: ast.expr, text: FormulaText, values: FigureValues) -> FormulaValue:
    """The value of a node that the translation accepts."""

    def evaluate(child: ast.expr) -> FormulaValue:
        return evaluate_node(child, text, values)

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
            return not evaluate(operand)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return apply_arithmetic(ast.Sub(), Fraction(0), evaluate(operand))
        case ast.BoolOp(op=ast.And(), values=sides):
            return all(evaluate(side) for side in sides)
        case ast.BoolOp(values=sides):
            return any(evaluate(side) for side in sides)
        case ast.BinOp(left=left, op=op, right=right):
            return apply_arithmetic(op, evaluate(left), evaluate(right))
        case ast.Compare(left=left, ops=ops, comparators=others):
            found = [evaluate(side) for side in (left, *others)]
            steps = zip(found, ops, found[1:], strict=False)
            return all(compare_values(*step) for step in steps)
        case ast.IfExp(test=test, body=body, orelse=other):
            return evaluate(body) if evaluate(test) else evaluate(other)
        case ast.Call(func=ast.Name(id="known"), args=[argument]):
            return evaluate(argument) is not None
        case ast.Call(func=ast.Name(id="or_else"), args=[first, second]):
            found_first = evaluate(first)
            return evaluate(second) if found_first is None else found_first
    raise text.mistake(node, "这里只能写比较、known(值)，和用 and、or、not 连起来的条件")


def apply_arithmetic(op: ast.operator, left: FormulaValue, right: FormulaValue) -> Fraction | None:
    return None if left is None or right is None else ARITHMETIC_OPERATORS[type(op)](left, right)


def compare_values(left: FormulaValue, op: ast.cmpop, right: FormulaValue) -> bool:
    return left is not None and right is not None and COMPARISON_OPERATORS[type(op)](left, right)

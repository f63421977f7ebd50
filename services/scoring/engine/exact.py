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

from services.scoring.engine.language import NUMBER, FormulaMistake, Text
from services.scoring.engine.ratios import Ratio, decimal, flag

Values = Mapping[str, Fraction | None]
COMPARES: Mapping[type[ast.cmpop], Callable[[Fraction, Fraction], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def mistake_in(text: Text, names: Sequence[str]) -> FormulaMistake | None:
    """What is wrong with a condition over these figures, if anything."""
    figures = {name: Ratio(name, NUMBER, unknown=True, divisor=name) for name in names}
    try:
        flag(text, figures)
    except FormulaMistake as mistake:
        return mistake
    return None


def holds(text: Text, values: Values) -> bool:
    """Whether a condition that was checked holds of these figures."""
    return is_true(parsed(text), text, values)


@lru_cache(maxsize=256)
def parsed(text: Text) -> ast.expr:
    """A text read once for all units."""
    return text.parse()


def is_true(node: ast.expr, text: Text, values: Values) -> bool:
    match node:
        case ast.BoolOp(op=ast.And(), values=sides):
            return all(is_true(side, text, values) for side in sides)
        case ast.BoolOp(values=sides):
            return any(is_true(side, text, values) for side in sides)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not is_true(operand, text, values)
        case ast.Compare(left=left, ops=ops, comparators=others):
            found = [number(side, text, values) for side in (left, *others)]
            steps = zip(found, ops, found[1:], strict=False)
            return all(compared(*step) for step in steps)
        case ast.Call(func=ast.Name(id="known"), args=[asked]):
            return number(asked, text, values) is not None
    raise text.mistake(node, "这里要条件：比较、known(值)，或用 and、or、not 连起来")


def compared(left: Fraction | None, op: ast.cmpop, right: Fraction | None) -> bool:
    return left is not None and right is not None and COMPARES[type(op)](left, right)


def number(node: ast.expr, text: Text, values: Values) -> Fraction | None:
    match node:
        case ast.Constant(value=int(whole)):
            return Fraction(whole)
        case ast.Constant(value=float()):
            return decimal(text, node)
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            found = number(operand, text, values)
            return None if found is None else -found
    raise text.mistake(node, "这里要 figure、target、average 等名称，或一个数")

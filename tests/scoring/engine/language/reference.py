"""A second, plain reading of the language, in Python values, for tests to compare with its SQL."""

import ast
import calendar
import operator
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

Value = Any  # int, date, bool, str, tuple of str; None is unknown
COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda word, words: word in words,
}


def read(text: str, row: Mapping[str, Value]) -> Value:
    """What a text says of a row of named values."""
    return value(ast.parse(text, mode="eval").body, row)


def value(node: ast.expr, row: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(value=constant):
            return constant
        case ast.Name(id=name):
            return row[name]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not value(operand, row)
        case ast.UnaryOp(operand=operand):
            found = value(operand, row)
            return None if found is None else -found
        case ast.BoolOp(op=ast.And(), values=sides):
            return all(value(side, row) for side in sides)
        case ast.BoolOp(values=sides):
            return any(value(side, row) for side in sides)
        case ast.BinOp(left=left, op=op, right=right):
            return arithmetic(value(left, row), op, value(right, row))
        case ast.Compare(left=left, ops=ops, comparators=others):
            sides = [value(side, row) for side in (left, *others)]
            return all(
                one is not None and other is not None and COMPARE[type(op)](one, other)
                for one, op, other in zip(sides, ops, sides[1:], strict=False)
            )
        case ast.IfExp(test=test, body=body, orelse=other):
            return value(body if value(test, row) else other, row)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return CALL[name](*(value(argument, row) for argument in arguments))
    raise AssertionError(ast.dump(node))


def arithmetic(left: Value, op: ast.operator, right: Value) -> Value:
    if left is None or right is None:
        return None
    if isinstance(op, ast.Mult):
        return left * right
    sign = 1 if isinstance(op, ast.Add) else -1
    if isinstance(left, date):
        return (left - right).days if isinstance(right, date) else left + timedelta(sign * right)
    return left + sign * right


def known(given: Value) -> bool:
    return given is not None and given != ()


def or_else(one: Value, other: Value) -> Value:
    return other if one is None else one


def months(day: Value) -> Value:
    return None if day is None else 12 * day.year + day.month


def after_months(day: Value, number: Value) -> Value:
    if day is None or number is None:
        return None
    year, month = divmod(12 * day.year + day.month - 1 + number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


CALL: Mapping[str, Callable[..., Value]] = {
    "known": known,
    "or_else": or_else,
    "months": months,
    "after_months": after_months,
}

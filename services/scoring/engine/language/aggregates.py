"""Formulas of many rows: the tallies of a metric, and the values that a named fact picks.

- A metric's numerator or denominator is `count()`, `count(flag)`, `sum(number)`, or sums,
  differences and whole multiples of these. So it is additive: each row has a part of its own,
  blocks of rows can be added, and the rows of a drill-down add up to the figure.
- A named fact over a project's rows is one of these, or `latest(day)`, or `last(value, by)`,
  `first(value, by)`: the known value where `by` is greatest or least; an unknown `by` is least, and
  where several tie the greatest or least value.
"""

import ast
from dataclasses import dataclass, replace

from services.scoring.engine.language.expressions import (
    DAY,
    FLAG,
    NO_DIVISION_ERROR,
    NUMBER,
    Expression,
    RowTranslator,
    SymbolTable,
)
from services.scoring.engine.language.formula_text import FormulaText

BEYOND_64_BITS = 2**64
UNKNOWN_DAY_NUMBER = -2147483648  # the day number that sorts an unknown day first


@dataclass(frozen=True)
class Tally:
    """`factor` × the count or sum of an operand over rows: a flag is counted, a number summed."""

    factor: int
    operand: Expression

    def aggregate_sql(self, where: str) -> str:
        """SQL of the tally over the rows that meet `where`: a BIGINT; a sum over none is NULL."""
        if self.operand.kind is FLAG:
            aggregate = f"count({conditional_sql('1', conjunction_sql(where, self.operand.sql))})"
        else:
            aggregate = f"sum({conditional_sql(self.operand.sql, where)})"
        whole = f"CAST({aggregate} AS BIGINT)"
        return whole if self.factor == 1 else f"({self.factor} * {whole})"

    def row_sql(self, where: str) -> str:
        """SQL of the part that one row adds to the tally."""
        if self.operand.kind is FLAG:
            where, part = conjunction_sql(where, self.operand.sql), str(self.factor)
        else:
            part = f"{self.factor} * coalesce({self.operand.sql}, 0)"
        return f"(CASE WHEN {where} THEN {part} ELSE 0 END)"


def tally_sum_sql(tallies: list[Tally], where: str) -> str:
    """SQL of the tallies' sum over the rows that meet `where`; of a single one it may be NULL.

    Callers read NULL as 0 anyway, where a unit or a project has no rows at all.
    """
    if len(tallies) == 1:
        return tallies[0].aggregate_sql(where)
    return " + ".join(f"coalesce({tally.aggregate_sql(where)}, 0)" for tally in tallies)


def conditional_sql(value: str, condition: str) -> str:
    """SQL of a value where a condition holds, else NULL, which aggregates pass over.

    FILTER would do the same, but each takes a copy of all that is aggregated, which is most of
    the cost of a small ledger.
    """
    return value if condition == "TRUE" else f"CASE WHEN {condition} THEN {value} END"


def conjunction_sql(*conditions: str) -> str:
    """SQL of all conditions together."""
    return " AND ".join(sql for sql in conditions if sql != "TRUE") or "TRUE"


def compile_tallies(text: FormulaText, symbols: SymbolTable) -> list[Tally]:
    """Compile a formula to the tallies whose sum it is. Raises FormulaMistake."""
    return TallyTranslator(text, symbols).translate(text.parse())


@dataclass(frozen=True)
class TallyTranslator:
    """A translator of the nodes of one formula about many rows."""

    text: FormulaText
    symbols: SymbolTable

    def translate(self, node: ast.expr) -> list[Tally]:
        match node:
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self.translate(left) + self.translate(right)
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                return self.translate(left) + multiply_tallies(self.translate(right), -1)
            case ast.BinOp(left=ast.Constant(value=int(n)), op=ast.Mult(), right=right):
                return multiply_tallies(self.translate(right), n)
            case ast.Call(func=ast.Name(id="count"), args=[], keywords=[]):
                return [Tally(1, Expression("TRUE", FLAG))]
            case ast.Call(func=ast.Name(id="count"), args=[flag], keywords=[]):
                return [Tally(1, self.row_translator.translate_as(flag, FLAG))]
            case ast.Call(func=ast.Name(id="sum"), args=[number], keywords=[]):
                return [Tally(1, self.row_translator.translate_as(number, NUMBER))]
            case ast.BinOp(op=op) if not isinstance(op, ast.Mult):
                raise self.text.mistake(node, NO_DIVISION_ERROR)
        raise self.text.mistake(
            node, "这里要 count()、count(条件)、sum(数)，或它们的和、差、整数倍"
        )

    @property
    def row_translator(self) -> RowTranslator:
        return RowTranslator(self.text, self.symbols)


def multiply_tallies(tallies: list[Tally], factor: int) -> list[Tally]:
    return [replace(tally, factor=tally.factor * factor) for tally in tallies]


def compile_picked_fact(text: FormulaText, symbols: SymbolTable, where: str) -> Expression:
    """Compile a fact over the rows that meet `where` to an aggregate. Raises FormulaMistake."""
    node, row = text.parse(), RowTranslator(text, symbols)
    match node:
        case ast.Call(func=ast.Name(id="latest"), args=[day], keywords=[]):
            value = row.translate_as(day, DAY)
            return Expression(f"max({conditional_sql(value.sql, where)})", DAY, unknown=True)
        case ast.Call(func=ast.Name(id="last" | "first" as name), args=[picked, by], keywords=[]):
            value, order = row.translate(picked), row.translate(by)
            if order.kind not in (NUMBER, DAY):
                raise text.mistake(by, f"先后要看数或日期，写的是{order.kind.value}")
            function = "arg_max" if name == "last" else "arg_min"
            sql = f"{function}({conditional_sql(value.sql, where)}, {sort_key_sql(value, order)})"
            return replace(value, sql=sql, unknown=value.kind is not FLAG)
    return Expression(tally_sum_sql(compile_tallies(text, symbols), where), NUMBER)


def sort_key_sql(value: Expression, order: Expression) -> str:
    """SQL of the key that orders rows: `order`, then the value, so that no tie is left to chance.

    Both are one 128-bit integer where the value is a number, which is as quick as `order` alone.
    """
    known = f"coalesce({order.sql}, {UNKNOWN_DAY_NUMBER})" if order.unknown else order.sql
    if value.kind in (NUMBER, DAY, FLAG):
        return f"CAST({known} AS HUGEINT) * {BEYOND_64_BITS} + CAST({value.sql} AS BIGINT)"
    return f"row({known}, {value.sql})"

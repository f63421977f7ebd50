"""The language over many rows: what a metric counts and sums, and what a named fact picks.

- A metric's numerator or denominator is `count()`, `count(flag)`, `sum(number)`, or sums,
  differences and whole multiples of these. So it is additive: what one row adds can be told, blocks
  of rows can be added, and the rows of a drill-down add up to the figure.
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
    FormulaText,
    RowTranslator,
    SymbolTable,
)

BEYOND_64_BITS = 2**64
UNKNOWN_DAY_NUMBER = -2147483648  # the day number of «unknown» where days are put in order


@dataclass(frozen=True)
class Tally:
    """`times` × count or sum of one thing over rows; `of` is a flag to count or a number to sum."""

    times: int
    of: Expression

    def over_rows(self, where: str) -> str:
        """SQL of the tally over the rows that meet `where`: a BIGINT; a sum over none is NULL."""
        if self.of.kind is FLAG:
            made = f"count({conditional_sql('1', conjunction_sql(where, self.of.sql))})"
        else:
            made = f"sum({conditional_sql(self.of.sql, where)})"
        whole = f"CAST({made} AS BIGINT)"
        return whole if self.times == 1 else f"({self.times} * {whole})"

    def of_row(self, where: str) -> str:
        """SQL of what one row adds to the tally."""
        if self.of.kind is FLAG:
            return f"(CASE WHEN {conjunction_sql(where, self.of.sql)} THEN {self.times} ELSE 0 END)"
        return f"(CASE WHEN {where} THEN {self.times} * coalesce({self.of.sql}, 0) ELSE 0 END)"


def tally_sum_sql(given: list[Tally], where: str) -> str:
    """SQL of the tallies' sum over the rows that meet `where`; of one alone it may be NULL, for 0.

    Who reads it reads NULL as 0 anyway, where a unit or a project has no rows at all.
    """
    if len(given) == 1:
        return given[0].over_rows(where)
    return " + ".join(f"coalesce({tally.over_rows(where)}, 0)" for tally in given)


def conditional_sql(value: str, condition: str) -> str:
    """SQL of a value where a condition holds, else NULL, which aggregates pass over.

    FILTER would say the same, but each takes a copy of all that is aggregated, which is most of
    what a small ledger costs.
    """
    return value if condition == "TRUE" else f"CASE WHEN {condition} THEN {value} END"


def conjunction_sql(*conditions: str) -> str:
    """All of them hold, as SQL."""
    return " AND ".join(sql for sql in conditions if sql != "TRUE") or "TRUE"


def compile_tallies(text: FormulaText, names: SymbolTable) -> list[Tally]:
    """The tallies whose sum a text is. Raises FormulaMistake."""
    return TallyTranslator(text, names).of(text.parse())


@dataclass(frozen=True)
class TallyTranslator:
    """Translates the nodes of one text about many rows."""

    text: FormulaText
    names: SymbolTable

    def of(self, node: ast.expr) -> list[Tally]:
        match node:
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self.of(left) + self.of(right)
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                return self.of(left) + multiply_tallies(self.of(right), -1)
            case ast.BinOp(left=ast.Constant(value=int(n)), op=ast.Mult(), right=right):
                return multiply_tallies(self.of(right), n)
            case ast.Call(func=ast.Name(id="count"), args=[], keywords=[]):
                return [Tally(1, Expression("TRUE", FLAG))]
            case ast.Call(func=ast.Name(id="count"), args=[flag], keywords=[]):
                return [Tally(1, self.row.want(flag, FLAG))]
            case ast.Call(func=ast.Name(id="sum"), args=[number], keywords=[]):
                return [Tally(1, self.row.want(number, NUMBER))]
            case ast.BinOp(op=op) if not isinstance(op, ast.Mult):
                raise self.text.mistake(node, NO_DIVISION_ERROR)
        raise self.text.mistake(
            node, "这里要 count()、count(条件)、sum(数)，或它们的和、差、整数倍"
        )

    @property
    def row(self) -> RowTranslator:
        return RowTranslator(self.text, self.names)


def multiply_tallies(given: list[Tally], n: int) -> list[Tally]:
    return [replace(tally, times=tally.times * n) for tally in given]


def compile_picked_fact(text: FormulaText, names: SymbolTable, where: str) -> Expression:
    """A fact over the rows that meet `where`, as an aggregate. Raises FormulaMistake."""
    node, row = text.parse(), RowTranslator(text, names)
    match node:
        case ast.Call(func=ast.Name(id="latest"), args=[day], keywords=[]):
            value = row.want(day, DAY)
            return Expression(f"max({conditional_sql(value.sql, where)})", DAY, unknown=True)
        case ast.Call(func=ast.Name(id="last" | "first" as name), args=[given, by], keywords=[]):
            value, order = row.of(given), row.of(by)
            if order.kind not in (NUMBER, DAY):
                raise text.mistake(by, f"先后要看数或日期，写的是{order.kind.value}")
            function = "arg_max" if name == "last" else "arg_min"
            sql = f"{function}({conditional_sql(value.sql, where)}, {sort_key_sql(value, order)})"
            return replace(value, sql=sql, unknown=value.kind is not FLAG)
    return Expression(tally_sum_sql(compile_tallies(text, names), where), NUMBER)


def sort_key_sql(value: Expression, order: Expression) -> str:
    """What rows are put in order by: `order`, then the value, so that no tie is left to chance.

    Both in one 128-bit integer where the value is one, which is as quick as `order` alone.
    """
    known = f"coalesce({order.sql}, {UNKNOWN_DAY_NUMBER})" if order.unknown else order.sql
    if value.kind in (NUMBER, DAY, FLAG):
        return f"CAST({known} AS HUGEINT) * {BEYOND_64_BITS} + CAST({value.sql} AS BIGINT)"
    return f"row({known}, {value.sql})"

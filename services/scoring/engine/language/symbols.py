"""Symbol tables: the names that a formula may use, and the SQL layers of a project's named facts.

Resolving a fact puts it, and the facts it uses, each on a layer above its parts; a fact that is not
resolved is not computed. Layer 0 is the ledger's columns and the facts picked from rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from services.scoring.engine.declarations import NamedFact
from services.scoring.engine.language.aggregates import compile_picked_fact
from services.scoring.engine.language.expressions import (
    DAY,
    FLAG,
    NUMBER,
    WORD,
    WORDS,
    Expression,
    FixedSymbols,
    SymbolTable,
    translate_formula,
)
from services.scoring.engine.language.formula_text import FormulaMistake, FormulaText
from services.scoring.engine.language.row_sources import PROJECT_ROW_TABLES, project_rows_sql
from shared.facts.columns import Column, ColumnType
from shared.facts.tables import FACT_COLUMNS

# The parameters of the as-of day; `execution` passes the values under the same names.
DAY_SYMBOLS: Mapping[str, Expression] = {
    "day": Expression("$day", DAY),
    "year_start": Expression("$year_start", DAY),
    "year_end": Expression("$year_end", DAY),
    "month_start": Expression("$month_start", DAY),
    "day_last_year": Expression("$day_last_year", DAY),
    "last_year_start": Expression("$last_year_start", DAY),
    "last_year": Expression("$last_year", NUMBER),
    "quarter_start": Expression("$quarter_start", DAY),
    "last_month_start": Expression("$last_month_start", DAY),
    "last_month_end": Expression("$last_month_end", DAY),
    "this_year": Expression("$this_year", NUMBER),
    "month": Expression("$month", NUMBER),
    "day_of_month": Expression("$day_of_month", NUMBER),
    "days_in_month": Expression("$days_in_month", NUMBER),
}
COLUMN_VALUE_KINDS = {
    ColumnType.text: WORD,
    ColumnType.word: WORD,
    ColumnType.words: WORDS,
    ColumnType.flag: FLAG,
    ColumnType.day: DAY,
    ColumnType.yuan: NUMBER,
    ColumnType.count: NUMBER,
    ColumnType.year: NUMBER,
}


def quote_identifier(name: str) -> str:
    return f'"{name}"'


def column_expression(table: str, column: Column) -> Expression:
    """The value of a ledger's column; a blank flag is false."""
    sql = f"{table}.{quote_identifier(column.name)}"
    if column.kind is ColumnType.flag:
        return Expression(f"coalesce({sql}, FALSE)", FLAG)
    words = frozenset(map(str, column.words)) if column.words and column.closed else None
    return Expression(sql, COLUMN_VALUE_KINDS[column.kind], not column.required, words)


@cache
def column_symbols(table: str) -> Mapping[str, Expression]:
    """The columns of a table that a formula may use; percentages are no integers and left out."""
    return {
        c.name: column_expression(table, c)
        for c in FACT_COLUMNS[table]
        if c.kind in COLUMN_VALUE_KINDS
    }


PROJECTS_TABLE = "projects"
PROJECT_SYMBOLS = column_symbols(PROJECTS_TABLE)


@dataclass(frozen=True)
class LayeredExpression:
    """The expression of a name, and the layer where it is computed."""

    layer: int
    expression: Expression


@dataclass
class ProjectSymbols:
    """The symbols of a formula about one project; resolving one compiles it onto its layer."""

    declared: Mapping[str, NamedFact]
    compiled: dict[str, LayeredExpression] = field(default_factory=dict)
    compiling: dict[str, set[str]] = field(default_factory=dict)  # fact → the names it has used
    queried: set[str] = field(default_factory=set)  # by queries, not only by other facts

    def __iter__(self) -> Iterator[str]:
        return iter([*DAY_SYMBOLS, *PROJECT_SYMBOLS, *self.declared])

    def __contains__(self, name: object) -> bool:
        return name in DAY_SYMBOLS or name in PROJECT_SYMBOLS or name in self.declared

    def resolve_symbol(self, name: str) -> Expression:
        """The expression that reads a name, which is compiled onto its layer when first used."""
        if name in DAY_SYMBOLS:
            return DAY_SYMBOLS[name]
        if name not in self.compiled:
            self.compiled[name] = self.compile_symbol(name)
        user = self.compiling[next(reversed(self.compiling))] if self.compiling else self.queried
        user.add(name)
        return replace(self.compiled[name].expression, sql=quote_identifier(name), literal=None)

    def compile_symbol(self, name: str) -> LayeredExpression:
        """Compile a column or a fact. Raises KeyError, and FormulaMistake."""
        if name in PROJECT_SYMBOLS:
            return LayeredExpression(0, PROJECT_SYMBOLS[name])
        fact = self.declared[name]
        text = FormulaText(fact.text, f"事实 {name}")
        if fact.over != PROJECTS_TABLE:
            return LayeredExpression(0, self.compile_picked(fact, text))
        if fact.where:
            raise FormulaMistake(f"{text.location}：where 只与 over 同用，请把条件写进 text")
        if name in self.compiling:
            circle = [*self.compiling, name]
            path = " → ".join(circle[circle.index(name) :])
            raise text.mistake_at(0, f"事实绕圈引用：{path}")
        self.compiling[name] = set()
        expression = translate_formula(text, self)
        below = (self.compiled[used].layer for used in self.compiling.pop(name))
        return LayeredExpression(1 + max(below, default=0), expression)

    @staticmethod
    def compile_picked(fact: NamedFact, text: FormulaText) -> Expression:
        if fact.over not in PROJECT_ROW_TABLES:
            expected = "、".join([PROJECTS_TABLE, *PROJECT_ROW_TABLES])
            raise FormulaMistake(f"{text.location}：没有表“{fact.over}”，over 应为 {expected}")
        return compile_picked_fact(text, picked_row_symbols(fact.over), compile_row_filter(fact))

    def build_layers(self) -> list[str]:
        """The layers as common table expressions; the last, `facts`, has every live project.

        Layers are nested, because an engine plans that quicker than a named one for each.
        """
        for name in ("project_id", "unit_id", "terminated"):
            self.resolve_symbol(name)
        picked_from = sorted(
            {
                self.declared[name].over
                for name in self.expressions_on(0)
                if name not in PROJECT_SYMBOLS
            }
        )
        rows = self.joined_rows_sql(picked_from)
        top = max(one.layer for one in self.compiled.values())
        for layer in range(1, top + 1):
            added = ", ".join(
                f"{one.expression.sql} AS {quote_identifier(name)}"
                for name, one in self.expressions_on(layer).items()
            )
            rows = f"SELECT *, {added} FROM ({rows}) AS layer_{layer - 1}"
        return [
            *(self.picked_rows_sql(table) for table in picked_from),
            f"every_project AS ({rows})",
            "facts AS (SELECT * FROM every_project WHERE NOT terminated)",
        ]

    def expressions_on(self, layer: int) -> dict[str, LayeredExpression]:
        return {name: one for name, one in self.compiled.items() if one.layer == layer}

    def picked_rows_sql(self, table: str) -> str:
        """SQL of the facts picked from a table; where all filter alike, no other rows are read."""
        facts = {
            name: one.expression.sql
            for name, one in self.expressions_on(0).items()
            if name not in PROJECT_SYMBOLS and self.declared[name].over == table
        }
        wanted = {compile_row_filter(self.declared[name]) for name in facts}
        where = f" WHERE {wanted.pop()}" if len(wanted) == 1 else ""
        aggregates = ", ".join(f"{sql} AS {quote_identifier(name)}" for name, sql in facts.items())
        source = f"{project_rows_sql(table)}{where}"
        rows = f"SELECT project_id, {aggregates} FROM {source} GROUP BY project_id"
        return f"of_{table} AS ({rows})"

    def joined_rows_sql(self, tables: list[str]) -> str:
        """SQL of one row a project: its columns and its picked facts; of no rows 0 or FALSE."""
        selected = []
        for name, one in self.expressions_on(0).items():
            of_no_rows = "FALSE" if one.expression.kind is FLAG else "0"
            known = f"coalesce({quote_identifier(name)}, {of_no_rows})"
            value = (
                quote_identifier(name)
                if one.expression.unknown
                else f"{known} AS {quote_identifier(name)}"
            )
            own = f"{one.expression.sql} AS {quote_identifier(name)}"
            selected.append(own if name in PROJECT_SYMBOLS else value)
        joins = "".join(
            f" LEFT JOIN of_{table} ON of_{table}.project_id = projects.project_id"
            for table in tables
        )
        return f"SELECT {', '.join(selected)} FROM projects{joins}"


def picked_row_symbols(table: str) -> SymbolTable:
    """The symbols of a formula about the rows that a fact is picked from."""
    return FixedSymbols({**DAY_SYMBOLS, **column_symbols(table)})


def compile_row_filter(fact: NamedFact) -> str:
    """SQL of the `where` of a picked fact."""
    text = FormulaText(fact.where, f"事实 {fact.id} 的 where")
    return compile_condition(text, picked_row_symbols(fact.over))


def compile_condition(text: FormulaText, symbols: SymbolTable) -> str:
    """SQL of a condition; an empty one is TRUE."""
    if not text.text:
        return "TRUE"
    found = translate_formula(text, symbols)
    if found.kind is not FLAG:
        raise text.mistake_at(0, f"这里要{FLAG.value}，写的是{found.kind.value}")
    return found.sql

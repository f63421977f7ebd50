"""The names that a text may use, and the layers of SQL under a project's named facts.

Asking for a fact puts it, and what it is made of, on a layer above its parts; what nobody asks for
is not computed. Layer 0 is the ledger's columns and the facts picked from a project's rows.
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
    FormulaMistake,
    FormulaText,
    SymbolTable,
    translate_formula,
)
from shared.facts.columns import Column, ColumnKind
from shared.facts.tables import FACT_COLUMNS

# What a text may ask of the day; `execution` gives the values under the same names.
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
    ColumnKind.text: WORD,
    ColumnKind.word: WORD,
    ColumnKind.words: WORDS,
    ColumnKind.flag: FLAG,
    ColumnKind.day: DAY,
    ColumnKind.yuan: NUMBER,
    ColumnKind.year: NUMBER,
}
# Tables whose rows are a project's, and may be picked from or counted.
PROJECT_ROW_TABLES = tuple(
    table
    for table, columns in FACT_COLUMNS.items()
    if table != "projects" and any(column.refers == "projects" for column in columns)
)


def quote_identifier(name: str) -> str:
    return f'"{name}"'


def column_expression(table: str, column: Column) -> Expression:
    """A column of the ledger as a value; a blank flag is false."""
    sql = f"{table}.{quote_identifier(column.name)}"
    if column.kind is ColumnKind.flag:
        return Expression(f"coalesce({sql}, FALSE)", FLAG)
    words = frozenset(map(str, column.words)) if column.words and column.closed else None
    return Expression(sql, COLUMN_VALUE_KINDS[column.kind], not column.required, words)


@cache
def column_symbols(table: str) -> Mapping[str, Expression]:
    """The columns of a table that a text may name; a percentage is not whole and not among them."""
    return {
        c.name: column_expression(table, c)
        for c in FACT_COLUMNS[table]
        if c.kind in COLUMN_VALUE_KINDS
    }


PROJECTS_TABLE = "projects"
PROJECT_SYMBOLS = column_symbols(PROJECTS_TABLE)


@dataclass(frozen=True)
class LayeredExpression:
    """A name's expression, and the layer where it is computed."""

    layer: int
    expression: Expression


@dataclass
class ProjectSymbols:
    """The names for a text about one project; resolving one compiles it onto its layer."""

    declared: Mapping[str, NamedFact]
    made: dict[str, LayeredExpression] = field(default_factory=dict)
    under_way: dict[str, set[str]] = field(default_factory=dict)  # fact → the names it has used
    asked: set[str] = field(default_factory=set)  # by queries, not only by other facts

    def __iter__(self) -> Iterator[str]:
        return iter([*DAY_SYMBOLS, *PROJECT_SYMBOLS, *self.declared])

    def __contains__(self, name: object) -> bool:
        return name in DAY_SYMBOLS or name in PROJECT_SYMBOLS or name in self.declared

    def resolve_symbol(self, name: str) -> Expression:
        """The expression that reads a name, which is compiled onto its layer when first used."""
        if name in DAY_SYMBOLS:
            return DAY_SYMBOLS[name]
        if name not in self.made:
            self.made[name] = self.make(name)
        user = self.under_way[next(reversed(self.under_way))] if self.under_way else self.asked
        user.add(name)
        return replace(self.made[name].expression, sql=quote_identifier(name), literal=None)

    def make(self, name: str) -> LayeredExpression:
        if name in PROJECT_SYMBOLS:
            return LayeredExpression(0, PROJECT_SYMBOLS[name])
        fact = self.declared[name]
        text = FormulaText(fact.text, f"事实 {name}")
        if fact.over != PROJECTS_TABLE:
            return LayeredExpression(0, self.pick(fact, text))
        if fact.where:
            raise FormulaMistake(f"{text.place}：where 只与 over 同用，请把条件写进 text")
        if name in self.under_way:
            circle = [*self.under_way, name]
            path = " → ".join(circle[circle.index(name) :])
            raise text.mistake_at(0, f"事实绕圈引用：{path}")
        self.under_way[name] = set()
        expression = translate_formula(text, self)
        below = (self.made[used].layer for used in self.under_way.pop(name))
        return LayeredExpression(1 + max(below, default=0), expression)

    @staticmethod
    def pick(fact: NamedFact, text: FormulaText) -> Expression:
        if fact.over not in PROJECT_ROW_TABLES:
            expected = "、".join([PROJECTS_TABLE, *PROJECT_ROW_TABLES])
            raise FormulaMistake(f"{text.place}：没有表“{fact.over}”，over 应为 {expected}")
        return compile_picked_fact(text, picked_row_symbols(fact.over), compile_row_filter(fact))

    def layers(self) -> list[str]:
        """The layers as common table expressions; the last, `facts`, has every live project.

        One layer stands inside the next, because an engine plans that quicker than names for each.
        """
        for name in ("project_id", "unit_id", "terminated"):
            self.resolve_symbol(name)
        picked_from = sorted(
            {self.declared[name].over for name in self.on(0) if name not in PROJECT_SYMBOLS}
        )
        rows = self.joined(picked_from)
        top = max(made.layer for made in self.made.values())
        for layer in range(1, top + 1):
            added = ", ".join(
                f"{made.expression.sql} AS {quote_identifier(name)}"
                for name, made in self.on(layer).items()
            )
            rows = f"SELECT *, {added} FROM ({rows}) AS layer_{layer - 1}"
        return [
            *(self.picked_rows(table) for table in picked_from),
            f"every_project AS ({rows})",
            "facts AS (SELECT * FROM every_project WHERE NOT terminated)",
        ]

    def on(self, layer: int) -> dict[str, LayeredExpression]:
        return {name: made for name, made in self.made.items() if made.layer == layer}

    def picked_rows(self, table: str) -> str:
        """The facts picked from a table; where all want the same rows, no others are read."""
        facts = {
            name: made.expression.sql
            for name, made in self.on(0).items()
            if name not in PROJECT_SYMBOLS and self.declared[name].over == table
        }
        wanted = {compile_row_filter(self.declared[name]) for name in facts}
        where = f" WHERE {wanted.pop()}" if len(wanted) == 1 else ""
        aggregates = ", ".join(f"{sql} AS {quote_identifier(name)}" for name, sql in facts.items())
        rows = f"SELECT project_id, {aggregates} FROM {table}{where} GROUP BY project_id"
        return f"of_{table} AS ({rows})"

    def joined(self, tables: list[str]) -> str:
        """One row a project: its columns, and what was picked from its rows; of no rows 0 or no."""
        selected = []
        for name, made in self.on(0).items():
            of_no_rows = "FALSE" if made.expression.kind is FLAG else "0"
            known = f"coalesce({quote_identifier(name)}, {of_no_rows})"
            value = (
                quote_identifier(name)
                if made.expression.unknown
                else f"{known} AS {quote_identifier(name)}"
            )
            own = f"{made.expression.sql} AS {quote_identifier(name)}"
            selected.append(own if name in PROJECT_SYMBOLS else value)
        joins = "".join(
            f" LEFT JOIN of_{table} ON of_{table}.project_id = projects.project_id"
            for table in tables
        )
        return f"SELECT {', '.join(selected)} FROM projects{joins}"


def picked_row_symbols(table: str) -> SymbolTable:
    """The names for a text about the rows that a fact is picked from."""
    return FixedSymbols({**DAY_SYMBOLS, **column_symbols(table)})


def compile_row_filter(fact: NamedFact) -> str:
    """The SQL of a picked fact's `where`."""
    text = FormulaText(fact.where, f"事实 {fact.id} 的 where")
    return compile_condition(text, picked_row_symbols(fact.over))


def compile_condition(text: FormulaText, names: SymbolTable) -> str:
    """The SQL of a condition; nothing written is TRUE."""
    if not text.text:
        return "TRUE"
    found = translate_formula(text, names)
    if found.kind is not FLAG:
        raise text.mistake_at(0, f"这里要{FLAG.value}，写的是{found.kind.value}")
    return found.sql

"""The names that a text may use, and the layers of SQL under a project's named facts.

Asking for a fact puts it, and what it is made of, on a layer above its parts; what nobody asks for
is not computed. Layer 0 is the ledger's columns and the facts picked from a project's rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from services.scoring.engine.declarations import NamedFact
from services.scoring.engine.language.aggregates import picked
from services.scoring.engine.language.expressions import (
    DAY,
    FLAG,
    NUMBER,
    WORD,
    WORDS,
    Expression,
    FormulaMistake,
    Text,
    translate,
)
from shared.facts.columns import Column, Kind
from shared.facts.tables import COLUMNS

# What a text may ask of the day; `execution` gives the values under the same names.
THE_DAY: Mapping[str, Expression] = {
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
KINDS = {
    Kind.text: WORD,
    Kind.word: WORD,
    Kind.words: WORDS,
    Kind.flag: FLAG,
    Kind.day: DAY,
    Kind.yuan: NUMBER,
    Kind.year: NUMBER,
}
# Tables whose rows are a project's, and may be picked from or counted.
ROWS_OF_PROJECTS = tuple(
    table
    for table, columns in COLUMNS.items()
    if table != "projects" and any(column.refers == "projects" for column in columns)
)


def quoted(name: str) -> str:
    return f'"{name}"'


def of_column(table: str, column: Column) -> Expression:
    """A column of the ledger as a value; a blank flag is false."""
    sql = f"{table}.{quoted(column.name)}"
    if column.kind is Kind.flag:
        return Expression(f"coalesce({sql}, FALSE)", FLAG)
    words = frozenset(map(str, column.words)) if column.words and column.closed else None
    return Expression(sql, KINDS[column.kind], not column.required, words)


@cache
def columns_of_table(table: str) -> Mapping[str, Expression]:
    """The columns of a table that a text may name; a percentage is not whole and not among them."""
    return {c.name: of_column(table, c) for c in COLUMNS[table] if c.kind in KINDS}


PROJECTS = "projects"
PROJECT = columns_of_table(PROJECTS)


@dataclass(frozen=True)
class Made:
    """A name's expression, and the layer where it is computed."""

    layer: int
    expression: Expression


@dataclass
class ProjectNames(Mapping[str, Expression]):
    """The names for a text about one project: looking one up puts it on its layer."""

    declared: Mapping[str, NamedFact]
    made: dict[str, Made] = field(default_factory=dict)
    under_way: dict[str, set[str]] = field(default_factory=dict)  # fact → the names it has used
    asked: set[str] = field(default_factory=set)  # by queries, not only by other facts

    def __iter__(self) -> Iterator[str]:
        return iter([*THE_DAY, *PROJECT, *self.declared])

    def __contains__(self, name: object) -> bool:
        return name in THE_DAY or name in PROJECT or name in self.declared

    def __len__(self) -> int:
        return len(THE_DAY) + len(PROJECT) + len(self.declared)

    def __getitem__(self, name: str) -> Expression:
        if name in THE_DAY:
            return THE_DAY[name]
        if name not in self.made:
            self.made[name] = self.make(name)
        user = self.under_way[next(reversed(self.under_way))] if self.under_way else self.asked
        user.add(name)
        return replace(self.made[name].expression, sql=quoted(name), literal=None)

    def make(self, name: str) -> Made:
        if name in PROJECT:
            return Made(0, PROJECT[name])
        fact = self.declared[name]
        text = Text(fact.text, f"事实 {name}")
        if fact.over != PROJECTS:
            return Made(0, self.pick(fact, text))
        if fact.where:
            raise FormulaMistake(f"{text.place}：where 只与 over 同用，请把条件写进 text")
        if name in self.under_way:
            circle = [*self.under_way, name]
            path = " → ".join(circle[circle.index(name) :])
            raise text.mistake_at(0, f"事实绕圈引用：{path}")
        self.under_way[name] = set()
        expression = translate(text, self)
        below = (self.made[used].layer for used in self.under_way.pop(name))
        return Made(1 + max(below, default=0), expression)

    @staticmethod
    def pick(fact: NamedFact, text: Text) -> Expression:
        if fact.over not in ROWS_OF_PROJECTS:
            expected = "、".join([PROJECTS, *ROWS_OF_PROJECTS])
            raise FormulaMistake(f"{text.place}：没有表“{fact.over}”，over 应为 {expected}")
        return picked(text, {**THE_DAY, **columns_of_table(fact.over)}, rows_wanted(fact))

    def layers(self) -> list[str]:
        """The layers as common table expressions; the last, `facts`, has every live project.

        One layer stands inside the next, because an engine plans that quicker than names for each.
        """
        for name in ("project_id", "unit_id", "terminated"):
            self[name]
        picked_from = sorted(
            {self.declared[name].over for name in self.on(0) if name not in PROJECT}
        )
        rows = self.joined(picked_from)
        top = max(made.layer for made in self.made.values())
        for layer in range(1, top + 1):
            added = ", ".join(
                f"{made.expression.sql} AS {quoted(name)}" for name, made in self.on(layer).items()
            )
            rows = f"SELECT *, {added} FROM ({rows}) AS layer_{layer - 1}"
        return [
            *(self.picked_rows(table) for table in picked_from),
            f"every_project AS ({rows})",
            "facts AS (SELECT * FROM every_project WHERE NOT terminated)",
        ]

    def on(self, layer: int) -> dict[str, Made]:
        return {name: made for name, made in self.made.items() if made.layer == layer}

    def picked_rows(self, table: str) -> str:
        """The facts picked from a table; where all want the same rows, no others are read."""
        facts = {
            name: made.expression.sql
            for name, made in self.on(0).items()
            if name not in PROJECT and self.declared[name].over == table
        }
        wanted = {rows_wanted(self.declared[name]) for name in facts}
        where = f" WHERE {wanted.pop()}" if len(wanted) == 1 else ""
        aggregates = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in facts.items())
        rows = f"SELECT project_id, {aggregates} FROM {table}{where} GROUP BY project_id"
        return f"of_{table} AS ({rows})"

    def joined(self, tables: list[str]) -> str:
        """One row a project: its columns, and what was picked from its rows; of no rows 0 or no."""
        selected = []
        for name, made in self.on(0).items():
            of_no_rows = "FALSE" if made.expression.kind is FLAG else "0"
            known = f"coalesce({quoted(name)}, {of_no_rows})"
            value = quoted(name) if made.expression.unknown else f"{known} AS {quoted(name)}"
            own = f"{made.expression.sql} AS {quoted(name)}"
            selected.append(own if name in PROJECT else value)
        joins = "".join(
            f" LEFT JOIN of_{table} ON of_{table}.project_id = projects.project_id"
            for table in tables
        )
        return f"SELECT {', '.join(selected)} FROM projects{joins}"


def rows_wanted(fact: NamedFact) -> str:
    """The SQL of a picked fact's `where`."""
    names = {**THE_DAY, **columns_of_table(fact.over)}
    return condition(Text(fact.where, f"事实 {fact.id} 的 where"), names)


def condition(text: Text, names: Mapping[str, Expression]) -> str:
    """The SQL of a condition; nothing written is TRUE."""
    if not text.text:
        return "TRUE"
    found = translate(text, names)
    if found.kind is not FLAG:
        raise text.mistake_at(0, f"这里要{FLAG.value}，写的是{found.kind.value}")
    return found.sql

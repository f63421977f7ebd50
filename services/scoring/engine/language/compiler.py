"""Declarations become queries: the terms of units, the rows behind a figure.

Every query reads the ledger's tables by name (dates as day numbers) and the day's parameters, and
answers in integers, booleans and words. Nothing here runs it: `execution` does, here or in blocks.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from services.scoring.engine.declarations import Metric, NamedFact, off
from services.scoring.engine.language.aggregates import Tally, both, sum_over_rows, tallies
from services.scoring.engine.language.expressions import (
    FLAG,
    NUMBER,
    Expression,
    FormulaMistake,
    Row,
    Text,
)
from services.scoring.engine.language.symbols import (
    PROJECTS,
    ROWS_OF_PROJECTS,
    THE_DAY,
    ProjectNames,
    columns_of_table,
    quoted,
)
from shared.facts.tables import COLUMNS

NOTHING = Tally(1, Expression("0", NUMBER))


@dataclass(frozen=True)
class OverFacts:
    """A query that reads the facts of projects, by way of tables made from them."""

    select: str
    tables: tuple[str, ...] = ()

    def alone(self, projects: ProjectNames) -> str:
        """With the layers of facts under it."""
        return f"{with_layers([*projects.layers(), *self.tables])}\n{self.select}"

    def beside_others(self) -> str:
        """Where a table `facts` is there already."""
        return f"{with_layers(self.tables)}\n{self.select}" if self.tables else self.select


@dataclass(frozen=True)
class RowNames(Mapping[str, Expression]):
    """The names for a text about a row of a project's: its columns, then the project's facts."""

    table: str
    projects: ProjectNames

    def __getitem__(self, name: str) -> Expression:
        own = columns_of_table(self.table)
        if name in own:
            return own[name]
        found = self.projects[name]
        if name in THE_DAY:
            return found
        sql = f"facts.{quoted(name)}"
        if found.kind is FLAG:
            return Expression(f"coalesce({sql}, FALSE)", FLAG)
        return replace(found, sql=sql, unknown=True)

    def __iter__(self) -> Iterator[str]:
        return iter([*columns_of_table(self.table), *self.projects])

    def __len__(self) -> int:
        return len(list(iter(self)))


@dataclass(frozen=True)
class Parts:
    """A metric as SQL over its rows: the conditions of its population, and its two tallies."""

    metric: Metric
    conditions: tuple[tuple[str, str], ...]  # (what a person reads, SQL)
    numerator: list[Tally]
    denominator: list[Tally]

    @property
    def where(self) -> str:
        return both(*(sql for _, sql in self.conditions))


def names_over(table: str, projects: ProjectNames, place: str) -> Mapping[str, Expression]:
    if table == PROJECTS:
        return projects
    if table in ROWS_OF_PROJECTS:
        return RowNames(table, projects)
    expected = "、".join([PROJECTS, *ROWS_OF_PROJECTS])
    raise FormulaMistake(f"{place}：没有表“{table}”，over 应为 {expected}")


def parts(metric: Metric, projects: ProjectNames) -> Parts:
    """Compile one metric. Raises FormulaMistake with the metric, the part and the character."""
    place = f"指标 {metric.id} 的"
    names = names_over(metric.over, projects, f"{place}范围")
    if metric.needs:
        return Parts(metric, ((off(metric.needs), "FALSE"),), [NOTHING], [NOTHING])
    conditions = list(population(Text(metric.population, f"{place}范围"), names, projects))
    numerator = tallies(Text(metric.numerator, f"{place}分子"), names)
    denominator: list[Tally] = []
    if metric.denominator:
        denominator = tallies(Text(metric.denominator, f"{place}分母"), names)
    conditions += [
        ("分母所需数据", f"({tally.of.sql} IS NOT NULL)")
        for tally in denominator
        if tally.of.kind is NUMBER and tally.of.unknown
    ]
    return Parts(metric, tuple(conditions), numerator, denominator)


def population(
    text: Text, names: Mapping[str, Expression], projects: ProjectNames
) -> Iterator[tuple[str, str]]:
    """The conditions that `and` joins, each as a person reads it and as SQL."""
    if not text.text:
        return
    node = text.parse()
    joined = isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And)
    for side in node.values if joined and isinstance(node, ast.BoolOp) else [node]:
        written = ast.get_source_segment(text.text, side) or text.text
        yield in_words(written, projects), Row(text, names).want(side, FLAG).sql


def in_words(written: str, projects: ProjectNames) -> str:
    """What a person calls a condition that is only a name; any other reads as it is written."""
    titles = {column.name: column.title for column in COLUMNS[PROJECTS]}
    fact = projects.declared.get(written)
    return fact.zh if fact else titles.get(written, written)


def formula_mistakes(
    facts: Sequence[NamedFact], metrics: Sequence[Metric], declared: Mapping[str, NamedFact]
) -> Iterator[tuple[str, int, FormulaMistake]]:
    """Every fact and metric that does not compile: in which list, at which place, and why."""
    for n, fact in enumerate(facts):
        try:
            ProjectNames(declared)[fact.id]
        except FormulaMistake as mistake:
            yield "facts", n, mistake
    for n, metric in enumerate(metrics):
        if not metric.is_tallied:
            continue
        try:
            parts(metric, ProjectNames(declared))
        except FormulaMistake as mistake:
            yield "metrics", n, mistake


def terms_query(metrics: Iterable[Metric], declared: Mapping[str, NamedFact]) -> str:
    """Every unit's terms, in order: `projects` (live ones), and per metric `ID n` and `ID d`.

    Metrics that are not tallied have their terms from elsewhere.
    """
    return compiled_terms(tuple(metrics), tuple(declared.values()))


@lru_cache(maxsize=64)
def compiled_terms(metrics: tuple[Metric, ...], facts: tuple[NamedFact, ...]) -> str:
    """The query, compiled once for all its days and ledgers."""
    projects = ProjectNames({fact.id: fact for fact in facts})
    return terms_over(metrics, projects).alone(projects)


def terms_over(metrics: Iterable[Metric], projects: ProjectNames) -> OverFacts:
    compiled = [parts(metric, projects) for metric in metrics if metric.is_tallied]
    tables = [PROJECTS, *sorted({part.metric.over for part in compiled} - {PROJECTS})]
    columns = {table: columns_of_terms(table, compiled) for table in tables}
    counted = [f"over_{table} AS ({tallied(table, columns[table])})" for table in tables]
    terms = ['coalesce("projects", 0) AS "projects"'] + [
        f"coalesce({quoted(columns[part.metric.over][sql])}, 0) AS {quoted(name)}"
        for part in compiled
        for name, sql in terms_of(part)
    ]
    joins = "".join(
        f"\nLEFT JOIN over_{table} ON over_{table}.unit_id = units.unit_id" for table in tables
    )
    select = f"SELECT units.unit_id, {', '.join(terms)}\nFROM units{joins}\nORDER BY units.unit_id"
    return OverFacts(select, tuple(counted))


def with_layers(tables: Iterable[str]) -> str:
    return "WITH " + ",\n".join(tables)


def terms_of(part: Parts) -> list[tuple[str, str]]:
    """The columns of a metric's terms and the SQL that makes them over a unit's rows."""
    numerator, denominator = (
        sum_over_rows(side, part.where) for side in (part.numerator, part.denominator)
    )
    made = [(f"{part.metric.id} n", numerator)]
    return [*made, (f"{part.metric.id} d", denominator)] if denominator else made


def columns_of_terms(table: str, compiled: list[Parts]) -> dict[str, str]:
    """The SQL of each term over a table, and its column: what several metrics ask is asked once."""
    columns: dict[str, str] = {}
    for part in compiled:
        if part.metric.over == table:
            for name, sql in terms_of(part):
                columns.setdefault(sql, name)
    return columns


def tallied(table: str, columns: Mapping[str, str]) -> str:
    """The terms of each unit over the rows of one table."""
    terms = [f"{sql} AS {quoted(name)}" for sql, name in columns.items()]
    if table == PROJECTS:
        terms.insert(0, "count(*) AS projects")
    unit, source = rows_of(table, "facts")
    return f"SELECT {unit} AS unit_id, {', '.join(terms)} FROM {source} GROUP BY 1"


def rows_of(table: str, projects: str) -> tuple[str, str]:
    """A row's unit, and the rows of a table with their projects' facts beside them."""
    if table == PROJECTS:
        return "unit_id", projects
    own = "unit_id" in columns_of_table(table)
    unit = f"coalesce({table}.unit_id, facts.unit_id)" if own else "facts.unit_id"
    beside = f"{table} LEFT JOIN {projects} AS facts ON facts.project_id = {table}.project_id"
    return unit, f"{beside} WHERE ({table}.project_id IS NULL OR facts.project_id IS NOT NULL)"


def rows_query(metric: Metric, declared: Mapping[str, NamedFact]) -> tuple[str, list[str]]:
    """The rows behind a metric, live or not, and what people read for its conditions.

    Columns: `unit_id`, `project_id`, `live`, one flag a condition (`c0`, `c1` …), and `n` and `d`,
    what the row adds to numerator and denominator.
    """
    projects = ProjectNames(declared)
    part = parts(metric, projects)
    layers = projects.layers()
    unit, source = rows_of(metric.over, "every_project")
    live, project = "NOT terminated", "project_id"
    if metric.over != PROJECTS:
        live, project = "NOT coalesce(facts.terminated, FALSE)", f"{metric.over}.project_id"
    flags = "".join(f", {sql} AS c{n}" for n, (_, sql) in enumerate(part.conditions))
    n, d = (
        " + ".join(tally.of_row(both(live, part.where)) for tally in side) or "0"
        for side in (part.numerator, part.denominator)
    )
    return (
        f"{with_layers(layers)}\n"
        f"SELECT {unit} AS unit_id, {project} AS project_id, {live} AS live{flags},"
        f" {n} AS n, {d} AS d\nFROM {source}\nORDER BY ALL",
        [words for words, _ in part.conditions],
    )

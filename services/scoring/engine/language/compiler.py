"""Declarations become queries: the terms of units, the rows behind a figure.

Every query reads the ledger's tables by name (dates as day numbers) and the day's parameters, and
answers in integers, booleans and words. Nothing here runs it: `execution` does, here or in blocks.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from services.scoring.engine.declarations import Metric, NamedFact, describe_unavailable
from services.scoring.engine.language.aggregates import (
    Tally,
    compile_tallies,
    conjunction_sql,
    tally_sum_sql,
)
from services.scoring.engine.language.expressions import (
    FLAG,
    NUMBER,
    Expression,
    FormulaMistake,
    FormulaText,
    RowTranslator,
    SymbolTable,
)
from services.scoring.engine.language.symbols import (
    DAY_SYMBOLS,
    PROJECT_ROW_TABLES,
    PROJECTS_TABLE,
    ProjectSymbols,
    column_symbols,
    quote_identifier,
)
from shared.facts.tables import FACT_COLUMNS

ZERO_TALLY = Tally(1, Expression("0", NUMBER))


@dataclass(frozen=True)
class FactsQuery:
    """A query that reads the facts of projects, by way of tables made from them."""

    select: str
    tables: tuple[str, ...] = ()

    def alone(self, projects: ProjectSymbols) -> str:
        """With the layers of facts under it."""
        return f"{with_clause_sql([*projects.layers(), *self.tables])}\n{self.select}"

    def beside_others(self) -> str:
        """Where a table `facts` is there already."""
        return f"{with_clause_sql(self.tables)}\n{self.select}" if self.tables else self.select


@dataclass(frozen=True)
class RowSymbols:
    """The names for a text about a row of a project's: its columns, then the project's facts."""

    table: str
    projects: ProjectSymbols

    def __contains__(self, name: object) -> bool:
        return name in column_symbols(self.table) or name in self.projects

    def __iter__(self) -> Iterator[str]:
        return iter([*column_symbols(self.table), *self.projects])

    def resolve_symbol(self, name: str) -> Expression:
        own = column_symbols(self.table)
        if name in own:
            return own[name]
        found = self.projects.resolve_symbol(name)
        if name in DAY_SYMBOLS:
            return found
        sql = f"facts.{quote_identifier(name)}"
        if found.kind is FLAG:
            return Expression(f"coalesce({sql}, FALSE)", FLAG)
        return replace(found, sql=sql, unknown=True)


@dataclass(frozen=True)
class CompiledMetric:
    """A metric as SQL over its rows: the conditions of its population, and its two tallies."""

    metric: Metric
    conditions: tuple[tuple[str, str], ...]  # (what a person reads, SQL)
    numerator: list[Tally]
    denominator: list[Tally]

    @property
    def where(self) -> str:
        return conjunction_sql(*(sql for _, sql in self.conditions))


def resolve_table_symbols(table: str, projects: ProjectSymbols, place: str) -> SymbolTable:
    if table == PROJECTS_TABLE:
        return projects
    if table in PROJECT_ROW_TABLES:
        return RowSymbols(table, projects)
    expected = "、".join([PROJECTS_TABLE, *PROJECT_ROW_TABLES])
    raise FormulaMistake(f"{place}：没有表“{table}”，over 应为 {expected}")


def compile_metric(metric: Metric, projects: ProjectSymbols) -> CompiledMetric:
    """Compile one metric. Raises FormulaMistake with the metric, the part and the character."""
    place = f"指标 {metric.id} 的"
    names = resolve_table_symbols(metric.over, projects, f"{place}范围")
    if metric.needs:
        return CompiledMetric(
            metric, ((describe_unavailable(metric.needs), "FALSE"),), [ZERO_TALLY], [ZERO_TALLY]
        )
    conditions = list(
        compile_population(FormulaText(metric.population, f"{place}范围"), names, projects)
    )
    numerator = compile_tallies(FormulaText(metric.numerator, f"{place}分子"), names)
    denominator: list[Tally] = []
    if metric.denominator:
        denominator = compile_tallies(FormulaText(metric.denominator, f"{place}分母"), names)
    conditions += [
        ("分母所需数据", f"({tally.of.sql} IS NOT NULL)")
        for tally in denominator
        if tally.of.kind is NUMBER and tally.of.unknown
    ]
    return CompiledMetric(metric, tuple(conditions), numerator, denominator)


def compile_population(
    text: FormulaText, names: SymbolTable, projects: ProjectSymbols
) -> Iterator[tuple[str, str]]:
    """The conditions that `and` joins, each as a person reads it and as SQL."""
    if not text.text:
        return
    node = text.parse()
    joined = isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And)
    for side in node.values if joined and isinstance(node, ast.BoolOp) else [node]:
        written = ast.get_source_segment(text.text, side) or text.text
        yield condition_label(written, projects), RowTranslator(text, names).want(side, FLAG).sql


def condition_label(written: str, projects: ProjectSymbols) -> str:
    """What a person calls a condition that is only a name; any other reads as it is written."""
    titles = {column.name: column.title for column in FACT_COLUMNS[PROJECTS_TABLE]}
    fact = projects.declared.get(written)
    return fact.zh if fact else titles.get(written, written)


def find_formula_errors(
    facts: Sequence[NamedFact], metrics: Sequence[Metric], declared: Mapping[str, NamedFact]
) -> Iterator[tuple[str, int, FormulaMistake]]:
    """Every fact and metric that does not compile: in which list, at which place, and why."""
    for n, fact in enumerate(facts):
        try:
            ProjectSymbols(declared).resolve_symbol(fact.id)
        except FormulaMistake as mistake:
            yield "facts", n, mistake
    for n, metric in enumerate(metrics):
        if not metric.is_tallied:
            continue
        try:
            compile_metric(metric, ProjectSymbols(declared))
        except FormulaMistake as mistake:
            yield "metrics", n, mistake


def terms_query(metrics: Iterable[Metric], declared: Mapping[str, NamedFact]) -> str:
    """Every unit's terms, in order: `projects` (live ones), and per metric `ID n` and `ID d`.

    Metrics that are not tallied have their terms from elsewhere.
    """
    return compile_terms_query(tuple(metrics), tuple(declared.values()))


@lru_cache(maxsize=64)
def compile_terms_query(metrics: tuple[Metric, ...], facts: tuple[NamedFact, ...]) -> str:
    """The query, compiled once for all its days and ledgers."""
    projects = ProjectSymbols({fact.id: fact for fact in facts})
    return compile_facts_query(metrics, projects).alone(projects)


def compile_facts_query(metrics: Iterable[Metric], projects: ProjectSymbols) -> FactsQuery:
    compiled = [compile_metric(metric, projects) for metric in metrics if metric.is_tallied]
    tables = [PROJECTS_TABLE, *sorted({part.metric.over for part in compiled} - {PROJECTS_TABLE})]
    columns = {table: distinct_term_columns(table, compiled) for table in tables}
    counted = [f"over_{table} AS ({unit_tallies_sql(table, columns[table])})" for table in tables]
    terms = ['coalesce("projects", 0) AS "projects"'] + [
        f"coalesce({quote_identifier(columns[part.metric.over][sql])}, 0)"
        f" AS {quote_identifier(name)}"
        for part in compiled
        for name, sql in term_columns(part)
    ]
    joins = "".join(
        f"\nLEFT JOIN over_{table} ON over_{table}.unit_id = units.unit_id" for table in tables
    )
    select = f"SELECT units.unit_id, {', '.join(terms)}\nFROM units{joins}\nORDER BY units.unit_id"
    return FactsQuery(select, tuple(counted))


def with_clause_sql(tables: Iterable[str]) -> str:
    return "WITH " + ",\n".join(tables)


def term_columns(part: CompiledMetric) -> list[tuple[str, str]]:
    """The columns of a metric's terms and the SQL that makes them over a unit's rows."""
    numerator, denominator = (
        tally_sum_sql(side, part.where) for side in (part.numerator, part.denominator)
    )
    made = [(f"{part.metric.id} n", numerator)]
    return [*made, (f"{part.metric.id} d", denominator)] if denominator else made


def distinct_term_columns(table: str, compiled: list[CompiledMetric]) -> dict[str, str]:
    """The SQL of each term over a table, and its column: what several metrics ask is asked once."""
    columns: dict[str, str] = {}
    for part in compiled:
        if part.metric.over == table:
            for name, sql in term_columns(part):
                columns.setdefault(sql, name)
    return columns


def unit_tallies_sql(table: str, columns: Mapping[str, str]) -> str:
    """The terms of each unit over the rows of one table."""
    terms = [f"{sql} AS {quote_identifier(name)}" for sql, name in columns.items()]
    if table == PROJECTS_TABLE:
        terms.insert(0, "count(*) AS projects")
    unit, source = row_source_sql(table, "facts")
    return f"SELECT {unit} AS unit_id, {', '.join(terms)} FROM {source} GROUP BY 1"


def row_source_sql(table: str, projects: str) -> tuple[str, str]:
    """A row's unit, and the rows of a table with their projects' facts beside them."""
    if table == PROJECTS_TABLE:
        return "unit_id", projects
    own = "unit_id" in column_symbols(table)
    unit = f"coalesce({table}.unit_id, facts.unit_id)" if own else "facts.unit_id"
    beside = f"{table} LEFT JOIN {projects} AS facts ON facts.project_id = {table}.project_id"
    return unit, f"{beside} WHERE ({table}.project_id IS NULL OR facts.project_id IS NOT NULL)"


def metric_rows_query(metric: Metric, declared: Mapping[str, NamedFact]) -> tuple[str, list[str]]:
    """The rows behind a metric, live or not, and what people read for its conditions.

    Columns: `unit_id`, `project_id`, `live`, one flag a condition (`c0`, `c1` …), and `n` and `d`,
    what the row adds to numerator and denominator.
    """
    projects = ProjectSymbols(declared)
    part = compile_metric(metric, projects)
    layers = projects.layers()
    unit, source = row_source_sql(metric.over, "every_project")
    live, project = "NOT terminated", "project_id"
    if metric.over != PROJECTS_TABLE:
        live, project = "NOT coalesce(facts.terminated, FALSE)", f"{metric.over}.project_id"
    flags = "".join(f", {sql} AS c{n}" for n, (_, sql) in enumerate(part.conditions))
    n, d = (
        " + ".join(tally.of_row(conjunction_sql(live, part.where)) for tally in side) or "0"
        for side in (part.numerator, part.denominator)
    )
    return (
        f"{with_clause_sql(layers)}\n"
        f"SELECT {unit} AS unit_id, {project} AS project_id, {live} AS live{flags},"
        f" {n} AS n, {d} AS d\nFROM {source}\nORDER BY ALL",
        [words for words, _ in part.conditions],
    )

"""The compiler of declarations to queries: the terms of units, and the rows behind a figure.

Every query reads the ledger's tables by name (dates as day numbers) and the day's parameters, and
returns integers, booleans and words. `execution` runs it, on one machine or in blocks.
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
    RowTranslator,
    SymbolTable,
)
from services.scoring.engine.language.formula_text import FormulaMistake, FormulaText
from services.scoring.engine.language.row_sources import PROJECT_ROW_TABLES, project_rows_sql
from services.scoring.engine.language.symbols import (
    DAY_SYMBOLS,
    PROJECTS_TABLE,
    ProjectSymbols,
    column_symbols,
    quote_identifier,
)
from shared.facts.tables import FACT_COLUMNS

ZERO_TALLY = Tally(1, Expression("0", NUMBER))


@dataclass(frozen=True)
class FactsQuery:
    """A query over the facts of projects, through tables computed from them."""

    select: str
    tables: tuple[str, ...] = ()

    def standalone_sql(self, projects: ProjectSymbols) -> str:
        """The query with the layers of facts under it."""
        return f"{with_clause_sql([*projects.build_layers(), *self.tables])}\n{self.select}"

    def batched_sql(self) -> str:
        """The query for a batch that has a table `facts` already."""
        return f"{with_clause_sql(self.tables)}\n{self.select}" if self.tables else self.select


@dataclass(frozen=True)
class RowSymbols:
    """The symbols of a formula about a project's row: its columns, then the project's facts."""

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
    conditions: tuple[tuple[str, str], ...]  # (label, SQL)
    numerator: list[Tally]
    denominator: list[Tally]

    @property
    def where(self) -> str:
        return conjunction_sql(*(sql for _, sql in self.conditions))


def resolve_table_symbols(table: str, projects: ProjectSymbols, location: str) -> SymbolTable:
    """The symbols of formulas over a table. Raises FormulaMistake."""
    if table == PROJECTS_TABLE:
        return projects
    if table in PROJECT_ROW_TABLES:
        return RowSymbols(table, projects)
    expected = "、".join([PROJECTS_TABLE, *PROJECT_ROW_TABLES])
    raise FormulaMistake(f"{location}：没有表“{table}”，over 应为 {expected}")


def compile_metric(metric: Metric, projects: ProjectSymbols) -> CompiledMetric:
    """Compile one metric. Raises FormulaMistake with the metric, the part and the character."""
    location = f"指标 {metric.id} 的"
    symbols = resolve_table_symbols(metric.over, projects, f"{location}范围")
    if metric.needs:
        return CompiledMetric(
            metric, ((describe_unavailable(metric.needs), "FALSE"),), [ZERO_TALLY], [ZERO_TALLY]
        )
    conditions = list(
        compile_population(FormulaText(metric.population, f"{location}范围"), symbols, projects)
    )
    numerator = compile_tallies(FormulaText(metric.numerator, f"{location}分子"), symbols)
    denominator: list[Tally] = []
    if metric.denominator:
        denominator = compile_tallies(FormulaText(metric.denominator, f"{location}分母"), symbols)
    conditions += [
        ("分母所需数据", f"({tally.operand.sql} IS NOT NULL)")
        for tally in denominator
        if tally.operand.kind is NUMBER and tally.operand.unknown
    ]
    return CompiledMetric(metric, tuple(conditions), numerator, denominator)


def compile_population(
    text: FormulaText, symbols: SymbolTable, projects: ProjectSymbols
) -> Iterator[tuple[str, str]]:
    """The conditions that `and` joins, each as its label and its SQL. Raises FormulaMistake."""
    if not text.text:
        return
    node = text.parse()
    joined = isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And)
    for side in node.values if joined and isinstance(node, ast.BoolOp) else [node]:
        segment = ast.get_source_segment(text.text, side) or text.text
        yield (
            condition_label(segment, projects),
            RowTranslator(text, symbols).translate_as(side, FLAG).sql,
        )


def condition_label(text: str, projects: ProjectSymbols) -> str:
    """The Chinese name of a condition that is only a name; the text of any other."""
    titles = {column.name: column.title for column in FACT_COLUMNS[PROJECTS_TABLE]}
    fact = projects.declared.get(text)
    return fact.zh if fact else titles.get(text, text)


def find_formula_errors(
    facts: Sequence[NamedFact], metrics: Sequence[Metric], declared: Mapping[str, NamedFact]
) -> Iterator[tuple[str, int, FormulaMistake]]:
    """Every fact and metric that does not compile: the list, the index in it, and the error."""
    for index, fact in enumerate(facts):
        try:
            ProjectSymbols(declared).resolve_symbol(fact.id)
        except FormulaMistake as mistake:
            yield "facts", index, mistake
    for index, metric in enumerate(metrics):
        if not metric.is_tallied:
            continue
        try:
            compile_metric(metric, ProjectSymbols(declared))
        except FormulaMistake as mistake:
            yield "metrics", index, mistake


def terms_query(metrics: Iterable[Metric], declared: Mapping[str, NamedFact]) -> str:
    """The query of every unit's terms: `projects` (live ones), and per metric `ID n` and `ID d`.

    Rows are in order of the unit; the terms of metrics that are not tallied come from elsewhere.
    """
    return compile_terms_query(tuple(metrics), tuple(declared.values()))


@lru_cache(maxsize=64)
def compile_terms_query(metrics: tuple[Metric, ...], facts: tuple[NamedFact, ...]) -> str:
    """The query, compiled once for all its days and ledgers."""
    projects = ProjectSymbols({fact.id: fact for fact in facts})
    return compile_facts_query(metrics, projects).standalone_sql(projects)


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
    """The columns of a metric's terms, each with its SQL over a unit's rows."""
    numerator, denominator = (
        tally_sum_sql(side, part.where) for side in (part.numerator, part.denominator)
    )
    columns = [(f"{part.metric.id} n", numerator)]
    return [*columns, (f"{part.metric.id} d", denominator)] if denominator else columns


def distinct_term_columns(table: str, compiled: list[CompiledMetric]) -> dict[str, str]:
    """SQL of each term over a table → its column; a term of several metrics is computed once."""
    columns: dict[str, str] = {}
    for part in compiled:
        if part.metric.over == table:
            for name, sql in term_columns(part):
                columns.setdefault(sql, name)
    return columns


def unit_tallies_sql(table: str, columns: Mapping[str, str]) -> str:
    """SQL of the terms of each unit over the rows of one table."""
    terms = [f"{sql} AS {quote_identifier(name)}" for sql, name in columns.items()]
    if table == PROJECTS_TABLE:
        terms.insert(0, "count(*) AS projects")
    unit, source = row_source_sql(table, "facts")
    return f"SELECT {unit} AS unit_id, {', '.join(terms)} FROM {source} GROUP BY 1"


def row_source_sql(table: str, projects: str) -> tuple[str, str]:
    """SQL of a row's unit, and of a table's rows joined with the facts of their projects."""
    if table == PROJECTS_TABLE:
        return "unit_id", projects
    own = "unit_id" in column_symbols(table)
    unit = f"coalesce({table}.unit_id, facts.unit_id)" if own else "facts.unit_id"
    rows, same = project_rows_sql(table), f"facts.project_id = {table}.project_id"
    joined = f"{rows} LEFT JOIN {projects} AS facts ON {same}"
    return unit, f"{joined} WHERE ({table}.project_id IS NULL OR facts.project_id IS NOT NULL)"


def metric_rows_query(metric: Metric, declared: Mapping[str, NamedFact]) -> tuple[str, list[str]]:
    """The query of the rows behind a metric, live or not, and the labels of its conditions.

    Columns: `unit_id`, `project_id`, `live`, one flag a condition (`c0`, `c1` …), and `n` and `d`,
    the row's parts of numerator and denominator.
    """
    projects = ProjectSymbols(declared)
    part = compile_metric(metric, projects)
    layers = projects.build_layers()
    unit, source = row_source_sql(metric.over, "every_project")
    live, project = "NOT terminated", "project_id"
    if metric.over != PROJECTS_TABLE:
        live, project = "NOT coalesce(facts.terminated, FALSE)", f"{metric.over}.project_id"
    flags = "".join(f", {sql} AS c{n}" for n, (_, sql) in enumerate(part.conditions))
    n, d = (
        " + ".join(tally.row_sql(conjunction_sql(live, part.where)) for tally in side) or "0"
        for side in (part.numerator, part.denominator)
    )
    return (
        f"{with_clause_sql(layers)}\n"
        f"SELECT {unit} AS unit_id, {project} AS project_id, {live} AS live{flags},"
        f" {n} AS n, {d} AS d\nFROM {source}\nORDER BY ALL",
        [label for label, _ in part.conditions],
    )

"""SQL statements of records over HTTP: each is built once, and answers a request alone.

The driver gets the texts with no layer between: they name their parameters (`%(as_of)s`), which
are numbered when a text is built. The database writes the JSON of the response itself, a line a
record, so that stored values pass through untouched. A parameter with a column's name is its value
in a key, a filter or a fact; `office` is the office of the row, `asked` the one whose ids are
plain in the response; `scope_…` are the caller's scope (see `visibility`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg

from services.registry.records.addresses import written_id
from services.registry.records.audit_and_events import AUDIT_AND_EVENT_SQL
from services.registry.records.resource import VERSION, View
from services.registry.records.visibility import (
    Including,
    KnownMoment,
    visibility_conditions,
)
from services.registry.tables import RECORD_TABLES, SCHEMA, derived_columns
from shared.database.outbox import BEGIN_WRITE_SQL
from shared.facts.belonging import PROJECT_ID, UNITS, OfRegion
from shared.facts.columns import Column, ColumnType
from shared.facts.kind import FactKind
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS

DIALECT = asyncpg.dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]
NAMED_PARAMETER = re.compile(r"%\((\w+)\)s")
JSON_INSTANT_SQL = """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
INSTANT_SQL = f"{JSON_INSTANT_SQL} AS {{0}}"
MARK_COLUMNS = (
    "office",
    "version",
    INSTANT_SQL.format("recorded_at"),
    "recorded_by",
    "recorded_for",
    "why",
    INSTANT_SQL.format("superseded_at"),
    "reported_by",
    INSTANT_SQL.format("reported_at"),
)
NOT_VOID_SQL = "NULL::json AS void"  # nothing that is current is void
VOID_SQL = f"""(
    SELECT json_build_object('id', void.id, 'reason', void.reason,
        'voided_at', {JSON_INSTANT_SQL.format("void.voided_at")}, 'voided_by', void.voided_by,
        'taken_back_at', {JSON_INSTANT_SQL.format("void.taken_back_at")})
    FROM {SCHEMA}.voided_records JOIN {SCHEMA}.voids AS void ON void.id = void_id
    WHERE kind = '{{0}}' AND voided_records.version = found.version
) AS void"""  # of a version that was, by the name of its kind
DECIMAL_KINDS = (ColumnType.percent, ColumnType.figure)
CURRENT_SQL = "superseded_at IS NULL"
EVER_RECORDED_SQL = "(superseded_at IS NULL OR superseded_at IS NOT NULL)"  # one index of each half
# A figure that counts at once was reported when it was recorded.
REPORTED_AT_SQL = """CASE WHEN %(reported_by)s::text IS NOT NULL
                    THEN coalesce(%(reported_at)s::timestamptz, alone.at) END"""
OFFICE_SQL, ASKED = "%(office)s::text", sa.bindparam("asked", type_=sa.Text())


@dataclass(frozen=True)
class Statement:
    """SQL with numbered parameters, and their names in this order."""

    text: str
    names: tuple[str, ...]

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """Values by name, in the order of the parameters."""
        return [values[name] for name in self.names]


def compile_statement(text: str) -> Statement:
    names = tuple(dict.fromkeys(NAMED_PARAMETER.findall(text)))
    numbers = {name: f"${number}" for number, name in enumerate(names, start=1)}
    return Statement(NAMED_PARAMETER.sub("%(\\1)s", text) % numbers, names)


def current_record_query(name: str, key: Iterable[str], view: View | None = None) -> Statement:
    """Query of the current record of a key."""
    rows = visible_rows_sql(name, CURRENT_SQL, key_condition_sql(name, key))
    return compile_statement(record_lines_sql(name, rows, view))


def record_history_query(name: str, key: Iterable[str]) -> Statement:
    """Query of all versions of a record, the latest first."""
    rows = visible_rows_sql(
        name, EVER_RECORDED_SQL, key_condition_sql(name, key), known_at=Including.voided
    )
    line = record_json_sql(name, VOID_SQL.format(name))
    return compile_statement(f"SELECT version, {line} FROM ({rows}) AS found ORDER BY version DESC")


def record_lines_sql(name: str, rows: str, view: View | None = None, ranks: str = "") -> str:
    """Query of rows as `version` and `line`, the record's JSON or that of a view; then ranks."""
    line = f"({view.sql})::text AS line" if view else record_json_sql(name)
    return f"SELECT version, {line}{ranks} FROM ({rows}) AS found"


def record_json_sql(name: str, void: str = NOT_VOID_SQL) -> str:
    """JSON of a record, in the order of its response model."""
    columns = f"{response_columns_sql(name)}, {void}"
    return f"(SELECT row_to_json(line)::text FROM (SELECT {columns}) AS line) AS line"


def visible_rows_sql(name: str, *where: str, order: str = "", known_at: KnownMoment = None) -> str:
    """Query of the rows that the caller may see, a branch for each condition of visibility."""
    table, rows = f"{SCHEMA}.{name}", RECORD_TABLES[name]
    seen = visibility_conditions(name, rows, known_at=known_at)
    conditions = [condition_sql(rows, each) for each in seen]
    return " UNION ALL ".join(
        f"(SELECT * FROM {table} WHERE {' AND '.join([*where, each])} {order})"
        for each in conditions
    )


def rows_of_project_sql(name: str, project: str) -> str:
    """Query of the current rows of a kind that the caller may see, of the project of a row.

    `project` is the name by which the statement around it knows that row.
    """
    of_project = f"office = {project}.office AND {PROJECT_ID} = {project}.{PROJECT_ID}"
    return visible_rows_sql(name, CURRENT_SQL, of_project)


def write_context_query(name: str, key: Iterable[str] | None, *others: str) -> Statement:
    """Query of all that the decision about a write needs, in one row.

    `of_…`: the region of what a column refers to; the current record of the key, with its `line`;
    `ever`: whether anything was recorded under the key at any time, NULL where the sender has seen
    no version (`expected`); `voids`: those of the office so far. `others` are further expressions,
    which may ask for the current record.
    """
    same_key = "false" if key is None else key_condition_sql(name, key)
    visible = visible_rows_sql(name, CURRENT_SQL, same_key)
    current = f"SELECT *, {record_json_sql(name)} FROM ({visible}) AS found"
    references = [
        f'({reference_region_sql(name, column)}) AS "of_{column.name}"'
        for column in reference_columns(name)
    ]
    recorded = visible_rows_sql(name, EVER_RECORDED_SQL, same_key)
    ever = f"CASE WHEN %(expected)s::bigint IS NOT NULL THEN EXISTS ({recorded}) END"
    turn = f"SELECT voids FROM {SCHEMA}.turns WHERE office = {OFFICE_SQL}"
    return compile_statement(
        f"SELECT {', '.join([*references, *others, ever])} AS ever, ({turn}) AS voids, current.*"
        f" FROM (SELECT) AS once LEFT JOIN ({current}) AS current ON true"
    )


def reference_region_sql(name: str, column: Column) -> str:
    """Query of the region of what a column refers to.

    No row comes back where it is not there for the sender: it must be in the sender's scope, only
    a unit need not. Of a list of references it is the first region, where all are there.
    """
    target = column.refers or ""
    (key,) = FACT_KINDS[target].key
    where = [CURRENT_SQL]
    if target != UNITS:
        rows = RECORD_TABLES[target]
        seen = sa.or_(*visibility_conditions(target, rows))
        where.append(condition_sql(rows, seen))
    has_region = isinstance(FACT_KINDS[target].belongs, OfRegion)
    region = "coalesce(region_code, recorded_for)" if has_region else "recorded_for"
    table = f"{SCHEMA}.{target}"
    if column.kind is ColumnType.words:
        listed = parameter_sql(name, column.name)
        where += [f"office = {OFFICE_SQL}", f"{key} = ANY({listed})"]
        found = f"CASE WHEN count(*) = cardinality({listed}) THEN min({region}) END"
        return f"SELECT {found} FROM {table} WHERE {' AND '.join(where)}"
    where += [
        f"office = %(office_of_{column.name})s::text",
        f"{key} = %(id_of_{column.name})s::text",
    ]
    return f"SELECT {region} FROM {table} WHERE {' AND '.join(where)}"


def record_write_query(name: str) -> Statement:
    """Statement that supersedes the version `replaces`, if any, and appends the record.

    It writes audit row and event as well. It takes the turn of the office itself, as late as can
    be; the turn ends with the transaction. No row comes back where another writer was quicker: the
    version is superseded, the key is taken, or something was voided (`voids`), perhaps what it
    refers to.
    """
    derived = derived_columns(FACT_KINDS[name])
    columns = [*(column.name for column in FACT_COLUMNS[name]), *derived]
    rows = RECORD_TABLES[name].alias("added")
    added = " UNION ALL ".join(
        f"SELECT FROM added WHERE {condition_sql(rows, each)}"
        for each in visibility_conditions(name, rows)
    )
    return compile_statement(f"""
        WITH turn AS (
            {BEGIN_WRITE_SQL.format(schema=SCHEMA, office=OFFICE_SQL)}, voids
        ), alone AS (
            SELECT at FROM turn WHERE voids = coalesce(%(voids)s::bigint, 0)
        ), gone AS (
            UPDATE {SCHEMA}.{name} SET superseded_at = alone.at FROM alone
            WHERE version = %(replaces)s::bigint AND {CURRENT_SQL} RETURNING {SCHEMA}.{name}.*
        ), added AS (
            INSERT INTO {SCHEMA}.{name} (office, {", ".join(map(quote_column, columns))},
                recorded_at, recorded_by, recorded_for, why, reported_by, reported_at)
            SELECT {OFFICE_SQL}, {", ".join(parameter_sql(name, column) for column in columns)},
                alone.at, %(who)s::text, %(recorded_for)s::text, %(why)s::text,
                %(reported_by)s::text, {REPORTED_AT_SQL} FROM alone
            WHERE %(replaces)s::bigint IS NULL OR EXISTS (SELECT FROM gone)
            ON CONFLICT DO NOTHING RETURNING *
        ), change AS (
            SELECT (SELECT to_jsonb(fact) FROM (SELECT {fact_columns_sql(name, "gone")}) AS fact
                    WHERE gone.version IS NOT NULL) AS before,
                (SELECT to_jsonb(fact)
                    FROM (SELECT {fact_columns_sql(name, "added")}, added.version) AS fact
                ) AS after,
                added.recorded_at AS at
            FROM added LEFT JOIN gone ON true
        ), {AUDIT_AND_EVENT_SQL}
        SELECT version, {record_json_sql(name)}, EXISTS ({added}) AS ours FROM added""")


def response_columns_sql(name: str) -> str:
    """Columns of a record in a response, its ids as the office in question has them."""
    kind = FACT_KINDS[name]
    written = (response_column_sql(kind, column) for column in kind.column_names)
    return ", ".join([*written, *MARK_COLUMNS])


def response_column_sql(kind: FactKind, name: str) -> str:
    """A column of a record in a response."""
    column = next(column for column in kind.columns if column.name == name)
    if name not in kind.id_columns:
        return json_column_sql(column)
    rows = RECORD_TABLES[kind.name].alias("found")
    text = expression_sql(written_id(rows, kind, column, ASKED)).replace("found.", "")
    return f"{text} AS {quote_column(name)}"


def fact_columns_sql(name: str, rows: str) -> str:
    return ", ".join(json_column_sql(column, f"{rows}.") for column in FACT_COLUMNS[name])


def json_column_sql(column: Column, prefix: str = "") -> str:
    """A column as JSON has it; decimals are texts, so that no reader makes floats of them."""
    name = quote_column(column.name)
    return f"{prefix}{name}::text AS {name}" if column.kind in DECIMAL_KINDS else f"{prefix}{name}"


def key_condition_sql(name: str, key: Iterable[str]) -> str:
    """Condition for the rows of a key in their office; of a nullable part, NULL is a value, too.

    A version is of no office: it is given once.
    """
    parts = []
    for part in key:
        same = f"{quote_column(part)} = {parameter_sql(name, part)}"
        if FACT_KINDS[name].key and part != VERSION and RECORD_TABLES[name].c[part].nullable:
            same = (
                f"({same} OR {parameter_sql(name, part)} IS NULL AND {quote_column(part)} IS NULL)"
            )
        parts.append(same)
    if parts and tuple(key) != (VERSION,):
        parts.append(f"office = {OFFICE_SQL}")
    return " AND ".join(parts)


def parameter_sql(name: str, column: str) -> str:
    """Parameter with the name and the type of a column."""
    return f"%({column})s::{RECORD_TABLES[name].c[column].type.compile(DIALECT)}"


def condition_sql(rows: sa.FromClause, condition: sa.ColumnElement[bool]) -> str:
    """Condition for rows, as part of a statement of these: its subqueries refer to them, too."""
    statement: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(rows).where(condition)
    return f"({str(statement.compile(dialect=DIALECT)).partition('WHERE ')[2]})"


def expression_sql(expression: sa.ColumnElement[Any]) -> str:
    return f"({expression.compile(dialect=DIALECT)})"


def reference_columns(name: str) -> list[Column]:
    return [column for column in FACT_COLUMNS[name] if column.refers]


def quote_column(column: str) -> str:
    return f'"{column}"'  # «on» and «group» are words of SQL

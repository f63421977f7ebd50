"""The SQL of records over HTTP: a text for each question, made once, answered by one statement.

Texts are what the driver gets, with no layer between: they name their values (`%(as_of)s`) and are
numbered when they are made. The database writes the JSON of the answer itself, a line a record, so
that what was stored passes through untouched. A column's name stands for its value in a key, a
filter or a fact; `scope_…` is whose records the caller may see (see `scope`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg

from services.registry.records.audit_and_events import AUDIT_AND_EVENT_SQL
from services.registry.records.visibility import visibility_conditions
from services.registry.tables import RECORD_TABLES, SCHEMA
from shared.database.outbox import BEGIN_WRITE_SQL
from shared.facts.columns import Column, ColumnKind
from shared.facts.kind import FACT_KEYS
from shared.facts.tables import FACT_COLUMNS

DIALECT = asyncpg.dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]
NAMED_PARAMETER = re.compile(r"%\((\w+)\)s")
INSTANT_SQL = """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS {0}"""
MARK_COLUMNS = (
    "version",
    INSTANT_SQL.format("recorded_at"),
    "recorded_by",
    "recorded_for",
    "why",
    INSTANT_SQL.format("superseded_at"),
)
DECIMAL_KINDS = (ColumnKind.percent, ColumnKind.figure)
CURRENT_SQL = "superseded_at IS NULL"
EVER_RECORDED_SQL = "(superseded_at IS NULL OR superseded_at IS NOT NULL)"  # one index of each half


@dataclass(frozen=True)
class Statement:
    """A text with numbered parameters, and the names of their values in this order."""

    text: str
    names: tuple[str, ...]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        return [given[name] for name in self.names]


def compile_statement(text: str) -> Statement:
    names = tuple(dict.fromkeys(NAMED_PARAMETER.findall(text)))
    numbers = {name: f"${at}" for at, name in enumerate(names, start=1)}
    return Statement(NAMED_PARAMETER.sub("%(\\1)s", text) % numbers, names)


def current_record_query(name: str, key: Iterable[str]) -> Statement:
    """The current record of a key."""
    return compile_statement(
        record_lines_sql(name, visible_rows_sql(name, CURRENT_SQL, key_condition_sql(name, key)))
    )


def record_history_query(name: str, key: Iterable[str]) -> Statement:
    """Everything ever recorded under a key, the latest first."""
    rows = visible_rows_sql(name, EVER_RECORDED_SQL, key_condition_sql(name, key))
    return compile_statement(f"{record_lines_sql(name, rows)} ORDER BY version DESC")


def record_page_query(name: str, place: Iterable[str], filters: Iterable[str]) -> Statement:
    """The current records of a place, where columns have the values asked for; `limit` of them."""
    asked = [
        f"({parameter_sql(name, f)} IS NULL OR {quote_column(f)} = {parameter_sql(name, f)})"
        for f in filters
    ]
    order = "ORDER BY version LIMIT %(limit)s"
    where = (CURRENT_SQL, key_condition_sql(name, place), *asked, "version > %(after)s")
    return compile_statement(
        f"{record_lines_sql(name, visible_rows_sql(name, *where, order=order))} {order}"
    )


def record_lines_sql(name: str, rows: str) -> str:
    """Records as `version` and `line`."""
    return f"SELECT version, {record_json_sql(name)} FROM ({rows}) AS found"


def record_json_sql(name: str) -> str:
    """The JSON of an answer, in the order of its model."""
    columns = response_columns_sql(name)
    return f"(SELECT row_to_json(line)::text FROM (SELECT {columns}) AS line) AS line"


def visible_rows_sql(name: str, *where: str, order: str = "") -> str:
    """The rows of a table that the caller may see, by each way in which they may."""
    table = f"{SCHEMA}.{name}"
    return " UNION ALL ".join(
        f"(SELECT * FROM {table} WHERE {' AND '.join([*where, condition_sql(way)])} {order})"
        for way in visibility_conditions(name, RECORD_TABLES[name])
    )


def write_context_query(name: str, key: Iterable[str] | None) -> Statement:
    """All that must be known before a record is written, in one row.

    For each column that refers to a unit or project, as `of_…`, the region of that; the current
    record of the key, with its `line`; whether anything `ever` was recorded under it, which is
    asked only of who has seen a version (`expected`).
    """
    place = "false" if key is None else key_condition_sql(name, key)
    visible = visible_rows_sql(name, CURRENT_SQL, place)
    current = f"SELECT *, {record_json_sql(name)} FROM ({visible}) AS found"
    found = [
        f'({reference_region_sql(name, column)}) AS "of_{column.name}"'
        for column in reference_columns(name)
    ]
    recorded = visible_rows_sql(name, EVER_RECORDED_SQL, place)
    ever = f"CASE WHEN %(expected)s::bigint IS NOT NULL THEN EXISTS ({recorded}) END"
    return compile_statement(
        f"SELECT {', '.join([*found, ever])} AS ever, current.*"
        f" FROM (SELECT) AS once LEFT JOIN ({current}) AS current ON true"
    )


def reference_region_sql(name: str, column: Column) -> str:
    """Where a unit or project is that a record refers to, if it is there for the sender.

    A project must be the sender's; units are anybody's.
    """
    target = column.refers or ""
    (key,) = FACT_KEYS[target]
    where = [CURRENT_SQL, f"{key} = {parameter_sql(name, column.name)}"]
    if target == "projects":
        where += map(condition_sql, visibility_conditions(target, RECORD_TABLES[target]))
    region = f"SELECT coalesce(region_code, recorded_for) FROM {SCHEMA}.{target}"
    return f"{region} WHERE {' AND '.join(where)}"


def record_write_query(name: str) -> Statement:
    """Supersede the version `replaces`, if there is one, append the record, and tell of it.

    The writer's turn begins in it, as late as can be, and ends with the transaction. No row comes
    back where another writer was quicker: the version is superseded or the key is taken.
    """
    columns = [column.name for column in FACT_COLUMNS[name]]
    added = " UNION ALL ".join(
        f"SELECT FROM added WHERE {condition_sql(way)}"
        for way in visibility_conditions(name, RECORD_TABLES[name].alias("added"))
    )
    return compile_statement(f"""
        WITH alone AS MATERIALIZED ({BEGIN_WRITE_SQL.format(schema=SCHEMA)}), gone AS (
            UPDATE {SCHEMA}.{name} SET superseded_at = alone.at FROM alone
            WHERE version = %(replaces)s::bigint AND {CURRENT_SQL} RETURNING {SCHEMA}.{name}.*
        ), added AS (
            INSERT INTO {SCHEMA}.{name} ({", ".join(map(quote_column, columns))},
                recorded_at, recorded_by, recorded_for, why)
            SELECT {", ".join(parameter_sql(name, column) for column in columns)},
                alone.at, %(who)s::text, %(recorded_for)s::text, %(why)s::text FROM alone
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
    return ", ".join([*(json_column_sql(column) for column in FACT_COLUMNS[name]), *MARK_COLUMNS])


def fact_columns_sql(name: str, rows: str) -> str:
    return ", ".join(json_column_sql(column, f"{rows}.") for column in FACT_COLUMNS[name])


def json_column_sql(column: Column, of: str = "") -> str:
    """A value as JSON has it; decimals are a text, so that no reader makes a float of them."""
    name = quote_column(column.name)
    return f"{of}{name}::text AS {name}" if column.kind in DECIMAL_KINDS else f"{of}{name}"


def key_condition_sql(name: str, key: Iterable[str]) -> str:
    """The rows of a key; of a part that may be unknown, unknown is a value as any other."""
    parts = ["true"]
    for part in key:
        same = f"{quote_column(part)} = {parameter_sql(name, part)}"
        if name in FACT_KEYS and part != "version" and RECORD_TABLES[name].c[part].nullable:
            same = (
                f"({same} OR {parameter_sql(name, part)} IS NULL AND {quote_column(part)} IS NULL)"
            )
        parts.append(same)
    return " AND ".join(parts)


def parameter_sql(name: str, column: str) -> str:
    """The parameter of a column's value, in its type."""
    return f"%({column})s::{RECORD_TABLES[name].c[column].type.compile(DIALECT)}"


def condition_sql(condition: sa.ColumnElement[bool]) -> str:
    return f"({condition.compile(dialect=DIALECT)})"


def reference_columns(name: str) -> list[Column]:
    return [column for column in FACT_COLUMNS[name] if column.refers]


def quote_column(column: str) -> str:
    return f'"{column}"'  # «on» and «group» are words of SQL

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

from services.registry.records.audit_and_events import TOLD
from services.registry.records.visibility import ways
from services.registry.tables import RECORDS, SCHEMA
from shared.database.outbox import ALONE
from shared.facts.columns import Column, Kind
from shared.facts.kind import KEYS
from shared.facts.tables import COLUMNS

DIALECT = asyncpg.dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]
NAMED = re.compile(r"%\((\w+)\)s")
INSTANT = """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS {0}"""
MARKS = (
    "version",
    INSTANT.format("recorded_at"),
    "recorded_by",
    "recorded_for",
    "why",
    INSTANT.format("superseded_at"),
)
DECIMAL = (Kind.percent, Kind.figure)
CURRENT = "superseded_at IS NULL"
EVER = "(superseded_at IS NULL OR superseded_at IS NOT NULL)"  # one index of each half


@dataclass(frozen=True)
class Statement:
    """A text with numbered parameters, and the names of their values in this order."""

    text: str
    names: tuple[str, ...]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        return [given[name] for name in self.names]


def statement(text: str) -> Statement:
    names = tuple(dict.fromkeys(NAMED.findall(text)))
    numbers = {name: f"${at}" for at, name in enumerate(names, start=1)}
    return Statement(NAMED.sub("%(\\1)s", text) % numbers, names)


def one(name: str, key: Iterable[str]) -> Statement:
    """The current record of a key."""
    return statement(lines(name, seen(name, CURRENT, equal(name, key))))


def history(name: str, key: Iterable[str]) -> Statement:
    """Everything ever recorded under a key, the latest first."""
    return statement(f"{lines(name, seen(name, EVER, equal(name, key)))} ORDER BY version DESC")


def page(name: str, place: Iterable[str], filters: Iterable[str]) -> Statement:
    """The current records of a place, where columns have the values asked for; `limit` of them."""
    asked = [f"({value(name, f)} IS NULL OR {quoted(f)} = {value(name, f)})" for f in filters]
    order = "ORDER BY version LIMIT %(limit)s"
    where = (CURRENT, equal(name, place), *asked, "version > %(after)s")
    return statement(f"{lines(name, seen(name, *where, order=order))} {order}")


def lines(name: str, rows: str) -> str:
    """Records as `version` and `line`."""
    return f"SELECT version, {line(name)} FROM ({rows}) AS found"


def line(name: str) -> str:
    """The JSON of an answer, in the order of its model."""
    return f"(SELECT row_to_json(line)::text FROM (SELECT {shown(name)}) AS line) AS line"


def seen(name: str, *where: str, order: str = "") -> str:
    """The rows of a table that the caller may see, by each way in which they may."""
    table = f"{SCHEMA}.{name}"
    return " UNION ALL ".join(
        f"(SELECT * FROM {table} WHERE {' AND '.join([*where, text_of(way)])} {order})"
        for way in ways(name, RECORDS[name])
    )


def look(name: str, key: Iterable[str] | None) -> Statement:
    """All that must be known before a record is written, in one row.

    For each column that refers to a unit or project, as `of_…`, the region of that; the current
    record of the key, with its `line`; whether anything `ever` was recorded under it, which is
    asked only of who has seen a version (`expected`).
    """
    place = "false" if key is None else equal(name, key)
    current = f"SELECT *, {line(name)} FROM ({seen(name, CURRENT, place)}) AS found"
    found = [f'({region_for(name, column)}) AS "of_{column.name}"' for column in referring(name)]
    ever = f"CASE WHEN %(expected)s::bigint IS NOT NULL THEN EXISTS ({seen(name, EVER, place)}) END"
    return statement(
        f"SELECT {', '.join([*found, ever])} AS ever, current.*"
        f" FROM (SELECT) AS once LEFT JOIN ({current}) AS current ON true"
    )


def region_for(name: str, column: Column) -> str:
    """Where a unit or project is that a record refers to, if it is there for the sender.

    A project must be the sender's; units are anybody's.
    """
    target = column.refers or ""
    (key,) = KEYS[target]
    where = [CURRENT, f"{key} = {value(name, column.name)}"]
    if target == "projects":
        where += map(text_of, ways(target, RECORDS[target]))
    region = f"SELECT coalesce(region_code, recorded_for) FROM {SCHEMA}.{target}"
    return f"{region} WHERE {' AND '.join(where)}"


def write(name: str) -> Statement:
    """Supersede the version `replaces`, if there is one, append the record, and tell of it.

    The writer's turn begins in it, as late as can be, and ends with the transaction. No row comes
    back where another writer was quicker: the version is superseded or the key is taken.
    """
    columns = [column.name for column in COLUMNS[name]]
    added = " UNION ALL ".join(
        f"SELECT FROM added WHERE {text_of(way)}"
        for way in ways(name, RECORDS[name].alias("added"))
    )
    return statement(f"""
        WITH alone AS MATERIALIZED ({ALONE.format(schema=SCHEMA)}), gone AS (
            UPDATE {SCHEMA}.{name} SET superseded_at = alone.at FROM alone
            WHERE version = %(replaces)s::bigint AND {CURRENT} RETURNING {SCHEMA}.{name}.*
        ), added AS (
            INSERT INTO {SCHEMA}.{name} ({", ".join(map(quoted, columns))},
                recorded_at, recorded_by, recorded_for, why)
            SELECT {", ".join(value(name, column) for column in columns)},
                alone.at, %(who)s::text, %(recorded_for)s::text, %(why)s::text FROM alone
            WHERE %(replaces)s::bigint IS NULL OR EXISTS (SELECT FROM gone)
            ON CONFLICT DO NOTHING RETURNING *
        ), change AS (
            SELECT (SELECT to_jsonb(fact) FROM (SELECT {fact(name, "gone")}) AS fact
                    WHERE gone.version IS NOT NULL) AS before,
                (SELECT to_jsonb(fact) FROM (SELECT {fact(name, "added")}, added.version) AS fact)
                    AS after,
                added.recorded_at AS at
            FROM added LEFT JOIN gone ON true
        ), {TOLD}
        SELECT version, {line(name)}, EXISTS ({added}) AS ours FROM added""")


def shown(name: str) -> str:
    return ", ".join([*(told(column) for column in COLUMNS[name]), *MARKS])


def fact(name: str, rows: str) -> str:
    return ", ".join(told(column, f"{rows}.") for column in COLUMNS[name])


def told(column: Column, of: str = "") -> str:
    """A value as JSON has it; decimals are a text, so that no reader makes a float of them."""
    name = quoted(column.name)
    return f"{of}{name}::text AS {name}" if column.kind in DECIMAL else f"{of}{name}"


def equal(name: str, key: Iterable[str]) -> str:
    """The rows of a key; of a part that may be unknown, unknown is a value as any other."""
    parts = ["true"]
    for part in key:
        same = f"{quoted(part)} = {value(name, part)}"
        if name in KEYS and part != "version" and RECORDS[name].c[part].nullable:
            same = f"({same} OR {value(name, part)} IS NULL AND {quoted(part)} IS NULL)"
        parts.append(same)
    return " AND ".join(parts)


def value(name: str, column: str) -> str:
    """The parameter of a column's value, in its type."""
    return f"%({column})s::{RECORDS[name].c[column].type.compile(DIALECT)}"


def text_of(condition: sa.ColumnElement[bool]) -> str:
    return f"({condition.compile(dialect=DIALECT)})"


def referring(name: str) -> list[Column]:
    return [column for column in COLUMNS[name] if column.refers]


def quoted(column: str) -> str:
    return f'"{column}"'  # «on» and «group» are words of SQL

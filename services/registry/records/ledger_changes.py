"""What a ledger changes in a table: rows, values of each column, corrections that it meets.

Counted by the database from a comparison, before anything is merged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.registry.records.ledger_comparison import Comparison
from services.registry.records.statements import quote_column
from shared.facts.columns import Column, ColumnType
from shared.facts.packed_facts import LedgerPart
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS

MAX_SAMPLES = 5  # of a column
MAX_CONFLICTS = 100  # told of a table; all are counted
BY_IMPORT = "^imports/[0-9]+$"  # why a record is there that no person wrote


@dataclass(frozen=True)
class ValueChange:
    """A value that changes; `row` is the file's, `before` and `after` are texts or blank.

    `before_text` and `after_text` are the same as people read them.
    """

    row: int | None
    key: Sequence[str | None]
    before: str | None
    after: str | None
    before_text: str | None
    after_text: str | None


@dataclass(frozen=True)
class ColumnChange:
    """Values of a column that change, those of them that become blank, and some of these."""

    column: str
    title: str
    changed: int
    blanked: int
    samples: Sequence[ValueChange]


@dataclass(frozen=True)
class Conflict:
    """A record that somebody wrote since, and what the file would make of it.

    `column` is blank where the record has no key and goes as a whole.
    """

    row: int | None
    key: Sequence[str | None]
    column: str | None
    column_title: str | None
    before: str | None
    after: str | None
    before_text: str | None
    after_text: str | None
    recorded_by: str
    recorded_at: str


@dataclass(frozen=True)
class TableChange:
    """Change of one table by a merge, in rows; a corrected row is one superseded and one added.

    Rows that are `left_void` are equal to a void record. `absent_columns` are those that the file
    lacks, which stay as they are.
    """

    added: int
    superseded: int
    unchanged: int = 0
    left_void: int = 0
    absent_columns: Sequence[str] = ()
    absent_titles: Sequence[str] = ()
    columns: Sequence[ColumnChange] = ()
    conflicts: int = 0
    conflicting: Sequence[Conflict] = ()

    @property
    def is_any(self) -> bool:
        return bool(self.added or self.superseded or self.left_void)


async def describe_change(
    connection: AsyncConnection, made: Comparison, part: LedgerPart
) -> TableChange:
    """Count what a comparison found."""
    counts = sa.text(f"SELECT count(nth), count(version) FROM {made.differing}")
    added, superseded = (await connection.execute(counts)).one()
    absent, rows = part.absent(made.name), part.facts.tables[made.name].num_rows
    titles = [column.title for column in FACT_COLUMNS[made.name] if column.name in absent]
    left = len(made.left_void)
    counted = TableChange(added, superseded, rows - added - left, left, absent, titles)
    if not superseded:
        return counted
    columns = await column_changes(connection, made, part) if FACT_KINDS[made.name].key else ()
    total, conflicts = await find_conflicts(connection, made, part)
    return replace(counted, columns=columns, conflicts=total, conflicting=conflicts)


async def column_changes(
    connection: AsyncConnection, made: Comparison, part: LedgerPart
) -> list[ColumnChange]:
    """Changes of the columns that are not of the key."""
    columns = [c for c in FACT_COLUMNS[made.name] if c.name not in FACT_KINDS[made.name].key]
    if not columns:
        return []
    counted = ", ".join(
        f"count(*) FILTER (WHERE {changes_sql(c)}),"
        f" count(*) FILTER (WHERE {changes_sql(c)} AND {blank_sql('g', c)})"
        for c in columns
    )
    numbers = (await connection.execute(sa.text(f"SELECT {counted} FROM {pairs_sql(made)}"))).one()
    found = []
    for column, changed, blanked in zip(columns, numbers[::2], numbers[1::2], strict=True):
        if changed:
            samples = await find_samples(connection, made, part, column)
            found.append(ColumnChange(column.name, column.title, changed, blanked, samples))
    return found


async def find_samples(
    connection: AsyncConnection, made: Comparison, part: LedgerPart, column: Column
) -> list[ValueChange]:
    """Some changes of a column; those that leave it blank first."""
    query = sa.text(
        f"SELECT d.nth, {key_sql(made.name)}, {text_sql('t', column)}, {text_sql('g', column)}"
        f" FROM {pairs_sql(made)} WHERE {changes_sql(column)}"
        f" ORDER BY NOT ({blank_sql('g', column)}), d.nth LIMIT {MAX_SAMPLES}"
    )
    return [
        ValueChange(part.number(made.name, nth), key, **value_texts(column, before, after))
        for nth, key, before, after in await connection.execute(query)
    ]


async def find_conflicts(
    connection: AsyncConnection, made: Comparison, part: LedgerPart
) -> tuple[int, list[Conflict]]:
    """The number of records that somebody wrote and the file changes, and the first of them."""
    written = f"t.why !~ '{BY_IMPORT}'"
    joined = (
        f"{made.differing} d JOIN {made.table} t ON t.version = d.version"
        f" LEFT JOIN {made.ledger} g ON g.nth = d.nth WHERE {written}"
    )
    total = (await connection.execute(sa.text(f"SELECT count(*) FROM {joined}"))).scalar_one()
    if not total:
        return 0, []
    columns = FACT_COLUMNS[made.name]
    texts = ", ".join(f"{text_sql('t', column)}, {text_sql('g', column)}" for column in columns)
    query = sa.text(
        f"SELECT d.nth, {key_sql(made.name)}, t.recorded_by, t.recorded_at, {texts} FROM {joined}"
        f" ORDER BY d.version LIMIT {MAX_CONFLICTS}"
    )
    found = []
    for nth, key, by, at, *values in await connection.execute(query):
        row = None if nth is None else part.number(made.name, nth)
        place: dict[str, Any] = {"row": row, "key": key, "recorded_by": by}
        place["recorded_at"] = at.isoformat()
        if nth is None:
            gone: dict[str, Any] = dict.fromkeys(("before", "after", "before_text", "after_text"))
            found.append(Conflict(**place, column=None, column_title=None, **gone))
            continue
        pairs = zip(columns, values[::2], values[1::2], strict=True)
        found += [
            Conflict(
                **place,
                column=column.name,
                column_title=column.title,
                **value_texts(column, before, after),
            )
            for column, before, after in pairs
            if before != after
        ]
    return total, found


def pairs_sql(made: Comparison) -> str:
    """The differing rows of the ledger beside the records that they supersede."""
    return (
        f"{made.differing} d JOIN {made.ledger} g ON g.nth = d.nth"
        f" JOIN {made.table} t ON t.version = d.version"
    )


def changes_sql(column: Column) -> str:
    name = quote_column(column.name)
    return f"g.{name} IS DISTINCT FROM t.{name}"


def blank_sql(alias: str, column: Column) -> str:
    name = f"{alias}.{quote_column(column.name)}"
    return f"cardinality({name}) = 0" if column.kind is ColumnType.words else f"{name} IS NULL"


def text_sql(alias: str, column: Column) -> str:
    """A value as text: a list joined as a ledger has it, and blank where it is empty."""
    name = f"{alias}.{quote_column(column.name)}"
    if column.kind is ColumnType.words:
        return f"nullif(array_to_string({name}, ';'), '')"
    return f"{name}::text"


def key_sql(name: str) -> str:
    """The key of a record, or the columns by which its kind is compared, as a list of texts."""
    key = FACT_KINDS[name].match_key
    return f"ARRAY[{', '.join(text_sql('t', c) for c in FACT_COLUMNS[name] if c.name in key)}]"


# --- values as people read them


def value_texts(column: Column, before: str | None, after: str | None) -> dict[str, Any]:
    """A value before and after, as it is stored and as people read it."""
    return {
        "before": before,
        "after": after,
        "before_text": value_text(column, before),
        "after_text": value_text(column, after),
    }


def value_text(column: Column, text: str | None) -> str | None:
    """A value as people read it: labels of words, amounts in 万元, days in civil form."""
    if text is None:
        return None
    labels = column.words.labels() if column.words else {}
    match column.kind:
        case ColumnType.words:
            return "、".join(labels.get(word, word) for word in text.split(";"))
        case ColumnType.yuan:
            return f"{Decimal(text).scaleb(-4).normalize():,f}万元"
        case ColumnType.percent:
            return f"{Decimal(text).normalize():f}%"
        case ColumnType.figure:
            return f"{Decimal(text).normalize():,f}"
        case ColumnType.flag:
            return "是" if text == "true" else "否"
        case ColumnType.day:
            day = date.fromisoformat(text)
            return f"{day.year}年{day.month}月{day.day}日"
        case _:
            return labels.get(text, text)

"""Check of a ledger against the records: what it may not do, and what it would take away.

Done before it is kept, so that nobody learns it only when it is applied.
"""

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.key_equality import same_key_sql
from services.registry.records.ledger_changes import (
    TableChange,
    blank_sql,
    describe_change,
)
from services.registry.records.ledger_comparison import (
    Comparison,
    compare_table,
)
from services.registry.records.ledger_voids import (
    has_void_records,
    left_void,
    list_own_ids,
    references_to_void,
)
from services.registry.records.statements import quote_column
from services.registry.tables import RECORD_TABLES
from shared.clock import LOCAL_TIMEZONE
from shared.facts.belonging import OfRegion
from shared.facts.columns import Column
from shared.facts.packed_facts import LedgerPart
from shared.facts.projects import PROGRESS
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS
from shared.http.tokens import Caller
from shared.ledger.findings import Finding, build_finding

BLANK = "空白"
ClosingDay = Callable[[date], date | None]
MAX_NAMED = 10  # rows and keys that a finding names


@dataclass(frozen=True)
class CompletedRows:
    """The rows of a file with what is stored in the columns that it lacks."""

    columns: Mapping[str, Sequence[Any]]
    absent: frozenset[str]

    def rows(self, *names: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Each row, and none where the file has all of these columns: the reader told of it."""
        if self.absent.isdisjoint(names):
            return iter(())
        return enumerate(zip(*(self.columns[name] for name in names), strict=True))


ComparedCallback = Callable[[AsyncConnection, Comparison], Awaitable[None]]


def never_closed(_: date) -> None:
    """The day on which the period of a report closed, where none ever does."""


async def check_against_records(
    session: AsyncSession,
    part: LedgerPart,
    names: Iterable[str],
    who: Caller,
    office: str,
    on_compared: ComparedCallback | None = None,
    closing: ClosingDay = never_closed,
) -> list[Finding]:
    """Findings of tables of a ledger without errors, by what an office has stored.

    `on_compared` is called while the comparison of a table is there, `closing` tells of the day of
    a report when its period closed.
    """
    connection, found = await session.connection(), list[Finding]()
    left: dict[str, set[str]] = {}
    for name in names:
        absent = [c for c in FACT_COLUMNS[name] if c.name in part.absent(name)]
        is_first = not await has_records(connection, name, office)
        is_first = is_first and not await has_void_records(connection, name, office)
        if not absent and is_first:
            added: Sequence[int] = range(part.facts.tables[name].num_rows)
            found += outside_region(name, part, who, added)
            found += closed_periods(name, part, added, closing)
            continue
        compared = await compare_table(session, name, part, office)
        query = sa.text(f"SELECT nth FROM {compared.differing} WHERE nth IS NOT NULL ORDER BY nth")
        added = (await connection.scalars(query)).all()
        found += outside_region(name, part, who, added)
        found += closed_periods(name, part, added, closing)
        found += left_void(name, part, compared.left_void)
        found += references_to_void(name, part, added, left)
        left[name] = list_own_ids(name, part, compared.left_void)
        found += [each async for each in absent_columns(connection, compared, part, absent, office)]
        if absent and FACT_KINDS[name].key:
            found += await broken_rules(connection, compared, part)
        if not is_first:
            found += changed_values(name, part, await describe_change(connection, compared, part))
        if on_compared:
            await on_compared(connection, compared)
        await compared.drop(connection)
    return found


async def has_records(connection: AsyncConnection, name: str, office: str) -> bool:
    rows = RECORD_TABLES[name].c
    query = sa.select(sa.exists().where(rows.office == office, rows.superseded_at.is_(None)))
    return bool(await connection.scalar(query))


def closed_periods(
    name: str, part: LedgerPart, indices: Sequence[int], closing: ClosingDay
) -> Iterator[Finding]:
    """Reports that it would add or correct after their period closed, which an office may."""
    if name != PROGRESS.name:
        return
    days = part.facts.tables[name]["as_of"].to_pylist()
    closed = {day: closing(day) for day in set(days)}
    late = [index for index in indices if closed[days[index]] is not None]
    if late:
        first = days[late[0]]
        row, header = part.number(name, late[0]), part.headers[name].get("as_of", "as_of")
        found = build_finding("period_closed", name, row, header, str(first), closed=closed[first])
        yield replace(found, count=len(late))


def outside_region(
    name: str, part: LedgerPart, who: Caller, indices: Sequence[int]
) -> Iterator[Finding]:
    """What it would add or correct in another region; nobody may."""
    if not isinstance(FACT_KINDS[name].belongs, OfRegion) or not who.region:
        return
    codes = part.facts.tables[name]["region_code"].to_pylist()
    foreign = [i for i in indices if codes[i] and not codes[i].startswith(who.region)]
    if foreign:
        named = "、".join(dict.fromkeys(codes[i] for i in foreign[:MAX_NAMED]))
        header = part.headers[name].get("region_code")
        row = part.number(name, foreign[0])
        found = build_finding("outside_region", name, row, header, named, region=who.region)
        yield replace(found, count=len(foreign))


async def absent_columns(
    connection: AsyncConnection,
    compared: Comparison,
    part: LedgerPart,
    absent: Sequence[Column],
    office: str,
) -> AsyncIterator[Finding]:
    """Columns that may not be absent, and those that stay as they are stored."""
    kind, kept = FACT_KINDS[compared.name], list[str]()
    for column in absent:
        details: dict[str, Any] = {"title": column.title, "name": column.name}
        if not kind.key:
            used = f"SELECT EXISTS (SELECT FROM {compared.table} t WHERE {used_sql(column)})"
            if await connection.scalar(sa.text(used), {"office": office}):
                yield build_finding("column_in_use", compared.name, **details)
            continue
        if column.name in kind.key:
            query = sa.text(told_apart_sql(compared, column))
            count, first = (await connection.execute(query, {"office": office})).one()
            code = "column_of_stored_key"
        elif column.required:
            blank = f"FROM {compared.ledger} WHERE {quote_column(column.name)} IS NULL"
            query = sa.text(f"SELECT count(*), min(nth) {blank}")
            count, first = (await connection.execute(query)).one()
            code = "column_of_new_rows"
        else:
            count, first, code = 0, None, ""
        if count:
            found = build_finding(code, compared.name, part.number(compared.name, first), **details)
            yield replace(found, count=count)
        elif column.name not in kind.key and await is_stored(connection, compared, column):
            kept.append(column.title)
    if kept:
        found = build_finding("columns_kept", compared.name, titles="、".join(kept))
        yield replace(found, count=len(kept))


def used_sql(column: Column) -> str:
    """Condition for current records of an office that have something in a column."""
    return f"t.office = :office AND t.superseded_at IS NULL AND NOT ({blank_sql('t', column)})"


def told_apart_sql(compared: Comparison, column: Column) -> str:
    """Query of the rows whose records, by the rest of the key, have something in this part."""
    rest = same_key_sql(compared.name, "g", "t", without=column.name)
    return (
        f"SELECT count(DISTINCT g.nth), min(g.nth) FROM {compared.ledger} g"
        f" JOIN {compared.table} t ON {rest} WHERE {used_sql(column)}"
    )


async def is_stored(connection: AsyncConnection, compared: Comparison, column: Column) -> bool:
    """Whether a column that the file lacks has something for one of its rows."""
    there = f"SELECT FROM {compared.ledger} g WHERE NOT ({blank_sql('g', column)})"
    query = sa.text(f"SELECT EXISTS ({there})")
    return bool(await connection.scalar(query))


async def broken_rules(
    connection: AsyncConnection, compared: Comparison, part: LedgerPart
) -> list[Finding]:
    """Findings of the rules of a row that need what is stored, which the reader left."""
    kind, name = FACT_KINDS[compared.name], compared.name
    if not kind.rules:
        return []
    query = sa.text(f"SELECT {compared.columns} FROM {compared.ledger} ORDER BY nth")
    rows = (await connection.execute(query)).all()
    columns = dict(zip(kind.column_names, zip(*rows, strict=True), strict=True))
    completed = CompletedRows(columns, frozenset(part.absent(name)))
    headers, found = part.headers[name], []
    for rule in kind.rules:
        for code, index, column, details in rule(completed):
            value, row = columns[column][index], part.number(name, index)
            text = None if value is None else str(value)
            found.append(
                build_finding(code, name, row, headers.get(column, column), text, **details)
            )
    return found


def changed_values(name: str, part: LedgerPart, change: TableChange) -> Iterator[Finding]:
    """Values that become blank, by column, and corrections that the file would take back."""
    headers = part.headers[name]
    for column in change.columns:
        if column.blanked:
            gone = column.samples[: column.blanked]
            named = "、".join(f"{join_key(each.key)}（{each.before_text}）" for each in gone)
            header = headers.get(column.column, column.title)
            found = build_finding("values_go_blank", name, gone[0].row, header, examples=named)
            yield replace(found, count=column.blanked)
    for each in change.conflicting:
        yield build_finding(
            "later_correction",
            name,
            each.row,
            headers.get(each.column or "", each.column),
            join_key(each.key),
            by=each.recorded_by,
            at=local_minute(each.recorded_at),
            before=each.before_text or BLANK,
            after=each.after_text or BLANK,
        )
    told = len({tuple(each.key) for each in change.conflicting})
    if change.conflicts > told:
        found = build_finding("later_corrections", name)
        yield replace(found, count=change.conflicts - told)


def local_minute(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(LOCAL_TIMEZONE):%Y-%m-%d %H:%M}"


def join_key(key: Sequence[str | None]) -> str:
    return " ".join(part for part in key if part)

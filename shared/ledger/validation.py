"""Validation across cells: keys, references, codes, and the rules of a row.

A cell that could not be read has its own finding and is left out here, so that one mistake is
reported once.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from shared.facts.columns import MAX_KEY_LENGTH, Column, ColumnType
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS
from shared.ledger.codes import check_credit_code, check_national_code, check_region_code
from shared.ledger.findings import Finding, build_finding
from shared.ledger.sheets import Cell, cell_text

ID_SEPARATORS = re.compile("[:/]")  # of a qualified id, of an address


@dataclass(frozen=True)
class StoredRecords:
    """What an office has stored: by table the names of ids, to which a file may refer.

    Such a file need not hold every table, nor every column of records that are stored. A record
    that may be referred to only by its id has no name here.
    """

    names: Mapping[str, Mapping[str, str | None]]

    def ids(self, table: str) -> Iterable[str]:
        return self.names.get(table, ())


@dataclass(frozen=True)
class ParsedTable:
    """A sheet with the values of its cells.

    `columns` has every column of the table, `headers` and `cells` those of the file: how they
    are headed and what stands in them. `failed_cells` are the cells (row from 0, column) in error.
    """

    name: str
    numbers: list[int]
    columns: Mapping[str, list[Any]]
    headers: Mapping[str, str]
    cells: Mapping[str, list[Cell]]
    failed_cells: frozenset[tuple[int, str]]

    def rows(self, *names: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Each row whose cells in these columns could all be read."""
        for index, values in enumerate(zip(*(self.columns[name] for name in names), strict=True)):
            if not self.failed_cells or not any(
                (index, name) in self.failed_cells for name in names
            ):
                yield index, values

    def text_of(self, index: int, name: str) -> str:
        return cell_text(self.cells[name][index]) if name in self.cells else ""

    def finding(self, code: str, index: int, name: str, **details: object) -> Finding:
        header = self.headers.get(name, name)
        value = self.text_of(index, name) or None
        return build_finding(code, self.name, self.numbers[index], header, value, **details)


def validate_tables(
    tables: Mapping[str, ParsedTable],
    regions: frozenset[str],
    stored: StoredRecords | None = None,
) -> Iterator[Finding]:
    """Findings across the cells of a ledger; `regions` are the six-digit codes known.

    With `stored` records a rule of a row that asks for a column that is absent waits: it is checked
    with what is stored in it.
    """
    for table in tables.values():
        yield from missing_columns(table, stored)
        yield from duplicate_keys(table)
        yield from wrong_ids(table)
        yield from long_keys(table)
        yield from unknown_references(table, tables, stored)
        yield from wrong_codes(table, regions)
        yield from broken_rules(table, is_part=stored is not None)


def missing_columns(table: ParsedTable, stored: StoredRecords | None) -> Iterator[Finding]:
    """Required columns that are absent and that no stored record can have: of a ledger all."""
    key = FACT_KINDS[table.name].key
    for column in FACT_COLUMNS[table.name]:
        may_be_stored = stored is not None and key and column.name not in key
        if column.required and column.name not in table.headers and not may_be_stored:
            title, name = column.title, column.name
            yield build_finding("missing_column", table.name, title=title, name=name)


@dataclass(frozen=True)
class WrittenRows:
    """The rows of a table that is a part, for rules that ask only for what is written in it."""

    table: ParsedTable

    def rows(self, *names: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Each row, and none where stored records tell some of these columns."""
        return self.table.rows(*names) if self.table.headers.keys() >= {*names} else iter(())


def broken_rules(table: ParsedTable, *, is_part: bool = False) -> Iterator[Finding]:
    """Findings of the rules that the kind declares; of a part those that need no stored record."""
    kind = FACT_KINDS[table.name]
    rows = WrittenRows(table) if is_part and kind.key else table
    for rule in kind.rules:
        for code, index, column, details in rule(rows):
            yield table.finding(code, index, column, **details)


def duplicate_keys(table: ParsedTable) -> Iterator[Finding]:
    """Rows whose key an earlier row has; a blank in an optional part of a key counts as a value."""
    key = FACT_KINDS[table.name].key
    needed = {column.name for column in FACT_COLUMNS[table.name] if column.required}
    if not key or not needed.intersection(key) <= table.headers.keys():
        return
    if len(set(zip(*(table.columns[name] for name in key), strict=True))) == len(table.numbers):
        return
    titles = "、".join(table.headers[name] for name in key if name in table.headers)
    seen: dict[tuple[Any, ...], int] = {}
    for index, values in table.rows(*key):
        first = seen.setdefault(values, index)
        if first != index:
            yield table.finding(
                "duplicate_key", index, key[0], earlier=table.numbers[first], titles=titles
            )


def wrong_ids(table: ParsedTable) -> Iterator[Finding]:
    """Ids that could not be told from qualified ones, or stand in no address."""
    key = FACT_KINDS[table.name].key
    for name in FACT_KINDS[table.name].id_columns:
        if name in key and len(key) == 1:
            wrong = {v for v in set(table.columns[name]) if v and ID_SEPARATORS.search(v)}
            for index, value in enumerate(table.columns[name] if wrong else ()):
                if value in wrong:
                    yield table.finding("bad_id", index, name)


def long_keys(table: ParsedTable) -> Iterator[Finding]:
    """Texts of a key that are too long for an address, and for an index."""
    key = FACT_KINDS[table.name].key
    texts = (c.name for c in FACT_COLUMNS[table.name] if c.name in key and is_free_text(c))
    for name in texts:
        long = {v for v in set(table.columns[name]) if v and len(v) > MAX_KEY_LENGTH}
        for index, value in enumerate(table.columns[name] if long else ()):
            if value in long:
                yield table.finding("text_too_long", index, name, most=MAX_KEY_LENGTH)


def is_free_text(column: Column) -> bool:
    """Whether a column of a key has any text, and not that of another row or of a vocabulary."""
    return column.kind in (ColumnType.text, ColumnType.word) and not (
        column.refers or column.closed
    )


def unknown_references(
    table: ParsedTable, tables: Mapping[str, ParsedTable], stored: StoredRecords | None
) -> Iterator[Finding]:
    """References to what neither the file has nor the records; a missing table is told itself."""
    for column in FACT_COLUMNS[table.name]:
        known = known_ids(column.refers, tables, stored)
        if known is None or column.name not in table.headers:
            continue
        values = table.columns[column.name]
        if column.kind is ColumnType.words:
            found = (i for i, listed in enumerate(values) if not known.issuperset(listed))
        else:
            unknown = set(values) - known
            found = (i for i, value in enumerate(values if unknown else ()) if value in unknown)
        for index in found:
            title = FACT_KINDS[column.refers or ""].zh
            yield table.finding("unknown_reference", index, column.name, title=title)


def known_ids(
    refers: str | None, tables: Mapping[str, ParsedTable], stored: StoredRecords | None
) -> set[str | None] | None:
    """The ids that a column may refer to, and blank; None where that cannot be told."""
    target = tables.get(refers or "")
    key = FACT_KINDS[refers].key[0] if refers else ""
    if target is not None and key in target.headers:
        return {None, *target.columns[key], *(stored.ids(target.name) if stored else ())}
    if refers and stored and target is None:
        return {None, *stored.ids(refers)}
    return None


def wrong_codes(table: ParsedTable, regions: frozenset[str]) -> Iterator[Finding]:
    checks: Mapping[str, Callable[[str], str | None]] = {
        "national_code": check_national_code,
        "owner_uscc": check_credit_code,
        "region_code": partial(check_region_code, regions=regions),
    }
    for name in checks.keys() & table.headers.keys():
        codes = {value: checks[name](value) for value in set(table.columns[name]) - {None}}
        wrong = {value: code for value, code in codes.items() if code}
        for index, value in enumerate(table.columns[name] if wrong else ()):
            if value in wrong:
                yield table.finding(wrong[value], index, name, region=value[:6])

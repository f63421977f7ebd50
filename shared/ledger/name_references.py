"""References by name: a column headed 责任单位 holds the names of units instead of their ids."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from shared.facts.tables import FACT_KINDS
from shared.ledger.findings import Finding, limit_findings
from shared.ledger.layout import SheetField, SheetLayout
from shared.ledger.sheets import fold_name
from shared.ledger.validation import ParsedTable, StoredRecords


def resolve_names(
    layouts: Iterable[SheetLayout],
    tables: dict[str, ParsedTable],
    stored: StoredRecords | None = None,
) -> Iterator[Finding]:
    """Put ids in the place of names, in `tables`; yields findings of names that are of nobody.

    What is an id already stays. Names are those of the file, then those of stored records, compared
    without spaces and width.
    """
    for layout in layouts:
        for field in layout.fields:
            target = field.column.refers
            if field.by_name and target and (stored or target in tables):
                names = known_names(target, tables.get(target), stored)
                yield from limit_findings(resolve_column(layout.table, field, names, tables))


def resolve_column(
    name: str,
    field: SheetField,
    names: Mapping[str, str | None],
    tables: dict[str, ParsedTable],
) -> Iterator[Finding]:
    table, column = tables[name], field.column.name
    ids_of = ids_by_name(names)
    values: list[Any] = []
    failed = set(table.failed_cells)
    for index, value in enumerate(table.columns[column]):
        ids = [value] if value is None or value in names else ids_of.get(fold_name(value), [])
        values.append(ids[0] if len(ids) == 1 else None)
        if len(ids) != 1:
            failed.add((index, column))
            code = "name_not_unique" if ids else "unknown_name"
            yield table.finding(code, index, column, title=FACT_KINDS[field.column.refers or ""].zh)
    columns = {**table.columns, column: values}
    tables[name] = replace(table, columns=columns, failed_cells=frozenset(failed))


def known_names(
    target: str, table: ParsedTable | None, stored: StoredRecords | None
) -> Mapping[str, str | None]:
    """The names of ids: where the file names one, its name goes before the stored one."""
    kind, names = FACT_KINDS[target], dict(stored.names.get(target, {})) if stored else {}
    if table is None:
        return names
    called = table.columns[kind.searched[0]] if kind.searched else []
    for key, name in zip_longest(table.columns[kind.key[0]], called):
        if key:
            names[key] = name or names.get(key)
    return names


def ids_by_name(names: Mapping[str, str | None]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, name in names.items():
        if name:
            found[fold_name(name)].append(key)
    return found

"""References by name: a column headed 责任单位 holds the names of units instead of their ids."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from shared.facts.tables import FACT_KINDS
from shared.ledger.findings import Finding, limit_findings
from shared.ledger.layout import SheetField, SheetLayout
from shared.ledger.sheets import fold_name
from shared.ledger.validation import ParsedTable


def resolve_names(
    layouts: Iterable[SheetLayout], tables: dict[str, ParsedTable]
) -> Iterator[Finding]:
    """Put ids in the place of names, in `tables`; yields findings of names that are of nobody.

    What is an id already stays. Names are those of the file, compared without spaces and width.
    """
    for layout in layouts:
        for field in layout.fields:
            target = tables.get(field.column.refers or "")
            if field.by_name and target:
                found = limit_findings(resolve_column(layout.table, field, target, tables))
                yield from found


def resolve_column(
    name: str, field: SheetField, target: ParsedTable, tables: dict[str, ParsedTable]
) -> Iterator[Finding]:
    table, column = tables[name], field.column.name
    ids_of = ids_by_name(target)
    known = {*target.columns[FACT_KINDS[target.name].key[0]]}
    values: list[Any] = []
    failed = set(table.failed_cells)
    for index, value in enumerate(table.columns[column]):
        ids = [value] if value is None or value in known else ids_of.get(fold_name(value), [])
        values.append(ids[0] if len(ids) == 1 else None)
        if len(ids) != 1:
            failed.add((index, column))
            code = "name_not_unique" if ids else "unknown_name"
            yield table.finding(code, index, column, title=FACT_KINDS[target.name].zh)
    columns = {**table.columns, column: values}
    tables[name] = replace(table, columns=columns, failed_cells=frozenset(failed))


def ids_by_name(table: ParsedTable) -> Mapping[str, list[str]]:
    kind = FACT_KINDS[table.name]
    found: dict[str, list[str]] = defaultdict(list)
    names = table.columns[kind.searched[0]] if kind.searched else []
    for key, name in zip(table.columns[kind.key[0]], names, strict=False):
        if key and name:
            found[fold_name(name)].append(key)
    return found

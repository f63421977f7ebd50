"""Validation of what a sheet says, by the rules of a ledger: references, codes, rules of a row."""

from collections.abc import Iterator
from dataclasses import replace

from shared.facts.packed_facts import LedgerPart
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts
from shared.ledger.findings import Finding, limit_findings
from shared.ledger.validation import ParsedTable, StoredRecords, validate_tables


def validate_part(
    part: LedgerPart, stored: Facts, regions: frozenset[str], sheet: str | None
) -> list[Finding]:
    """Findings across the cells of a part, called after the sheet where there is only one."""
    tables = {name: parse_part(name, part) for name in part.tables}
    names = StoredRecords({name: stored_names(name, stored) for name in ("units", "projects")})
    found = limit_findings(validate_tables(tables, regions, names))
    return [replace(each, sheet=sheet) for each in found] if sheet else found


def parse_part(name: str, part: LedgerPart) -> ParsedTable:
    """A table of a part as rules check it; values are told where they stand in the sheet."""
    table = part.facts.tables[name].to_pydict()
    columns = {c.name: [*map(as_value, table[c.name])] for c in FACT_COLUMNS[name]}
    numbers = [*part.numbers[name]]
    return ParsedTable(name, numbers, columns, part.headers[name], {}, frozenset())


def as_value(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def stored_names(name: str, stored: Facts) -> dict[str, str | None]:
    key = FACT_KINDS[name].key[0]
    return dict(stored_pairs(stored, name, key))


def stored_pairs(stored: Facts, name: str, key: str) -> Iterator[tuple[str, str | None]]:
    for row in stored.tables[name].select([key, "name"]).to_pylist():
        yield row[key], row["name"]

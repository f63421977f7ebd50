"""Validation across cells: keys, references, codes, and the rules of a row.

A cell that could not be read has its own finding and is left out here, so that one mistake is
reported once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from shared.facts.kind import FACT_KEYS, FACT_TITLES
from shared.facts.tables import FACT_COLUMNS
from shared.ledger.codes import check_credit_code, check_national_code, check_region_code
from shared.ledger.findings import Finding, build_finding
from shared.ledger.sheets import Cell, cell_text

CURVE_COLUMNS = tuple(f"m{month:02}" for month in range(1, 13))


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


TableRule = Callable[[ParsedTable], Iterator[Finding]]


def validate_tables(
    tables: Mapping[str, ParsedTable], regions: frozenset[str]
) -> Iterator[Finding]:
    """Findings across the cells of a ledger; `regions` are the six-digit codes known."""
    for table in tables.values():
        yield from duplicate_keys(table)
        yield from unknown_references(table, tables)
        yield from wrong_codes(table, regions)
        for rule in TABLE_RULES.get(table.name, ()):
            yield from rule(table)


def duplicate_keys(table: ParsedTable) -> Iterator[Finding]:
    """Rows whose key an earlier row has; a blank in an optional part of a key counts as a value."""
    key = FACT_KEYS.get(table.name, ())
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


def unknown_references(table: ParsedTable, tables: Mapping[str, ParsedTable]) -> Iterator[Finding]:
    """References to rows that do not exist; a missing table has its own finding."""
    for column in FACT_COLUMNS[table.name]:
        target = tables.get(column.refers or "")
        if target is None or FACT_KEYS[target.name][0] not in target.headers:
            continue
        known = {None, *target.columns[FACT_KEYS[target.name][0]]}
        unknown = set(table.columns[column.name]) - known
        for index, value in enumerate(table.columns[column.name] if unknown else ()):
            if value in unknown:
                yield table.finding(
                    "unknown_reference", index, column.name, title=FACT_TITLES[target.name]
                )


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


def secret_projects(table: ParsedTable) -> Iterator[Finding]:
    for index, (is_secret,) in table.rows("is_secret"):
        if is_secret:
            yield table.finding("secret_project", index, "is_secret")


def broken_curves(table: ParsedTable) -> Iterator[Finding]:
    """A cumulative plan by month has all its months or none, and never falls."""
    for index, curve in table.rows(*CURVE_COLUMNS):
        if all(amount is None for amount in curve):
            continue
        if None in curve:
            yield table.finding("curve_with_holes", index, CURVE_COLUMNS[curve.index(None)])
            continue
        for month, before, amount in zip(CURVE_COLUMNS[1:], curve, curve[1:], strict=False):
            if amount < before:
                yield table.finding("falling_curve", index, month, before=before)
                break


def differing_curves(table: ParsedTable) -> Iterator[Finding]:
    for index, (planned, last) in table.rows("planned_yuan", CURVE_COLUMNS[-1]):
        if None not in (planned, last) and planned != last:
            yield table.finding("curve_end_differs", index, CURVE_COLUMNS[-1], planned=planned)


def revisions_without_plan(table: ParsedTable) -> Iterator[Finding]:
    for index, (decided, planned, actual) in table.rows("decided_on", "planned_on", "actual_on"):
        if decided and not planned and not actual:
            yield table.finding("revision_without_plan", index, "planned_on", decided=decided)


def reversed_pauses(table: ParsedTable) -> Iterator[Finding]:
    for index, (start, end) in table.rows("from_on", "to_on"):
        if start and end and end < start:
            yield table.finding("pause_ends_first", index, "to_on", start=start)


def ownerless_funds(table: ParsedTable) -> Iterator[Finding]:
    for index, owners in table.rows("unit_id", "project_id"):
        if not any(owners):
            yield table.finding("fund_without_owner", index, "unit_id")


def uncounted_funds(table: ParsedTable) -> Iterator[Finding]:
    for index, values in table.rows("amount_yuan", "on"):
        if None in values:
            name = "amount_yuan" if values[0] is None else "on"
            yield table.finding("fund_not_counted", index, name)


TABLE_RULES: Mapping[str, tuple[TableRule, ...]] = MappingProxyType(
    {
        "projects": (secret_projects,),
        "plans": (broken_curves, differing_curves),
        "milestones": (revisions_without_plan,),
        "funds": (ownerless_funds, uncounted_funds),
        "pauses": (reversed_pauses,),
    }
)

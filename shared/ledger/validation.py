"""What cells cannot say alone: keys, references, codes, and the rules of a row.

A cell that could not be read has its own finding and is left out here, so that one mistake is
told once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from shared.facts.kind import KEYS, TITLES
from shared.facts.tables import COLUMNS
from shared.ledger.codes import wrong_credit_code, wrong_national_code, wrong_region
from shared.ledger.findings import Finding, finding
from shared.ledger.sheets import Cell, as_text

MONTHS = tuple(f"m{month:02}" for month in range(1, 13))


@dataclass(frozen=True)
class Table:
    """A sheet whose cells have been read.

    `columns` has every column of the table, `headers` and `written` those of the file: how they
    are headed and what stands in them. `unread` are the cells (row from 0, column) in error.
    """

    name: str
    numbers: list[int]
    columns: Mapping[str, list[Any]]
    headers: Mapping[str, str]
    written: Mapping[str, list[Cell]]
    unread: frozenset[tuple[int, str]]

    def rows(self, *names: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Each row whose cells in these columns could all be read."""
        for at, values in enumerate(zip(*(self.columns[name] for name in names), strict=True)):
            if not self.unread or not any((at, name) in self.unread for name in names):
                yield at, values

    def says(self, at: int, name: str) -> str:
        return as_text(self.written[name][at]) if name in self.written else ""

    def finding(self, code: str, at: int, name: str, **details: object) -> Finding:
        header = self.headers.get(name, name)
        value = self.says(at, name) or None
        return finding(code, self.name, self.numbers[at], header, value, **details)


Rule = Callable[[Table], Iterator[Finding]]


def check(tables: Mapping[str, Table], regions: frozenset[str]) -> Iterator[Finding]:
    """Everything wrong between the cells of a ledger; `regions` are the six-digit codes known."""
    for table in tables.values():
        yield from duplicates(table)
        yield from unknown_references(table, tables)
        yield from wrong_codes(table, regions)
        for rule in RULES.get(table.name, ()):
            yield from rule(table)


def duplicates(table: Table) -> Iterator[Finding]:
    """Rows whose key an earlier row has; a blank in an optional part of a key counts as a value."""
    key = KEYS.get(table.name, ())
    needed = {column.name for column in COLUMNS[table.name] if column.required}
    if not key or not needed.intersection(key) <= table.headers.keys():
        return
    if len(set(zip(*(table.columns[name] for name in key), strict=True))) == len(table.numbers):
        return
    titles = "、".join(table.headers[name] for name in key if name in table.headers)
    seen: dict[tuple[Any, ...], int] = {}
    for at, values in table.rows(*key):
        first = seen.setdefault(values, at)
        if first != at:
            yield table.finding(
                "duplicate_key", at, key[0], earlier=table.numbers[first], titles=titles
            )


def unknown_references(table: Table, tables: Mapping[str, Table]) -> Iterator[Finding]:
    """Keys of rows that no table has; where a table itself is missing, that has been said."""
    for column in COLUMNS[table.name]:
        target = tables.get(column.refers or "")
        if target is None or KEYS[target.name][0] not in target.headers:
            continue
        known = {None, *target.columns[KEYS[target.name][0]]}
        unknown = set(table.columns[column.name]) - known
        for at, value in enumerate(table.columns[column.name] if unknown else ()):
            if value in unknown:
                yield table.finding("unknown_reference", at, column.name, title=TITLES[target.name])


def wrong_codes(table: Table, regions: frozenset[str]) -> Iterator[Finding]:
    checks: Mapping[str, Callable[[str], str | None]] = {
        "national_code": wrong_national_code,
        "owner_uscc": wrong_credit_code,
        "region_code": partial(wrong_region, regions=regions),
    }
    for name in checks.keys() & table.headers.keys():
        codes = {value: checks[name](value) for value in set(table.columns[name]) - {None}}
        wrong = {value: code for value, code in codes.items() if code}
        for at, value in enumerate(table.columns[name] if wrong else ()):
            if value in wrong:
                yield table.finding(wrong[value], at, name, region=value[:6])


def secret_projects(table: Table) -> Iterator[Finding]:
    for at, (is_secret,) in table.rows("is_secret"):
        if is_secret:
            yield table.finding("secret_project", at, "is_secret")


def broken_curves(table: Table) -> Iterator[Finding]:
    """A cumulative plan by month has all its months or none, and never falls."""
    for at, curve in table.rows(*MONTHS):
        if all(amount is None for amount in curve):
            continue
        if None in curve:
            yield table.finding("curve_with_holes", at, MONTHS[curve.index(None)])
            continue
        for month, before, amount in zip(MONTHS[1:], curve, curve[1:], strict=False):
            if amount < before:
                yield table.finding("falling_curve", at, month, before=before)
                break


def differing_curves(table: Table) -> Iterator[Finding]:
    for at, (planned, last) in table.rows("planned_yuan", MONTHS[-1]):
        if None not in (planned, last) and planned != last:
            yield table.finding("curve_end_differs", at, MONTHS[-1], planned=planned)


def revisions_without_plan(table: Table) -> Iterator[Finding]:
    for at, (decided, planned, actual) in table.rows("decided_on", "planned_on", "actual_on"):
        if decided and not planned and not actual:
            yield table.finding("revision_without_plan", at, "planned_on", decided=decided)


def reversed_pauses(table: Table) -> Iterator[Finding]:
    for at, (start, end) in table.rows("from_on", "to_on"):
        if start and end and end < start:
            yield table.finding("pause_ends_first", at, "to_on", start=start)


def ownerless_funds(table: Table) -> Iterator[Finding]:
    for at, owners in table.rows("unit_id", "project_id"):
        if not any(owners):
            yield table.finding("fund_without_owner", at, "unit_id")


def uncounted_funds(table: Table) -> Iterator[Finding]:
    for at, values in table.rows("amount_yuan", "on"):
        if None in values:
            name = "amount_yuan" if values[0] is None else "on"
            yield table.finding("fund_not_counted", at, name)


RULES: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {
        "projects": (secret_projects,),
        "plans": (broken_curves, differing_curves),
        "milestones": (revisions_without_plan,),
        "funds": (ownerless_funds, uncounted_funds),
        "pauses": (reversed_pauses,),
    }
)

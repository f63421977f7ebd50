"""Records that rows say, table by table, with what is stored where they say nothing.

A record is written where a row says something of it, or where it is stored. A blank in a column
that the sheet has is unknown, as in a ledger; what another column would say stays as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from shared.facts.packed_facts import LedgerPart
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts

Key = tuple[Any, ...]
Row = dict[str, Any]


class StoredRows:
    """The rows of stored facts by table and key."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.tables: dict[str, dict[Key, Row]] = {}
        self.grouped: dict[str, dict[str, list[Row]]] = {}

    def table(self, name: str) -> Mapping[Key, Row]:
        """The rows of a kind by key; of a kind without one by their place."""
        if name not in self.tables:
            key = FACT_KINDS[name].key
            rows = self.facts.tables[name].to_pylist()
            self.tables[name] = {
                tuple(row[part] for part in key) if key else (i,): row for i, row in enumerate(rows)
            }
        return self.tables[name]

    def row(self, name: str, key: Key) -> Row | None:
        return self.table(name).get(key)

    def of_project(self, name: str, project_id: str) -> list[Row]:
        if name not in self.grouped:
            found = self.grouped.setdefault(name, {})
            for row in self.table(name).values():
                found.setdefault(row["project_id"], []).append(row)
        return self.grouped[name].get(project_id, [])

    def milestones(self, project_id: str, kind: str) -> list[Row]:
        """The rows of a kind of milestone, the latest decision first."""
        rows = [row for row in self.of_project("milestones", project_id) if row["kind"] == kind]
        return sorted(rows, key=lambda row: row["decided_on"] or date.min, reverse=True)

    def current_milestone(self, project_id: str, kind: str, column: str) -> date | None:
        """The planned day as it was decided last, or the actual one that is known."""
        days = [row[column] for row in self.milestones(project_id, kind)]
        return next((day for day in days if day), None)

    @cached_property
    def unit_names(self) -> Mapping[str, str]:
        return {row["unit_id"]: row["name"] for row in self.table("units").values()}


@dataclass(frozen=True)
class Said:
    """A value that a cell says: its header, the number of its row, its sheet."""

    value: Any
    header: str
    row: int
    sheet: str = ""


@dataclass
class Records:
    """What rows say, by table, key and column."""

    stored: StoredRows
    said: dict[str, dict[Key, dict[str, Said]]] = field(default_factory=dict)
    whole: dict[str, list[tuple[Row, int]]] = field(default_factory=dict)  # of kinds without a key
    disagreements: list[tuple[Said, Said]] = field(default_factory=list)

    def say(self, table: str, key: Key, column: str, said: Said) -> None:
        """Take what a cell says; of two that say different things the first, and tell of both."""
        record = self.said.setdefault(table, {}).setdefault(key, {})
        before = record.get(column)
        if before is None or is_nothing(before.value):
            record[column] = said
        elif not is_nothing(said.value) and said.value != before.value:
            self.disagreements.append((before, said))

    def get(self, table: str, key: Key, column: str) -> Any:
        """The value that a record will have in a column."""
        found = self.said.get(table, {}).get(key, {}).get(column)
        if found is not None:
            return found.value
        row = self.stored.row(table, key)
        return row[column] if row else None

    def build_part(self) -> LedgerPart:
        """The facts as a part of a ledger, in the order of their rows."""
        rows: dict[str, list[Row]] = {}
        headers: dict[str, dict[str, str]] = {}
        numbers: dict[str, list[int]] = {}
        for name in FACT_KINDS:
            kept = self.table_rows(name)
            if not kept:
                continue
            columns = self.said_columns(name)
            if name in self.whole:
                columns = {c.name: c.title for c in FACT_COLUMNS[name]} | columns
            headers[name] = columns
            rows[name] = [complete_row(name, row) for row, _ in kept]
            numbers[name] = [number for _, number in kept]
        return LedgerPart(Facts.from_rows(rows), headers, numbers)

    def said_columns(self, name: str) -> dict[str, str]:
        """The columns of a table that are said, by what heads them; of the key all."""
        headers = {
            column: said.header
            for columns in self.said.get(name, {}).values()
            for column, said in columns.items()
        }
        titles = {c.name: c.title for c in FACT_COLUMNS[name]}
        key = {part: titles[part] for part in FACT_KINDS[name].key}
        found = key | headers
        return {c: found[c] for c in titles if c in found}

    def table_rows(self, name: str) -> list[tuple[Row, int]]:
        columns, key_columns = self.said_columns(name), FACT_KINDS[name].key
        found = list(self.whole.get(name, ()))
        for key, said in self.said.get(name, {}).items():
            stored = self.stored.row(name, key)
            if stored is None and all(is_nothing(each.value) for each in said.values()):
                continue
            row = {column: stored[column] for column in columns} if stored else {}
            row |= dict(zip(key_columns, key, strict=True))
            row |= {column: each.value for column, each in said.items()}
            found.append((row, min(each.row for each in said.values())))
        return found


def is_nothing(value: Any) -> bool:
    return value is None or value == ()


def complete_row(name: str, row: Row) -> Row:
    """A row with a value for each column, lists as Arrow takes them."""
    return {
        c.name: value if (value := row.get(c.name)) is not None else c.kind.blank
        for c in FACT_COLUMNS[name]
    }

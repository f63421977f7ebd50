"""Columns of a ledger by table: those of a file as it is read, or of facts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shared.facts.tables import FACT_KINDS

Columns = Mapping[str, Mapping[str, Sequence[Any]]]  # by table and column


@dataclass(frozen=True)
class LedgerColumns:
    """The columns of a ledger; one that is absent is blank."""

    columns: Columns

    def length(self, name: str) -> int:
        return len(next(iter(self.columns.get(name, {}).values()), ()))

    def column(self, name: str, column: str) -> Sequence[Any]:
        found = self.columns.get(name, {}).get(column)
        return [None] * self.length(name) if found is None else found

    def rows(self, name: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        return zip(*(self.column(name, column) for column in columns), strict=True)

    def record(self, name: str, row: int) -> dict[str, Any]:
        table = self.columns[name]
        return {c: table[c][row] if c in table else None for c in FACT_KINDS[name].column_names}

    @cached_property
    def totals(self) -> Mapping[str, int]:
        """The total investment of each project of which it is known."""
        rows = self.rows("projects", "project_id", "total_investment_yuan")
        return {project: total for project, total in rows if total is not None}

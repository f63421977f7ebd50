"""Doubts about a ledger that is read: rows that can hardly be true, for a person to look at."""

from collections.abc import Iterator, Mapping
from datetime import date

from shared.ledger.findings import Finding
from shared.ledger.validation import ParsedTable
from shared.plausibility.ledger import judge_ledger
from shared.plausibility.thresholds import PlausibilityThresholds


def find_doubts(
    tables: Mapping[str, ParsedTable], thresholds: PlausibilityThresholds, today: date
) -> Iterator[Finding]:
    """Warnings about rows, each as if it were written last; what could not be read is blank."""
    columns = {name: table.columns for name, table in tables.items()}
    for row, doubt in judge_ledger(columns, thresholds, today):
        yield tables[doubt.table].finding(doubt.code, row, doubt.column, **doubt.words())

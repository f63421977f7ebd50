"""Doubts about the rows of a whole ledger, each judged as if it were written last.

The percentage is left to the reader of cells, which tells of each above a hundred.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from shared.facts.belonging import PROJECT_ID
from shared.facts.money_and_statistics import FUNDS
from shared.facts.tables import FACT_KINDS
from shared.plausibility.columns import Columns, LedgerColumns
from shared.plausibility.context import CONTEXT_COLUMNS, NO_PROJECT, ProjectContext, build_context
from shared.plausibility.findings import Implausibility
from shared.plausibility.funds import is_summed
from shared.plausibility.judgement import judge
from shared.plausibility.suspicion import suspicious_rows
from shared.plausibility.thresholds import PlausibilityThresholds

LEFT_TO_READER = "percent_above_limit"


class LedgerDoubt(NamedTuple):
    """A doubt about a row of its table, counted from 0."""

    row: int
    doubt: Implausibility


def judge_ledger(
    columns: Columns,
    thresholds: PlausibilityThresholds,
    today: date,
    counts: Mapping[str, int] | None = None,
) -> Iterator[LedgerDoubt]:
    """Doubts by table and row; `counts` says how many rows of a table are judged, from the top.

    The others are only beside them. A table may be absent, and of one that is there a column.
    """
    ledger = LedgerColumns(columns)
    suspects = {
        name: [row for row in rows if counts is None or row < counts.get(name, 0)]
        for name, rows in suspicious_rows(ledger, thresholds, today).items()
    }
    owners = {name: ledger.column(name, PROJECT_ID) for name in suspects}
    contexts = build_contexts(
        ledger, {owners[n][row] for n, rows in suspects.items() for row in rows}
    )
    for name, rows in suspects.items():
        for row in rows:
            record = ledger.record(name, row)
            context = contexts.get(owners[name][row], NO_PROJECT)
            if name == FUNDS.name and is_summed(record):
                context = replace(context, own_approved=record["amount_yuan"])
            for doubt in judge(FACT_KINDS[name], record, context, thresholds, today):
                if doubt.code != LEFT_TO_READER:
                    yield LedgerDoubt(row, doubt)


def build_contexts(
    ledger: LedgerColumns, projects: Collection[str | None]
) -> dict[str | None, ProjectContext]:
    """The contexts of some projects, of all of their rows."""
    by_project: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for name, columns in CONTEXT_COLUMNS.items() if projects else ():
        read = {column: ledger.column(name, column) for column in columns}
        for row, project in enumerate(read[PROJECT_ID]):
            if project in projects:
                tables = by_project.setdefault(project, defaultdict(list))
                tables[name].append({column: read[column][row] for column in columns})
    return {project: build_context(tables) for project, tables in by_project.items() if project}

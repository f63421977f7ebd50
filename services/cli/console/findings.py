"""Findings of a ledger, as a person reads them: one table, sheet by sheet."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from shared.facts.kind import FACT_TITLES
from shared.ledger.findings import Finding

MAX_ROWS_PER_CODE = 20  # rows of one code that a table shows; the others are counted
LEVEL_LABELS = {"error": "[red]错误[/]", "warning": "[yellow]提醒[/]"}


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Every finding in order; of a kind that fills pages, the first ones and how many more."""
    table = Table("级别", "表", "行", "列", "写的是", "说明", title_justify="left")
    kinds = Counter(found.code for found in findings)
    shown: Counter[str] = Counter()
    for found in findings:
        shown[found.code] += 1
        if shown[found.code] <= MAX_ROWS_PER_CODE:
            table.add_row(
                LEVEL_LABELS[found.level],
                FACT_TITLES.get(found.sheet, found.sheet),
                str(found.row or ""),
                found.column or "",
                found.value or "",
                found.expected,
            )
    console.print(table)
    for code, number in kinds.items():
        if number > MAX_ROWS_PER_CODE:
            console.print(
                f"……同类（{code}）还有 {number - MAX_ROWS_PER_CODE} 条，--format json 可看全部"
            )


def findings_document(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "code": found.code,
            "sheet": found.sheet,
            "row": found.row,
            "column": found.column,
            "value": found.value,
            "expected": found.expected,
        }
        for found in findings
    ]

"""Findings of a ledger: a table for people, a document for programs."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from shared.facts.tables import sheet_title
from shared.ledger.findings import Finding

MAX_ROWS_PER_CODE = 20  # rows of one code that a table shows; the others are counted
LEVEL_LABELS = {"error": "[red]错误[/]", "warning": "[yellow]提醒[/]"}


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Show the findings in order; of a frequent code the first ones and how many more."""
    table = Table("级别", "表", "行", "列", "写的是", "说明", title_justify="left")
    kinds = Counter(finding.code for finding in findings)
    shown: Counter[str] = Counter()
    for finding in findings:
        shown[finding.code] += 1
        if shown[finding.code] <= MAX_ROWS_PER_CODE:
            table.add_row(
                LEVEL_LABELS[finding.level],
                sheet_title(finding.sheet),
                str(finding.row or ""),
                finding.column or "",
                finding.value or "",
                finding.expected,
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
            "code": finding.code,
            "sheet": finding.sheet,
            "row": finding.row,
            "column": finding.column,
            "value": finding.value,
            "expected": finding.expected,
        }
        for finding in findings
    ]

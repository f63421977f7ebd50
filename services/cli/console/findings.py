"""Findings of a ledger: a table for people, a document for programs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.facts.tables import sheet_title
from shared.ledger.findings import Finding

MAX_ROWS_PER_CODE = 20  # rows of one code that a table shows; the others are counted
LEVEL_LABELS = {"error": "[red]错误[/]", "warning": "[yellow]提醒[/]"}


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Show the findings in order; of a frequent code the first ones and how many more.

    A finding that tells of several places says of how many.
    """
    table = Table("级别", "表", "行", "列", "写的是", "说明", title_justify="left")
    hidden: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for finding in findings:
        shown[finding.code] += 1
        if shown[finding.code] > MAX_ROWS_PER_CODE:
            hidden[finding.code] += finding.count
            continue
        several = f"（共 {finding.count} 处）" if finding.count > 1 else ""
        cells = (
            sheet_title(finding.sheet),
            str(finding.row or ""),
            finding.column or "",
            finding.value or "",
            finding.expected + several,
        )
        table.add_row(LEVEL_LABELS[finding.level], *map(Text, cells))
    console.print(table)
    for code, number in hidden.items():
        console.print(f"……同类（{code}）还有 {number} 条，--format json 可看全部")


def count_findings(findings: Iterable[Finding]) -> int:
    """The number of places that the findings tell of."""
    return sum(finding.count for finding in findings)


def findings_document(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "code": finding.code,
            "sheet": finding.sheet,
            "row": finding.row,
            "column": finding.column,
            "value": finding.value,
            "expected": finding.expected,
            "count": finding.count,
        }
        for finding in findings
    ]

"""Findings for people and programs: one cause is one line, and says how many places it tells of."""

from io import StringIO

from rich.console import Console

from services.cli.console.findings import (
    MAX_ROWS_PER_CODE,
    count_findings,
    findings_document,
    show_findings,
)
from shared.ledger.findings import Finding


def a_finding(code: str, row: int | None, count: int = 1, value: str | None = None) -> Finding:
    return Finding("warning", code, "projects", row, "项目", value, "说明", count)


def shown(*findings: Finding) -> str:
    console = Console(file=StringIO(), width=160)
    show_findings(console, findings)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_a_finding_of_several_places_says_how_many() -> None:
    several, one = a_finding("rows_passed_over", 4, 980), a_finding("hidden_row", 7)
    said = shown(several, one)
    assert said.count("（共 980 处）") == 1
    assert "共 1 处" not in said
    assert [found["count"] for found in findings_document([several, one])] == [980, 1]
    assert count_findings([several, one]) == 981


def test_a_thousand_findings_of_one_code_stay_readable_and_are_all_counted() -> None:
    """Of 1,000 told one by one 20 are shown; one more tells of 400 others."""
    findings = [a_finding("bad_money", row) for row in range(1000)]
    said = shown(*findings, a_finding("bad_money", None, 400))
    assert len(said.splitlines()) < MAX_ROWS_PER_CODE + 10
    assert "同类（bad_money）还有 1380 条" in said
    assert count_findings([*findings, a_finding("bad_money", None, 400)]) == 1400


def test_what_is_written_in_a_cell_is_no_markup() -> None:
    assert "[red]x[/]" in shown(a_finding("bad_word", 2, value="[red]x[/]"))

"""The ledger of a command, or its errors and an exit code."""

from datetime import date
from pathlib import Path
from typing import NoReturn

import typer

from services.cli.console.findings import count_findings, show_findings
from services.cli.console.terminal import ERR, EXIT_ERRORS, EXIT_USAGE, show_progress
from shared.facts.tables import Facts
from shared.ledger.reader import LedgerReading, read_ledger
from shared.reference import region_codes


def read_ledger_or_exit(path: Path, today: date | None = None) -> LedgerReading:
    """A ledger and its findings, of a day also its doubts; exit 2 where nothing can be read."""
    try:
        if not path.exists():
            refuse_path(f"没有这个文件或文件夹：{path}")
        if not path.is_dir() and not path.is_file():
            refuse_path(f"不是文件，也不是文件夹：{path}")
        with show_progress("读取台账"):
            return read_ledger(path, region_codes(), today=today)
    except OSError as error:
        refuse_path(f"读不到台账 {path}：{error.strerror or error}")


def refuse_path(text: str) -> NoReturn:
    ERR.print(text, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(EXIT_USAGE)


def read_facts_or_exit(path: Path) -> Facts:
    """The facts of a ledger without errors; otherwise its errors are shown, and exit 1."""
    reading = read_ledger_or_exit(path)
    if reading.errors:
        show_findings(ERR, reading.errors)
        ERR.print("台账有错误，未作计算。")
        raise typer.Exit(EXIT_ERRORS)
    if reading.warnings:
        ERR.print(
            f"台账有 {count_findings(reading.warnings)} 条提醒，可用 bairi check 查看。",
            style="yellow",
        )
    return reading.facts

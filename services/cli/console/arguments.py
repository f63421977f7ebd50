"""What every command begins with: a ledger that can be read, a scheme, a day, the calendar."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from services.cli.console.findings import show_findings
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.engines import EngineName
from services.scoring.schemes.entries_file import read_manual_entries
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from shared.ledger.dates import MAX_DATE, MIN_DATE
from shared.ledger.reader import LedgerReading, read_ledger
from shared.reference import region_codes

EXIT_ERRORS, EXIT_USAGE = 1, 2
FILE_WIDTH = 160  # columns, where the output is no terminal and so has no width of its own


def build_console(stream: TextIO, *, stderr: bool = False) -> Console:
    narrow = stream.isatty() or "COLUMNS" in os.environ
    return Console(stderr=stderr, width=None if narrow else FILE_WIDTH)


OUT, ERR = build_console(sys.stdout), build_console(sys.stderr, stderr=True)


def parse_date_option(text: str) -> date:
    """A day as an argument: 2022-12-25, in the years that a ledger may have."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"应为日期，如 2022-12-25，写的是“{text}”") from None
    if not MIN_DATE <= found <= MAX_DATE:
        raise typer.BadParameter(
            f"日期应在 {MIN_DATE.year} 年至 {MAX_DATE.year} 年之间，写的是“{text}”"
        )
    return found


LedgerArgument = Annotated[
    Path, typer.Argument(metavar="LEDGER", help="台账：CSV 文件夹或 .xlsx 工作簿")
]
AsOfOption = Annotated[
    date, typer.Option("--as-of", parser=parse_date_option, metavar="DATE", help="截至日期")
]
SchemeOption = Annotated[
    str, typer.Option("--scheme", metavar="NAME|FILE", help="内置方案的名称，或方案文件（YAML）")
]
EntriesOption = Annotated[
    Path | None,
    typer.Option("--entered", metavar="FILE", help="录入的目标和打分：YAML 或 CSV"),
]
EngineOption = Annotated[
    EngineName,
    typer.Option("--engine", envvar="SCORING_ENGINE", help="在本进程里用 DuckDB，或用 Spark 计算"),
]
SparkMasterOption = Annotated[
    str,
    typer.Option("--spark-master", envvar="SCORING_SPARK_MASTER", help="Spark 集群的地址"),
]
FormatOption = Annotated[
    Literal["table", "json"], typer.Option("--format", help="table 供人看，json 供程序读")
]


def read_ledger_or_exit(path: Path) -> LedgerReading:
    """A ledger and its findings; exit 2 where there is nothing that can be read."""
    if not path.exists():
        ERR.print(f"没有这个文件或文件夹：{path}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(EXIT_USAGE)
    with show_progress("读取台账"):
        try:
            return read_ledger(path, region_codes())
        except OSError as error:
            ERR.print(f"[red]读不到台账 {path}[/]：{error.strerror or error}")
            raise typer.Exit(EXIT_USAGE) from None


def read_facts_or_exit(path: Path) -> Facts:
    """The facts of a ledger without errors; otherwise its errors are shown, and exit 1."""
    found = read_ledger_or_exit(path)
    if found.errors:
        show_findings(ERR, found.errors)
        ERR.print("台账有错误，未作计算。")
        raise typer.Exit(EXIT_ERRORS)
    if found.warnings:
        ERR.print(f"台账有 {len(found.warnings)} 条提醒，可用 bairi check 查看。", style="yellow")
    return found.facts


def find_scheme_and_lights(name: str) -> tuple[Scheme, Lights]:
    """Raises SchemeMistake, which `main` turns into exit 2."""
    scheme = find_scheme(name)
    return scheme, resolve_lights(scheme)


def resolve_entries_option(
    path: Path | None, scheme: Scheme, preset: Lights, facts: Facts
) -> ManualEntries:
    """Raises EnteredMistake, which `main` turns into exit 2."""
    if path is None:
        return NO_ENTRIES
    metrics = preset.metrics_by_id(scheme.metrics_by_id)
    return read_manual_entries(path, metrics, {unit.unit_id for unit in facts.rows(Unit)})


@contextmanager
def show_progress(label: str, total: int | None = None) -> Iterator[Callable[[], None]]:
    """Progress on standard error while something takes time; calling it is one step done."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=ERR, transient=True, disable=not ERR.is_terminal) as progress:
        task = progress.add_task(label, total=total)
        yield lambda: progress.advance(task)

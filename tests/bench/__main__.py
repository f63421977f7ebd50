"""`python -m tests.bench [SIZES…] [--json FILE]`: how fast the engine is, and against what."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tests.bench.apart import measured
from tests.bench.ledgers import ledger
from tests.bench.measuring import MONTH_ENDS, Report, Spread, month_ends_of_lights

SIZES = (500, 10_000, 100_000)
SMALL = 60  # projects, as many as a small county replays its letters with
TARGET = 1.3  # compiled ÷ by hand
WIDTH = 132  # columns, where the output is no terminal


def main(
    sizes: Annotated[list[int] | None, typer.Argument(help="projects in a ledger")] = None,
    file: Annotated[Path | None, typer.Option("--json", help="write all figures here")] = None,
) -> None:
    """Measure made-up ledgers of some sizes; ratios first, they depend least on the machine."""
    console = Console() if Console().is_terminal else Console(width=WIDTH)
    reports = []
    for size in sizes or SIZES:
        with console.status(f"{size:,} projects"):
            reports.append(measured(size))
    month_ends = month_ends_of_lights(ledger(SMALL))
    show(console, reports)
    show_month_ends(console, month_ends)
    if file:
        figures = {
            "ledgers": [asdict(report) for report in reports],
            "month_ends_of_lights": asdict(month_ends),
        }
        file.write_text(json.dumps(figures, indent=1) + "\n")


def show(console: Console, reports: Sequence[Report]) -> None:
    """Three tables: ratios, the metric query, the whole run."""
    titles = ("first run", "its CPU", "run again", "its CPU")
    table = sized(f"Metric query, compiled ÷ by hand: min · median · max (target {TARGET})", titles)
    for report in reports:
        found = (report.first_ratio, report.first_cpu_ratio)
        again = (report.again_ratio, report.again_cpu_ratio)
        table.add_row(*size_of(report), *(ratio(each) for each in (*found, *again)))
    console.print(table)

    columns = ("compile", "compiled", "by hand", "compiled again", "by hand again")
    table = sized("Metric query, median ms (the first run compiles and reads its SQL)", columns)
    for report in reports:
        first = (report.compile, report.compiled, report.by_hand)
        times = (*first, report.compiled_again, report.by_hand_again)
        table.add_row(*size_of(report), *(milliseconds(each.median) for each in times))
    console.print(table)

    parts = list(reports[0].whole)
    table = sized("Whole run, score and document, median ms", parts)
    for report in reports:
        table.add_row(*size_of(report), *(milliseconds(report.whole[part]) for part in parts))
    console.print(table)

    table = sized("Peak memory, MB", ("with the ledger", "after the query", "after the whole run"))
    for report in reports:
        table.add_row(*size_of(report), *(f"{each:,.0f}" for each in report.memory.values()))
    console.print(table)


def show_month_ends(console: Console, took: Spread) -> None:
    each = milliseconds(took.median / len(MONTH_ENDS))
    console.print(
        f"Lights of {len(MONTH_ENDS)} month ends over {SMALL} projects:"
        f" {milliseconds(took.median)} ms, {each} ms each"
    )


def sized(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left")
    for column in ("projects", "units", *columns):
        table.add_column(column, justify="right")
    return table


def size_of(report: Report) -> tuple[str, str]:
    return f"{report.projects:,}", f"{report.units:,}"


def ratio(found: Spread) -> str:
    colour = "green" if found.median <= TARGET else "red"
    return f"{found.least:.2f} · [{colour}]{found.median:.2f}[/] · {found.most:.2f}"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f}"


if __name__ == "__main__":
    typer.run(main)

"""`python -m tests.bench [SIZES…] [--json FILE]`: how fast the engine is, and against what."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tests.bench.ledgers import ledger
from tests.bench.limits import TARGET, limits
from tests.bench.measurements import MONTH_ENDS, Report, month_ends_of_lights
from tests.bench.separate_process import Measured, measured
from tests.bench.timings import Spread, Took, spread

SIZES = (500, 10_000, 100_000)
SMALL = 60  # projects, as many as a small county replays its letters with
WIDTH = 150  # columns, where the output is no terminal


def main(
    sizes: Annotated[list[int] | None, typer.Argument(help="projects in a ledger")] = None,
    file: Annotated[Path | None, typer.Option("--json", help="write all figures here")] = None,
) -> None:
    """Measure made-up ledgers of some sizes; ratios first, they depend least on the machine."""
    console = Console() if Console().is_terminal else Console(width=WIDTH)
    found = []
    for size in sizes or SIZES:
        with console.status(f"{size:,} projects"):
            found.append(measured(size))
    month_ends = month_ends_of_lights(ledger(SMALL))
    show(console, found)
    show_month_ends(console, month_ends)
    if file:
        figures = {
            "ledgers": [asdict(each) for each in found],
            "month_ends_of_lights": asdict(month_ends),
        }
        file.write_text(json.dumps(figures, indent=1) + "\n")


def show(console: Console, found: Sequence[Measured]) -> None:
    """What must hold, then what it is made of: the metric query, the whole pass, memory."""
    table = Table(title="Limits, of the processor's time", title_justify="left")
    for column in ("projects", "", "measured", "limit"):
        table.add_column(column, justify="left" if not column else "right")
    for limit in limits(found):
        colour, sign = "green" if limit.holds else "red", "≥" if limit.at_least else "≤"
        figure = f"[{colour}]{limit.figure:,.2f}[/]"
        table.add_row(f"{limit.projects:,}", limit.what, figure, f"{sign} {limit.limit:,.2f}")
    console.print(table)

    titles = ("first run", "its CPU", "run again", "its CPU")
    table = sized("Metric query, compiled ÷ by hand: min · median · max", titles)
    for report in (each.report for each in found):
        first = (report.first_ratio, report.first_cpu_ratio)
        again = (report.again_ratio, report.again_cpu_ratio)
        table.add_row(*size_of(report), *(ratio(each) for each in (*first, *again)))
    console.print(table)

    columns = ("compile", "compiled", "by hand", "compiled again", "by hand again")
    table = sized("Metric query, median ms (the first run compiles and reads its SQL)", columns)
    for report in (each.report for each in found):
        once = (report.compile, report.compiled, report.by_hand)
        times = (*once, report.compiled_again, report.by_hand_again)
        table.add_row(*size_of(report), *(milliseconds(each.median) for each in times))
    console.print(table)

    works = list(found[0].passes.took)
    clocks = [cell for work in works for cell in (work, "its CPU")]
    table = sized("Whole pass, columns to text, and ranking anew: median ms", clocks)
    for each in found:
        cells = [cell for work in works for cell in both(each.passes.took[work])]
        table.add_row(*size_of(each.report), *cells)
    console.print(table)

    parts = list(found[0].report.whole)
    table = sized("Whole pass of ours, part by part, median ms", parts)
    for report in (each.report for each in found):
        table.add_row(*size_of(report), *(milliseconds(report.whole[part]) for part in parts))
    console.print(table)

    table = sized("Peak memory of a process, MB", list(found[0].memory))
    for each in found:
        table.add_row(*size_of(each.report), *(f"{mb:,.0f}" for mb in each.memory.values()))
    console.print(table)


def both(took: Sequence[Took]) -> tuple[str, str]:
    """On the clock, and of the processor."""
    walls, cpus = [each.wall for each in took], [each.cpu for each in took]
    return milliseconds(spread(walls).median), milliseconds(spread(cpus).median)


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

"""The two streams of a command, its exit codes, and progress while something takes time."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console

EXIT_ERRORS, EXIT_USAGE = 1, 2
FILE_WIDTH = 160  # columns, where the output is no terminal and so has no width of its own


def build_console(stream: TextIO, *, stderr: bool = False) -> Console:
    narrow = stream.isatty() or "COLUMNS" in os.environ
    return Console(stderr=stderr, width=None if narrow else FILE_WIDTH)


OUT, ERR = build_console(sys.stdout), build_console(sys.stderr, stderr=True)


@contextmanager
def show_progress(label: str, total: int | None = None) -> Iterator[Callable[[], None]]:
    """Show progress on standard error, where that is a terminal; each call is one step done."""
    if not ERR.is_terminal:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=ERR, transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda: progress.advance(task)

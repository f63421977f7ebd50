"""The two streams of a command, its exit codes, and progress while something takes time."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import NoReturn, TextIO

from rich.console import Console

EXIT_ERRORS, EXIT_USAGE = 1, 2
EXIT_CLOSED = 141  # as of a program that the end of its reader ended
FILE_WIDTH = 160  # columns, where the output is no terminal and so has no width of its own


class OutputClosed(Exception):
    """Whoever read what is printed has ended, as `head` does: there is nothing to tell."""


class StreamConsole(Console):
    """A console that leaves it to `main` what happens when nobody reads any more."""

    def on_broken_pipe(self) -> NoReturn:
        raise OutputClosed


def build_console(stream: TextIO | None, *, stderr: bool = False) -> Console:
    narrow = (stream is not None and stream.isatty()) or "COLUMNS" in os.environ
    return StreamConsole(stderr=stderr, width=None if narrow else FILE_WIDTH)


OUT, ERR = build_console(sys.stdout), build_console(sys.stderr, stderr=True)


@contextmanager
def guard_streams() -> Iterator[None]:
    """Let no console end a command: a character that it cannot show is replaced, a reader that
    has ended ends the command quietly, and what cannot be written is told, with exit 2.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        try:
            yield
        finally:
            flush_output()
    except OutputClosed:
        discard_output()
        sys.exit(EXIT_CLOSED)
    except OSError as error:
        discard_output()
        with suppress(OSError):
            file = f" {error.filename}" if error.filename else "输出"
            text = f"读写{file}失败：{error.strerror or error}"
            ERR.print(text, style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(EXIT_USAGE)


def flush_output() -> None:
    """Write out what is printed. Raises OutputClosed, and OSError of a full disk."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise OutputClosed from None


def discard_output() -> None:
    """Let the rest of standard output, which could not be written, go nowhere at exit."""
    if isinstance(sys.stdout, TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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

"""JSON documents on standard output, and money for people."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from services.cli.console.terminal import OutputClosed
from services.scoring.engine.results.json_text import serialize_json

LIGHT_MARKUP = {
    "red": "[red]● 红[/]",
    "yellow": "[yellow]● 黄[/]",
    "green": "[green]● 绿[/]",
    "paused": "[blue]‖ 停[/]",
    "none": "[dim]○ 无[/]",
}
YI, WAN = 100_000_000, 10_000


def print_json(document: Any) -> None:
    """Print one document and nothing else, in UTF-8 whatever the console's encoding is."""
    text = serialize_json(document)
    if sys.stdout is None:
        return
    try:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.flush()
            sys.stdout.buffer.write(text)
            sys.stdout.buffer.write(b"\n")
        else:
            sys.stdout.write(text.decode())
            sys.stdout.write("\n")
    except BrokenPipeError:
        raise OutputClosed from None


def printable_path(path: Path) -> str:
    """A path as text; of a name that is no UTF-8 with a sign where it is none."""
    return os.fsencode(path).decode("utf-8", "replace")


def format_money(yuan: int) -> str:
    """Whole yuan in their usual unit: 157.38亿元, 1,200万元, 300元; to two decimals, half up."""
    for unit, name in ((YI, "亿元"), (WAN, "万元")):
        if abs(yuan) >= unit:
            hundredths = (abs(yuan) * 200 + unit) // (2 * unit)
            text = f"{hundredths // 100:,}.{hundredths % 100:02}".rstrip("0").rstrip(".")
            return f"{'-' if yuan < 0 else ''}{text}{name}"
    return f"{yuan}元"

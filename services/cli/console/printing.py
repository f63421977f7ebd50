"""JSON documents on standard output, and money for people."""

import sys
from typing import Any

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
    """Print one document and nothing else."""
    sys.stdout.write(serialize_json(document).decode())
    sys.stdout.write("\n")


def format_money(yuan: int) -> str:
    """Whole yuan in their usual unit: 157.38亿元, 1,200万元, 300元; to two decimals, half up."""
    for unit, name in ((YI, "亿元"), (WAN, "万元")):
        if abs(yuan) >= unit:
            hundredths = (abs(yuan) * 200 + unit) // (2 * unit)
            text = f"{hundredths // 100:,}.{hundredths % 100:02}".rstrip("0").rstrip(".")
            return f"{'-' if yuan < 0 else ''}{text}{name}"
    return f"{yuan}元"

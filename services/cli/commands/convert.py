"""bairi convert: a ledger from CSV folder to workbook and back."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.console.arguments import LedgerArgument
from services.cli.console.ledger_input import read_facts_or_exit
from services.cli.console.terminal import ERR, EXIT_USAGE, OUT
from shared.ledger.writer import write_ledger

TargetArgument = Annotated[
    Path, typer.Argument(metavar="OUT", help="以 .xlsx 结尾写成工作簿，否则写成 CSV 文件夹")
]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="目标已有内容时覆盖")]


def convert(path: LedgerArgument, out: TargetArgument, overwrite: OverwriteOption = False) -> None:
    """转换台账：CSV 文件夹 ↔ 工作簿；有错误的台账不转换。"""
    if is_filled(out) and not overwrite:
        ERR.print(f"[red]{out} 已有内容[/]，没有改动；要覆盖请加 --overwrite")
        raise typer.Exit(EXIT_USAGE)
    facts = read_facts_or_exit(path)
    try:
        write_ledger(facts, out)
    except OSError as error:
        ERR.print(f"[red]写不了 {out}[/]：{error.strerror or error}")
        raise typer.Exit(EXIT_USAGE) from None
    OUT.print(f"已写入 {out}")


def is_filled(path: Path) -> bool:
    """True where something is there that would be lost."""
    if path.is_dir():
        return any(path.iterdir())
    return path.exists() and path.stat().st_size > 0

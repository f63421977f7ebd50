"""bairi export: a ledger in the layout of an office's own sheet, by its mapping."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.console.arguments import AsOfOption
from services.cli.console.ledger_input import read_facts_or_exit, refuse_path
from services.cli.console.mapping_input import read_mapping_or_exit
from services.cli.console.terminal import ERR, EXIT_USAGE, OUT
from shared.mapping.export import lay_out
from shared.mapping.layout_writer import write_layouts
from shared.mapping.own_projects import tell_belonging

OutArgument = Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="写成这个工作簿")]
MappingOption = Annotated[
    Path, typer.Option("--mapping", metavar="M.yaml", help="bairi mapping 写的映射")
]
FromOption = Annotated[Path, typer.Option("--from", metavar="LEDGER", help="台账")]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="文件已有时覆盖")]


def export(
    out: OutArgument,
    mapping: MappingOption,
    ledger: FromOption,
    as_of: AsOfOption,
    overwrite: OverwriteOption = False,
) -> None:
    """按映射导出：用本单位表格的样式，写某一天的数。"""
    if out.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"应以 .xlsx 结尾，写的是“{out}”", param_hint="OUT.xlsx")
    if out.exists() and not overwrite:
        ERR.print(f"{out} 已有，没有改动；要覆盖请加 --overwrite", markup=False)
        raise typer.Exit(EXIT_USAGE)
    known, facts = read_mapping_or_exit(mapping), read_facts_or_exit(ledger)
    layouts, notes = lay_out(known, facts, as_of), tell_belonging(known, facts)
    try:
        write_layouts(layouts, out)
    except OSError as error:
        refuse_path(f"写不了 {out}：{error.strerror or error}")
    for note in notes:
        ERR.print(note, markup=False, highlight=False, soft_wrap=True)
    OUT.print(f"已写入 {out}", markup=False)

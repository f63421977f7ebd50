"""bairi mapping: what the columns of an office's own sheet are, as a file that people read."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.console.arguments import FormatOption
from services.cli.console.findings import findings_document, show_findings
from services.cli.console.ledger_input import refuse_path
from services.cli.console.ledger_replacement import read_target
from services.cli.console.mapping_input import read_sheets_or_exit
from services.cli.console.mapping_output import (
    questions_document,
    show_questions,
    show_suggestions,
    suggestions_document,
)
from services.cli.console.printing import print_json
from services.cli.console.terminal import ERR, EXIT_ERRORS, EXIT_USAGE, OUT
from shared.facts.tables import Facts
from shared.mapping.documents import write_mapping
from shared.mapping.mapped_reading import read_mapped
from shared.mapping.proposal import name_mapping, propose_mapping

SheetArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="本单位的表：.xlsx、.xls、.ods 或 CSV 的文件夹")
]
IntoOption = Annotated[
    Path | None,
    typer.Option("--into", metavar="LEDGER", help="要导入的台账，照它认单位和项目"),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="M.yaml", help="把映射写成这个文件")
]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="--out 的文件已有时覆盖")]


def mapping(
    file: SheetArgument,
    into: IntoOption = None,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    output: FormatOption = "table",
) -> None:
    """本单位的表：认出每一列是台账的哪一项，写成一份映射；拿不准的列出来问。"""
    if out and out.exists() and not overwrite:
        ERR.print(f"{out} 已有，没有改动；要覆盖请加 --overwrite", markup=False)
        raise typer.Exit(EXIT_USAGE)
    sheets, findings = read_sheets_or_exit(file)
    proposal = propose_mapping(sheets, name_mapping(file.stem))
    if proposal.findings:
        show_findings(ERR, proposal.findings)
    if proposal.mapping is None:
        raise typer.Exit(EXIT_ERRORS)
    stored = read_target(into) if into else Facts.from_columns({})
    reading = read_mapped(proposal.mapping, sheets, stored)
    text = write_mapping(proposal.mapping)
    told = [*findings, *proposal.findings, *reading.findings]
    if out:
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            refuse_path(f"写不了 {out}：{error.strerror or error}")
    if output == "json":
        print_json(
            {
                "mapping": text,
                "columns": suggestions_document(proposal.suggestions),
                "questions": questions_document(reading.questions),
                "findings": findings_document(told),
            }
        )
        return
    for sheet, found in proposal.suggestions.items():
        show_suggestions(OUT, sheet, found)
    if reading.questions:
        show_questions(OUT, reading.questions)
    columns = [each for found in proposal.suggestions.values() for each in found]
    sure = sum(each.is_sure for each in columns)
    OUT.print(f"{len(columns)} 列，有把握的 {sure} 列；要问的 {len(reading.questions)} 件")
    OUT.print(f"映射已写入 {out}" if out else "要写成文件请加 --out M.yaml", markup=False)

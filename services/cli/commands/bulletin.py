"""bairi bulletin: the bulletin of a ledger's big comparison, as PDF, DOCX or XLSX."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from services.cli.console.arguments import (
    OUT,
    AsOf,
    EnteredFile,
    LedgerPath,
    SchemeName,
    day,
    ledger,
    steps,
    what_was_entered,
)
from services.cli.console.arguments import scheme_and_lights as opened
from services.scoring.documents.bulletin import Bulletin
from services.scoring.documents.composition.assembly import bulletin as composed
from services.scoring.documents.composition.ledger import of_ledger
from services.scoring.documents.composition.sources import Document, Matter, Source
from services.scoring.engine.points.manual_entries import Entered
from services.scoring.engine.results.run_result import document
from services.scoring.execution.facts_storage import digest
from services.scoring.execution.run import score
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.settings import OFFICE
from shared.facts.projects import Unit

FORMATS = (".pdf", ".docx", ".xlsx")


def suited(path: Path) -> Path:
    if path.suffix.lower() not in FORMATS:
        raise typer.BadParameter(f"应以 {'、'.join(FORMATS)} 结尾，写的是“{path.name}”")
    if not path.parent.is_dir():
        raise typer.BadParameter(f"没有这个文件夹：{path.parent}")
    return path


OutPath = Annotated[
    Path, typer.Argument(metavar="OUT", help="通报文件：.pdf、.docx 或 .xlsx", callback=suited)
]
Since = Annotated[
    date | None,
    typer.Option("--since", parser=day, metavar="DATE", help="与哪一天相比；空则不比"),
]
OfficeName = Annotated[str, typer.Option("--office", help="发文机关")]


def bulletin(
    path: LedgerPath,
    out: OutPath,
    as_of: AsOf,
    since: Since = None,
    scheme: SchemeName = DEFAULT_SCHEME,
    entered: EnteredFile = None,
    office: OfficeName = OFFICE,
) -> None:
    """通报：排名、分类分项、红黄绿灯、名次变动、未报进度、计分办法；打分只用于截至日期当天。"""
    if since is not None and since >= as_of:
        raise typer.BadParameter(f"--since 应早于 --as-of（{as_of}），写的是 {since}")
    chosen, preset = opened(scheme)
    facts = ledger(path)
    given = what_was_entered(entered, chosen, preset, facts)
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}

    def on(asked: date, taken: Entered) -> Document:
        return document(score(facts, chosen, preset, asked, taken), names)

    with steps("计算"):
        matter = Matter(
            document=on(as_of, given),
            scheme=chosen,
            preset=preset,
            ledger=of_ledger(facts.tables["projects"], facts.tables["progress"], as_of),
            office=office,
            signed_on=as_of,
            before=on(since, replace(given, marks={})) if since else None,
            entered=given,
            source=Source(digest(facts)),
        )
        made = rendered(composed(matter), out.suffix.lower())
    out.write_bytes(made)
    OUT.print(f"通报已写入 {out}（{len(made):,} 字节）", highlight=False)


def rendered(made: Bulletin, suffix: str) -> bytes:
    """Printers are imported when they are asked for: no other command waits for them."""
    from shared.paper.fonts import default_fonts

    match suffix:
        case ".pdf":
            from services.scoring.documents.pdf import render_pdf

            return render_pdf(made, default_fonts())
        case ".docx":
            from services.scoring.documents.docx import render_docx

            return render_docx(made, default_fonts())
    from services.scoring.documents.xlsx import render_xlsx

    return render_xlsx(made)

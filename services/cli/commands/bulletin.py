"""bairi bulletin: the bulletin of a ledger's big comparison, as PDF, DOCX or XLSX."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from services.cli.console.arguments import (
    AsOfOption,
    EntriesOption,
    LedgerArgument,
    SchemeOption,
    parse_date_option,
)
from services.cli.console.ledger_input import read_facts_or_exit
from services.cli.console.scheme_input import find_scheme_and_lights, resolve_entries_option
from services.cli.console.terminal import ERR, EXIT_USAGE, OUT, show_progress
from services.scoring.documents.bulletin import DEFAULT_OFFICE_NAME, Bulletin
from services.scoring.documents.composition.assembly import compose_bulletin
from services.scoring.documents.composition.ledger import build_ledger_projects
from services.scoring.documents.composition.sources import BulletinInput, FactsSource, JsonDocument
from services.scoring.engine.points.manual_entries import ManualEntries
from services.scoring.engine.results.run_result import result_document
from services.scoring.execution.content_digest import digest_facts
from services.scoring.execution.run import score_facts
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from shared.facts.projects import Unit

OUTPUT_SUFFIXES = (".pdf", ".docx", ".xlsx")


def validate_output_path(path: Path) -> Path:
    if path.suffix.lower() not in OUTPUT_SUFFIXES:
        raise typer.BadParameter(f"应以 {'、'.join(OUTPUT_SUFFIXES)} 结尾，写的是“{path.name}”")
    if not path.parent.is_dir():
        raise typer.BadParameter(f"没有这个文件夹：{path.parent}")
    return path


OutputArgument = Annotated[
    Path,
    typer.Argument(
        metavar="OUT", help="通报文件：.pdf、.docx 或 .xlsx", callback=validate_output_path
    ),
]
SinceOption = Annotated[
    date | None,
    typer.Option(
        "--since", parser=parse_date_option, metavar="DATE", help="与哪一天相比；空则不比"
    ),
]
OfficeOption = Annotated[str, typer.Option("--office", help="发文机关")]


def bulletin(
    path: LedgerArgument,
    out: OutputArgument,
    as_of: AsOfOption,
    since: SinceOption = None,
    scheme: SchemeOption = DEFAULT_SCHEME,
    entered: EntriesOption = None,
    office: OfficeOption = DEFAULT_OFFICE_NAME,
) -> None:
    """通报：排名、分类分项、红黄绿灯、名次变动、未报进度、计分办法；打分用于所写的日期或月份。"""
    if since is not None and since >= as_of:
        raise typer.BadParameter(f"--since 应早于 --as-of（{as_of}），写的是 {since}")
    chosen, preset = find_scheme_and_lights(scheme)
    facts = read_facts_or_exit(path)
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    before = () if since is None else (since,)
    entries = resolve_entries_option(
        entered, chosen, preset, names, as_of, other_days=before
    ).entries

    def score_document(day: date, entries: ManualEntries) -> JsonDocument:
        return result_document(score_facts(facts, chosen, preset, day, entries), names)

    with show_progress("计算"):
        source = BulletinInput(
            document=score_document(as_of, entries),
            scheme=chosen,
            preset=preset,
            ledger=build_ledger_projects(facts.tables["projects"], facts.tables["progress"], as_of),
            office=office,
            signed_on=as_of,
            before=score_document(since, entries.for_other_day(since)) if since else None,
            entered=entries,
            source=FactsSource(digest_facts(facts)),
        )
        content = render_bulletin(compose_bulletin(source), out.suffix.lower())
    try:
        out.write_bytes(content)
    except OSError as error:
        ERR.print(f"[red]写不了 {out}[/]：{error.strerror or error}")
        raise typer.Exit(EXIT_USAGE) from None
    OUT.print(f"通报已写入 {out}（{len(content):,} 字节）", highlight=False)


def render_bulletin(document: Bulletin, suffix: str) -> bytes:
    """The file of a bulletin in the format of a suffix; its printer is imported here."""
    from shared.paper.fonts import default_fonts

    match suffix:
        case ".pdf":
            from services.scoring.documents.pdf import render_pdf

            return render_pdf(document, default_fonts())
        case ".docx":
            from services.scoring.documents.docx import render_docx

            return render_docx(document, default_fonts())
    from services.scoring.documents.xlsx import render_xlsx

    return render_xlsx(document)

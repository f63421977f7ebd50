"""Letters a second: ours against typst used directly, with one reused compiler each, in one run.

    python -m tests.bench.letters [LETTERS]

Directly means that the texts are already the template's data: what ours adds is the breaking of the
title, the data itself and the lock. Every letter differs, the two take turns, so that neither has
the machine or the compiler's memory for itself.
"""

import json
import sys
from datetime import date, timedelta
from time import perf_counter

import typst
from rich.console import Console
from rich.table import Table

from services.notifier.documents.docx import render_docx
from services.notifier.documents.letter import LetterDocument, format_document_number
from services.notifier.documents.pdf import LETTER_TEMPLATE, build_pdf_context, render_pdf
from services.notifier.documents.texts import QuotedFacts, phrase_letter
from services.notifier.rules.ladder import LetterKind
from shared.paper.fonts import Fonts, default_fonts
from shared.paper.press import PDF_STANDARD

OFFICE = "岚县重点项目建设领导小组办公室"
PLACES = ("普明镇", "界河口镇", "东村镇", "岚城镇", "上明乡", "王狮乡", "梁家庄乡", "顺会乡")
WORKS = ("高标准农田建设", "光伏发电", "农村供水提升", "标准化厂房", "养老服务中心", "公路改造工程")
FIRST_DAY = date(2022, 3, 1)
WARM_UP = 20
LIMIT = 0.8


def letters(count: int) -> list[LetterDocument]:
    """Assignment letters, no two alike."""
    return [letter(sequence) for sequence in range(1, count + 1)]


def letter(sequence: int) -> LetterDocument:
    planned_on = FIRST_DAY + timedelta(days=sequence % 200)
    signed_on = planned_on + timedelta(days=15)
    place, work = PLACES[sequence % len(PLACES)], WORKS[sequence % len(WORKS)]
    matter = QuotedFacts(
        project=f"{place}{sequence}万千瓦{work}",
        about="started",
        trigger_on=signed_on,
        as_of=signed_on,
        due_on=signed_on + timedelta(days=7),
        planned_on=planned_on,
    )
    text = phrase_letter(LetterKind.assignment, matter)
    return LetterDocument(
        office=OFFICE,
        number=format_document_number("岚重办交", signed_on.year, sequence),
        title=text.title,
        addressee=f"{place}人民政府",
        body=text.body,
        signed_by=OFFICE,
        signed_on=signed_on,
        copies=("县委常委、常务副县长",),
    )


class Direct:
    """Typst as its own documentation uses it."""

    def __init__(self, fonts: Fonts) -> None:
        loaded = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[fonts.folder],
        )
        self.compiler = typst.Compiler(
            LETTER_TEMPLATE, root=LETTER_TEMPLATE.parent, font_paths=loaded
        )

    def print(self, data: str) -> object:
        return self.compiler.compile(
            format="pdf", sys_inputs={"letter": data}, pdf_standards=PDF_STANDARD, timestamp=0
        )


def main(count: int) -> None:
    fonts = default_fonts()
    direct = Direct(fonts)
    made = letters(2 * count + 2 * WARM_UP)
    ours_of, direct_of = made[::2], made[1::2]
    data = [json.dumps(build_pdf_context(each, fonts), ensure_ascii=False) for each in direct_of]
    ours = theirs = 0.0
    for at, (document, texts) in enumerate(zip(ours_of, data, strict=True)):
        start = perf_counter()
        render_pdf(document, fonts)
        middle = perf_counter()
        direct.print(texts)
        end = perf_counter()
        if at >= WARM_UP:
            ours += middle - start
            theirs += end - middle
    start = perf_counter()
    for document in ours_of[:100]:
        render_docx(document, fonts)
    docx = perf_counter() - start
    table = Table("", "ours", "typst directly", "ratio", "limit", title="Letters a second")
    ratio = theirs / ours
    shown = f"[{'green' if ratio >= LIMIT else 'red'}]{ratio:.2f}[/]"
    table.add_row("PDF", f"{count / ours:.1f}", f"{count / theirs:.1f}", shown, f"≥ {LIMIT}")
    table.add_row("DOCX", f"{min(100, len(ours_of)) / docx:.1f}", "", "", "")
    Console().print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)

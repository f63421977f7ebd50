"""The DOCX and the workbook of a bulletin, opened by LibreOffice: nothing is lost on the way."""

import shutil
from functools import cache
from pathlib import Path

import pytest

from services.scoring.documents.docx import render_docx
from services.scoring.documents.pdf import render_pdf
from services.scoring.documents.xlsx import render_xlsx
from shared.paper.fonts import default_fonts
from tests.scoring.documents.bulletins import sample_bulletin
from tests.scoring.documents.printed_tables import pages_of, rows_of, tables_of, without_blanks
from tests.shared.paper.libreoffice import SOFFICE, converted
from tests.shared.paper.measurements import pages

FONTS = default_fonts()
MORE_PAGES = 1.25  # the spacing of lines is the word processor's

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not on this machine")


def has_calc() -> bool:
    """Its parts are installed one by one: without Calc it opens no workbook."""
    program = Path(shutil.which(str(SOFFICE)) or "").resolve().parent
    return any(program.glob("libsclo.*"))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The DOCX as LibreOffice lays it out."""
    path = tmp_path_factory.mktemp("docx") / "bulletin.docx"
    path.write_bytes(render_docx(sample_bulletin(), FONTS))
    return converted([path], FONTS)[0].read_bytes()


@cache
def own_pages() -> int:
    return len(pages_of(render_pdf(sample_bulletin(), FONTS)))


def test_every_row_of_the_docx_is_printed_once_in_order_and_whole(opened: bytes) -> None:
    printed = pages_of(opened)
    at, start = 0, 0
    for table in tables_of(sample_bulletin()):
        head = "".join(column.title for column in table.columns if not column.spanner)
        for row in rows_of(table):
            text = without_blanks("".join(row))
            while (found := printed[at].find(text, start)) < 0:
                at, start = at + 1, 0
            start = found + len(text)
            assert head in printed[at][:found]


def test_it_has_about_as_many_pages_and_they_lie_as_in_the_pdf(opened: bytes) -> None:
    made = pages(opened)
    assert own_pages() / MORE_PAGES <= len(made) <= own_pages() * MORE_PAGES
    shapes = [page.width > page.height for page in made]
    assert shapes[0] is False
    assert sum(shapes) > len(shapes) / 2
    for number, page in enumerate(made, start=1):
        assert page.lines[-1].text == f"—{number}—"


def test_nothing_leaves_the_page(opened: bytes) -> None:
    for page in pages(opened):
        left, right = (25, 272) if page.width > page.height else (28, 184)
        for line in page.lines:
            assert line.ink.left > left - 2
            assert line.ink.right < right + 2.8


@pytest.mark.skipif(SOFFICE is not None and not has_calc(), reason="LibreOffice has no Calc here")
def test_the_workbook_opens_and_prints(tmp_path: Path) -> None:
    path = tmp_path / "bulletin.xlsx"
    path.write_bytes(render_xlsx(sample_bulletin()))
    text = "".join(pages_of(converted([path], FONTS)[0].read_bytes()))
    for unit in sample_bulletin().parts[0].tables[0].rows:
        assert unit[1].text in text

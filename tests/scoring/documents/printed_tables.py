"""What came to stand in a printed bulletin: its tables, read back from the files."""

import re
from io import BytesIO
from typing import Any

import pypdfium2
from docx import Document
from docx.oxml.ns import qn
from python_calamine import CalamineWorkbook

from services.scoring.documents.bulletin import Bulletin, Table

Rows = list[list[str]]


def tables_of(bulletin: Bulletin) -> list[Table]:
    return [table for part in (*bulletin.parts, *bulletin.annexes) for table in part.tables]


def rows_of(table: Table) -> Rows:
    return [[cell.text for cell in row] for row in table.rows]


def table(of: Bulletin, sheet: str, group: str = "") -> Table:
    return next(t for t in tables_of(of) if t.sheet == sheet and group in ("", t.group))


def column(of: Table, title: str) -> list[str]:
    at = [each.title for each in of.columns].index(title)
    return [row[at].text for row in of.rows]


def paragraphs(of: Bulletin) -> str:
    return "\n".join(text for part in (*of.parts, *of.annexes) for text in part.paragraphs)


def without_blanks(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page as it runs, without blanks."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [without_blanks(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def docx_tables(file: bytes) -> list[tuple[int, Rows]]:
    """Of each table how many rows its head has, and the rows below."""
    found = []
    for table in Document(BytesIO(file)).tables:
        heads, rows = 0, []
        for row in table._tbl.tr_lst:
            if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None:
                heads += 1
            else:
                rows.append(
                    ["".join(t.text or "" for t in tc.iter(qn("w:t"))) for tc in row.tc_lst]
                )
        found.append((heads, rows))
    return found


def xlsx_sheets(file: bytes) -> dict[str, list[list[Any]]]:
    """Sheet → its rows, numbers as numbers."""
    book = CalamineWorkbook.from_filelike(BytesIO(file))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}

"""Tables of a bulletin in DOCX: widths that are kept, heads that stand on every page."""

from collections.abc import Sequence
from typing import Any

from docx.document import Document as DocumentObject
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from services.scoring.documents.bulletin import Cell, Table, is_centred
from services.scoring.documents.column_widths import CELL_INSET, Layout
from services.scoring.documents.table_heads import HeadCell, build_table_head
from shared.paper.docx import append_child
from shared.paper.fonts import FontFamilies

TEXT_COLOURS = {"red": "C00000", "yellow": "9C6500", "green": "006100"}
HEAD_SHADE = "EBEBEB"
LINE_HEIGHT = 1.3  # of the size of characters
CELL_PADDING = 1.5  # points above and below the lines of a cell
BORDER_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def add_table(document: DocumentObject, table: Table, layout: Layout, faces: FontFamilies) -> None:
    """At the document's end; as XML, since python-docx looks every cell up anew."""
    made = OxmlElement("w:tbl")
    add_table_properties(made, layout)
    grid = append_child(made, "w:tblGrid")
    for width in layout.widths:
        append_child(grid, "w:gridCol").set(qn("w:w"), format_twips(width))
    writer = RowWriter(made, layout, faces)
    for row in build_table_head(table):
        writer.head(row)
    for cells in table.rows:
        centred = [is_centred(c, cell) for c, cell in zip(table.columns, cells, strict=True)]
        writer.body(cells, centred)
    body = document.element.body
    body.insert(len(body) - 1, made)  # before the last section's properties


def add_table_properties(made: Any, layout: Layout) -> None:
    of_table = append_child(made, "w:tblPr")
    whole = append_child(of_table, "w:tblW")
    whole.set(qn("w:w"), format_twips(sum(layout.widths)))
    whole.set(qn("w:type"), "dxa")
    borders = append_child(of_table, "w:tblBorders")
    for side in BORDER_SIDES:
        border = append_child(borders, f"w:{side}")
        for key, value in {"val": "single", "sz": "4", "space": "0", "color": "000000"}.items():
            border.set(qn(f"w:{key}"), value)
    append_child(of_table, "w:tblLayout").set(qn("w:type"), "fixed")
    margins = append_child(of_table, "w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        margin = append_child(margins, f"w:{side}")
        wide = CELL_INSET * layout.size if side in ("left", "right") else CELL_PADDING
        margin.set(qn("w:w"), format_twips(wide))
        margin.set(qn("w:type"), "dxa")


class RowWriter:
    """Adds rows to a table; a row is never broken between pages."""

    def __init__(self, table: Any, layout: Layout, faces: FontFamilies) -> None:
        self.table, self.layout, self.faces = table, layout, faces

    def head(self, cells: Sequence[HeadCell]) -> None:
        row = self.row()
        append_child(row.find(qn("w:trPr")), "w:tblHeader")
        at = 0
        for cell in cells:
            while at < cell.at:  # below a title that takes both rows
                self.cell(row, at, "", down="continue")
                at += 1
            down = "restart" if cell.down > 1 else ""
            self.cell(row, at, cell.title, across=cell.across, down=down, is_head=True)
            at += cell.across
        while at < len(self.layout.widths):
            self.cell(row, at, "", down="continue")
            at += 1

    def body(self, cells: Sequence[Cell], centred: Sequence[bool]) -> None:
        row = self.row()
        for at, (cell, is_middle) in enumerate(zip(cells, centred, strict=True)):
            self.cell(row, at, cell.text, colour=cell.colour, centred=is_middle)

    def row(self) -> Any:
        row = append_child(self.table, "w:tr")
        append_child(append_child(row, "w:trPr"), "w:cantSplit")
        return row

    def cell(
        self,
        row: Any,
        at: int,
        text: str,
        *,
        across: int = 1,
        down: str = "",
        colour: str = "",
        centred: bool = True,
        is_head: bool = False,
    ) -> None:
        made = append_child(row, "w:tc")
        of_cell = append_child(made, "w:tcPr")
        width = append_child(of_cell, "w:tcW")
        width.set(qn("w:w"), format_twips(sum(self.layout.widths[at : at + across])))
        width.set(qn("w:type"), "dxa")
        if across > 1:
            append_child(of_cell, "w:gridSpan").set(qn("w:val"), str(across))
        if down:
            append_child(of_cell, "w:vMerge").set(qn("w:val"), down)
        if is_head or down:
            shade = append_child(of_cell, "w:shd")
            shade.set(qn("w:val"), "clear")
            shade.set(qn("w:fill"), HEAD_SHADE)
        append_child(of_cell, "w:vAlign").set(qn("w:val"), "center")
        self.paragraph(made, text, colour, centred=centred, is_head=is_head or bool(down))

    def paragraph(self, cell: Any, text: str, colour: str, *, centred: bool, is_head: bool) -> None:
        paragraph = append_child(cell, "w:p")
        of_paragraph = append_child(paragraph, "w:pPr")
        if is_head:
            append_child(of_paragraph, "w:keepNext")
        spacing = append_child(of_paragraph, "w:spacing")
        spacing.set(qn("w:line"), format_twips(LINE_HEIGHT * self.layout.size))
        spacing.set(qn("w:lineRule"), "exact")
        append_child(of_paragraph, "w:jc").set(qn("w:val"), "center" if centred else "left")
        run = append_child(paragraph, "w:r")
        of_run = append_child(run, "w:rPr")
        if is_head:
            fonts = append_child(of_run, "w:rFonts")
            for key in ("ascii", "hAnsi", "eastAsia"):
                fonts.set(qn(f"w:{key}"), self.faces.heading[0])
        if colour:
            append_child(of_run, "w:color").set(qn("w:val"), TEXT_COLOURS[colour])
        append_child(of_run, "w:spacing").set(qn("w:val"), "0")
        append_child(of_run, "w:sz").set(qn("w:val"), str(round(2 * self.layout.size)))
        written = append_child(run, "w:t")
        written.text = text
        written.set(qn("xml:space"), "preserve")


def format_twips(points: float) -> str:
    return str(round(Pt(points).twips))

"""Tables of a bulletin in DOCX: fixed widths, heads repeated on every page."""

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
    """Append a table, as XML: python-docx would look every cell up anew."""
    element = OxmlElement("w:tbl")
    add_table_properties(element, layout)
    grid = append_child(element, "w:tblGrid")
    for width in layout.widths:
        append_child(grid, "w:gridCol").set(qn("w:w"), format_twips(width))
    writer = RowWriter(element, layout, faces)
    for row in build_table_head(table):
        writer.add_head_row(row)
    for cells in table.rows:
        centred = [is_centred(c, cell) for c, cell in zip(table.columns, cells, strict=True)]
        writer.add_body_row(cells, centred)
    body = document.element.body
    body.insert(len(body) - 1, element)  # before the last section's properties


def add_table_properties(table: Any, layout: Layout) -> None:
    properties = append_child(table, "w:tblPr")
    width = append_child(properties, "w:tblW")
    width.set(qn("w:w"), format_twips(sum(layout.widths)))
    width.set(qn("w:type"), "dxa")
    borders = append_child(properties, "w:tblBorders")
    for side in BORDER_SIDES:
        border = append_child(borders, f"w:{side}")
        for key, value in {"val": "single", "sz": "4", "space": "0", "color": "000000"}.items():
            border.set(qn(f"w:{key}"), value)
    append_child(properties, "w:tblLayout").set(qn("w:type"), "fixed")
    margins = append_child(properties, "w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        margin = append_child(margins, f"w:{side}")
        wide = CELL_INSET * layout.size if side in ("left", "right") else CELL_PADDING
        margin.set(qn("w:w"), format_twips(wide))
        margin.set(qn("w:type"), "dxa")


class RowWriter:
    """A writer of a table's rows; no row is broken between pages."""

    def __init__(self, table: Any, layout: Layout, faces: FontFamilies) -> None:
        self.table, self.layout, self.faces = table, layout, faces

    def add_head_row(self, cells: Sequence[HeadCell]) -> None:
        row = self.add_row()
        append_child(row.find(qn("w:trPr")), "w:tblHeader")
        index = 0
        for cell in cells:
            while index < cell.at:  # below a title that takes both rows
                self.add_cell(row, index, "", vertical_merge="continue")
                index += 1
            merge = "restart" if cell.down > 1 else ""
            self.add_cell(
                row, index, cell.title, span=cell.across, vertical_merge=merge, is_head=True
            )
            index += cell.across
        while index < len(self.layout.widths):
            self.add_cell(row, index, "", vertical_merge="continue")
            index += 1

    def add_body_row(self, cells: Sequence[Cell], centred: Sequence[bool]) -> None:
        row = self.add_row()
        for index, (cell, is_middle) in enumerate(zip(cells, centred, strict=True)):
            self.add_cell(row, index, cell.text, colour=cell.colour, centred=is_middle)

    def add_row(self) -> Any:
        row = append_child(self.table, "w:tr")
        append_child(append_child(row, "w:trPr"), "w:cantSplit")
        return row

    def add_cell(
        self,
        row: Any,
        index: int,
        text: str,
        *,
        span: int = 1,
        vertical_merge: str = "",
        colour: str = "",
        centred: bool = True,
        is_head: bool = False,
    ) -> None:
        cell = append_child(row, "w:tc")
        properties = append_child(cell, "w:tcPr")
        width = append_child(properties, "w:tcW")
        width.set(qn("w:w"), format_twips(sum(self.layout.widths[index : index + span])))
        width.set(qn("w:type"), "dxa")
        if span > 1:
            append_child(properties, "w:gridSpan").set(qn("w:val"), str(span))
        if vertical_merge:
            append_child(properties, "w:vMerge").set(qn("w:val"), vertical_merge)
        is_head = is_head or bool(vertical_merge)
        if is_head:
            shade = append_child(properties, "w:shd")
            shade.set(qn("w:val"), "clear")
            shade.set(qn("w:fill"), HEAD_SHADE)
        append_child(properties, "w:vAlign").set(qn("w:val"), "center")
        self.add_paragraph(cell, text, colour, centred=centred, is_head=is_head)

    def add_paragraph(
        self, cell: Any, text: str, colour: str, *, centred: bool, is_head: bool
    ) -> None:
        paragraph = append_child(cell, "w:p")
        properties = append_child(paragraph, "w:pPr")
        if is_head:
            append_child(properties, "w:keepNext")
        spacing = append_child(properties, "w:spacing")
        spacing.set(qn("w:line"), format_twips(LINE_HEIGHT * self.layout.size))
        spacing.set(qn("w:lineRule"), "exact")
        append_child(properties, "w:jc").set(qn("w:val"), "center" if centred else "left")
        run = append_child(paragraph, "w:r")
        run_properties = append_child(run, "w:rPr")
        if is_head:
            fonts = append_child(run_properties, "w:rFonts")
            for key in ("ascii", "hAnsi", "eastAsia"):
                fonts.set(qn(f"w:{key}"), self.faces.heading[0])
        if colour:
            append_child(run_properties, "w:color").set(qn("w:val"), TEXT_COLOURS[colour])
        append_child(run_properties, "w:spacing").set(qn("w:val"), "0")
        append_child(run_properties, "w:sz").set(qn("w:val"), str(round(2 * self.layout.size)))
        element = append_child(run, "w:t")
        element.text = text
        element.set(qn("xml:space"), "preserve")


def format_twips(points: float) -> str:
    return str(round(Pt(points).twips))

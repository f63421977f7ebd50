"""A bulletin as PDF: its texts are the data of a template."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from services.scoring.documents.bulletin import (
    Bulletin,
    BulletinPart,
    Table,
    chinese_numeral,
    is_centred,
)
from services.scoring.documents.column_widths import Layout, lay_out_tables
from services.scoring.documents.table_heads import build_table_head
from shared.paper.dates import format_date
from shared.paper.fonts import Fonts
from shared.paper.press import get_press, insert_break_points

TEMPLATE = Path(__file__).parent / "templates" / "bulletin.typ"
POINTS_PER_MM = 72 / 25.4
PORTRAIT_WIDTH, LANDSCAPE_WIDTH = (
    156 * POINTS_PER_MM,
    247 * POINTS_PER_MM,
)  # of the text area, in points


def render_pdf(bulletin: Bulletin, fonts: Fonts) -> bytes:
    """Render PDF/A-2u; the same bytes for the same bulletin. Raises `MissingGlyph`."""
    return get_press(TEMPLATE, fonts).print(bulletin_document(bulletin, fonts), bulletin.signed_on)


def bulletin_document(bulletin: Bulletin, fonts: Fonts) -> dict[str, Any]:
    """The data of the template, which reads the keys by name."""
    return {
        "office": bulletin.office,
        "title": bulletin.title,
        "title_lines": bulletin.title_lines,
        "note": bulletin.note,
        "addressee": f"{bulletin.addressee}：",
        "opening": bulletin.opening,
        "parts": [
            bulletin_part_document(part, f"{chinese_numeral(number)}、{part.title}")
            for number, part in enumerate(bulletin.parts, start=1)
        ],
        "closing": bulletin.closing,
        "signed_on": format_date(bulletin.signed_on),
        "annexes": [bulletin_part_document(part, part.title) for part in bulletin.annexes],
        "faces": asdict(fonts.printed),
        "weight": fonts.weight,
    }


def bulletin_part_document(part: BulletinPart, title: str) -> dict[str, Any]:
    layouts = lay_out_tables(part.tables, LANDSCAPE_WIDTH if part.landscape else PORTRAIT_WIDTH)
    return {
        "title": title,
        "paragraphs": [insert_break_points(paragraph) for paragraph in part.paragraphs],
        "tables": [
            bulletin_table_document(*each) for each in zip(part.tables, layouts, strict=True)
        ],
        "landscape": part.landscape,
    }


def bulletin_table_document(table: Table, layout: Layout) -> dict[str, Any]:
    """A table with its widths in points, and the cells of its head with their spans."""
    return {
        "caption": table.caption,
        "size": layout.size,
        "widths": layout.widths,
        "head": [[cell._asdict() for cell in row] for row in build_table_head(table)],
        "rows": [
            [
                {
                    "text": insert_break_points(cell.text),
                    "colour": cell.colour,
                    "centred": is_centred(column, cell),
                }
                for column, cell in zip(table.columns, row, strict=True)
            ]
            for row in table.rows
        ],
    }

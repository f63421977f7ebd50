"""A bulletin as PDF: its texts as the data of a template."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from services.scoring.documents.bulletin import Bulletin, Part, Table, is_centred, numeral
from services.scoring.documents.column_widths import Layout, layouts
from services.scoring.documents.table_heads import head_of
from shared.paper.dates import day
from shared.paper.fonts import Fonts
from shared.paper.press import breakable, press

TEMPLATE = Path(__file__).parent / "templates" / "bulletin.typ"
MM = 72 / 25.4
PORTRAIT, LANDSCAPE = 156 * MM, 247 * MM  # how wide the text area is, in points


def render_pdf(bulletin: Bulletin, fonts: Fonts) -> bytes:
    """The bulletin as PDF/A-2u; the same bytes for the same bulletin. Raises `MissingGlyph`."""
    return press(TEMPLATE, fonts).print(printed(bulletin, fonts), bulletin.signed_on)


def printed(bulletin: Bulletin, fonts: Fonts) -> dict[str, Any]:
    """What the template reads."""
    return {
        "office": bulletin.office,
        "title": bulletin.title,
        "title_lines": bulletin.title_lines,
        "note": bulletin.note,
        "addressee": f"{bulletin.addressee}：",
        "opening": bulletin.opening,
        "parts": [
            part_of(part, f"{numeral(number)}、{part.title}")
            for number, part in enumerate(bulletin.parts, start=1)
        ],
        "closing": bulletin.closing,
        "signed_on": day(bulletin.signed_on),
        "annexes": [part_of(part, part.title) for part in bulletin.annexes],
        "faces": asdict(fonts.printed),
        "weight": fonts.weight,
    }


def part_of(part: Part, title: str) -> dict[str, Any]:
    of_tables = layouts(part.tables, LANDSCAPE if part.landscape else PORTRAIT)
    return {
        "title": title,
        "paragraphs": [breakable(paragraph) for paragraph in part.paragraphs],
        "tables": [table_of(*each) for each in zip(part.tables, of_tables, strict=True)],
        "landscape": part.landscape,
    }


def table_of(table: Table, layout: Layout) -> dict[str, Any]:
    """Widths in points; the cells of the head with how many columns and rows each takes."""
    return {
        "caption": table.caption,
        "size": layout.size,
        "widths": layout.widths,
        "head": [[cell._asdict() for cell in row] for row in head_of(table)],
        "rows": [
            [
                {
                    "text": breakable(cell.text),
                    "colour": cell.colour,
                    "centred": is_centred(column, cell),
                }
                for column, cell in zip(table.columns, row, strict=True)
            ]
            for row in table.rows
        ],
    }

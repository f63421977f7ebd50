"""A bulletin as PDF: its texts as the data of a template."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from services.scoring.documents.bulletin import Bulletin, Part, Table, numeral
from services.scoring.documents.widths import heads, laid_out
from shared.paper.dates import day
from shared.paper.fonts import Fonts
from shared.paper.press import breakable, press
from shared.paper.titles import title_lines

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
        "title_lines": title_lines(bulletin.title),
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
    return {
        "title": title,
        "paragraphs": [breakable(paragraph) for paragraph in part.paragraphs],
        "tables": [table_of(table, part.landscape) for table in part.tables],
        "landscape": part.landscape,
    }


def table_of(table: Table, landscape: bool) -> dict[str, Any]:
    """Widths in points; the cells of the head with how many columns and rows each takes."""
    layout = laid_out(table, LANDSCAPE if landscape else PORTRAIT)
    return {
        "caption": table.caption,
        "size": layout.size,
        "widths": layout.widths,
        "head": head_of(table),
        "figures": [column.is_figure for column in table.columns],
        "rows": [[[breakable(cell.text), cell.colour] for cell in row] for row in table.rows],
    }


def head_of(table: Table) -> list[list[dict[str, Any]]]:
    """One row of titles, or two where some stand over others."""
    if not table.has_two_heads:
        return [[{"title": column.title, "across": 1, "down": 1} for column in table.columns]]
    runs = {run[0]: len(run) for run in heads(table.columns)}
    upper = []
    for at, column in enumerate(table.columns):
        if at in runs:
            upper.append({"title": column.over, "across": runs[at], "down": 1})
        elif not column.over:
            upper.append({"title": column.title, "across": 1, "down": 2})
    lower = [{"title": c.title, "across": 1, "down": 1} for c in table.columns if c.over]
    return [upper, lower]

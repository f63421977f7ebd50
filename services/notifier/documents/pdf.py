"""Letters as PDF: a Typst template, filled with their texts."""

from dataclasses import asdict
from pathlib import Path

from services.notifier.documents.letter import LetterDocument
from shared.paper.dates import format_date
from shared.paper.fonts import Fonts
from shared.paper.press import get_press, insert_break_points
from shared.paper.titles import split_title

LETTER_TEMPLATE = Path(__file__).parent / "templates" / "letter.typ"


def render_pdf(document: LetterDocument, fonts: Fonts) -> bytes:
    """Render a letter as PDF/A-2u; the same bytes for the same letter. Raises MissingGlyph."""
    return get_press(LETTER_TEMPLATE, fonts).print(
        build_pdf_context(document, fonts), document.signed_on
    )


def build_pdf_context(document: LetterDocument, fonts: Fonts) -> dict[str, object]:
    """Build the data of the template: the texts, the title in lines, font families by role."""
    return {
        "office": document.office,
        "number": document.number or "",
        "title": document.title,
        "title_lines": split_title(document.title),
        "addressee": document.addressee,
        "body": [insert_break_points(paragraph) for paragraph in document.body],
        "signed_by": document.signed_by,
        "signed_on": format_date(document.signed_on),
        "footnotes": [insert_break_points(note) for note in document.footnotes],
        "copy_line": document.copy_line,
        "faces": asdict(fonts.printed),
        "weight": fonts.weight,
    }

"""Letters as PDF: their texts as the data of a template."""

from dataclasses import asdict
from pathlib import Path

from services.notifier.documents.letter import LetterDocument
from shared.paper.dates import day
from shared.paper.fonts import Fonts
from shared.paper.press import breakable, press
from shared.paper.titles import title_lines

TEMPLATE = Path(__file__).parent / "templates" / "letter.typ"


def render_pdf(document: LetterDocument, fonts: Fonts) -> bytes:
    """The letter as PDF/A-2u; the same bytes for the same letter. Raises `MissingGlyph`."""
    return press(TEMPLATE, fonts).print(printed(document, fonts), document.signed_on)


def printed(document: LetterDocument, fonts: Fonts) -> dict[str, object]:
    """What the template reads: the letter's texts, its title in lines, families by role."""
    return {
        "office": document.office,
        "number": document.number or "",
        "title": document.title,
        "title_lines": title_lines(document.title),
        "addressee": document.addressee,
        "body": [breakable(paragraph) for paragraph in document.body],
        "signed_by": document.signed_by,
        "signed_on": day(document.signed_on),
        "footnotes": [breakable(note) for note in document.footnotes],
        "copy_line": document.copy_line,
        "faces": asdict(fonts.printed),
        "weight": fonts.weight,
    }

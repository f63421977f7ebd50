"""Letters as DOCX to edit: a template with the format in it, filled by docxtpl."""

from datetime import UTC, datetime, time
from functools import lru_cache
from io import BytesIO

from docxtpl import DocxTemplate  # type: ignore[import-untyped]

from services.notifier.documents.docx_template import template
from services.notifier.documents.letter import LetterDocument
from shared.paper.archives import without_clock
from shared.paper.dates import day
from shared.paper.docx import CHARACTER
from shared.paper.fonts import Faces, Fonts
from shared.paper.titles import title_lines, width

AREA = 28.0  # characters across the text area
AREA_POINTS = 442  # the same
OFFICE_SIZE = 36  # points, where the office's name is short
DATE_FROM_RIGHT = 4.0  # characters


def render_docx(document: LetterDocument, fonts: Fonts) -> bytes:
    """The letter as DOCX; the same bytes for the same letter.

    It names `fonts.edited` and holds no fonts: what they lack shows on the editor's screen only.
    """
    filled = DocxTemplate(BytesIO(made_template(fonts.edited)))
    filled.render(told(document), autoescape=True)
    properties = filled.docx.core_properties  # get_docx() would open the template anew
    properties.title, properties.author = document.title, document.office
    properties.created = properties.modified = datetime.combine(document.signed_on, time(), UTC)
    properties.last_modified_by = document.office
    out = BytesIO()
    filled.save(out)
    return without_clock(out.getvalue())


@lru_cache(maxsize=4)
def made_template(faces: Faces) -> bytes:
    return template(faces)


def told(document: LetterDocument) -> dict[str, object]:
    """What the template names."""
    date = day(document.signed_on)
    name_right, date_right = from_right(document.signed_by, date)
    return {
        "office": document.office,
        "office_size": min(OFFICE_SIZE, int(AREA_POINTS / width(document.office))),
        "number": document.number or "",
        "title_lines": title_lines(document.title),
        "addressee": f"{document.addressee}：",
        "body": document.body[:-1],
        "last": document.body[-1],
        "signed_by": document.signed_by,
        "signed_on": date,
        "name_side": "center" if width(document.signed_by) > AREA else "right",
        "name_right": round(name_right * CHARACTER),
        "date_right": round(date_right * CHARACTER),
        "footnotes": document.footnotes,
        "copy_line": document.copy_line,
    }


def from_right(name: str, date: str) -> tuple[float, float]:
    """How far the office's name and the date end from the right, in characters.

    The date four, the name centred over it; both move left together if the name would leave the
    text area. Narrow characters are counted, so that the centre is right within one of them.
    """
    overhang = (min(width(name), AREA) - width(date)) / 2
    date_right = max(DATE_FROM_RIGHT, overhang)
    return max(0.0, date_right - overhang), date_right

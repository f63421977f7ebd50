"""Letters as DOCX to edit: a template with the format in it, filled by docxtpl."""

from datetime import UTC, datetime, time
from functools import lru_cache
from io import BytesIO

from docxtpl import DocxTemplate  # type: ignore[import-untyped]

from services.notifier.documents.docx_template import build_template
from services.notifier.documents.letter import LetterDocument
from shared.paper.archives import fix_archive_times
from shared.paper.dates import format_date
from shared.paper.docx import CHARACTER_WIDTH
from shared.paper.fonts import FontFamilies, Fonts
from shared.paper.titles import split_title, text_width

AREA_CHARACTERS = 28.0  # characters across the text area
AREA_POINTS = 442  # the same width in points
OFFICE_SIZE = 36  # points, where the office's name is short
DATE_FROM_RIGHT = 4.0  # characters


def render_docx(document: LetterDocument, fonts: Fonts) -> bytes:
    """Render a letter as DOCX; the same bytes for the same letter.

    It names `fonts.edited` and embeds no fonts: a missing glyph shows on the editor's screen only.
    """
    filled = DocxTemplate(BytesIO(cached_template(fonts.edited)))
    filled.render(build_docx_context(document), autoescape=True)
    properties = filled.docx.core_properties  # get_docx() would open the template anew
    properties.title, properties.author = document.title, document.office
    properties.created = properties.modified = datetime.combine(document.signed_on, time(), UTC)
    properties.last_modified_by = document.office
    out = BytesIO()
    filled.save(out)
    return fix_archive_times(out.getvalue())


@lru_cache(maxsize=4)
def cached_template(faces: FontFamilies) -> bytes:
    return build_template(faces)


def build_docx_context(document: LetterDocument) -> dict[str, object]:
    """Build the values of the template's names."""
    date = format_date(document.signed_on)
    name_right, date_right = right_offsets(document.signed_by, date)
    return {
        "office": document.office,
        "office_size": min(OFFICE_SIZE, int(AREA_POINTS / text_width(document.office))),
        "number": document.number or "",
        "title_lines": split_title(document.title),
        "addressee": f"{document.addressee}：",
        "body": document.body[:-1],
        "last": document.body[-1],
        "signed_by": document.signed_by,
        "signed_on": date,
        "name_side": "center" if text_width(document.signed_by) > AREA_CHARACTERS else "right",
        "name_right": round(name_right * CHARACTER_WIDTH),
        "date_right": round(date_right * CHARACTER_WIDTH),
        "footnotes": document.footnotes,
        "copy_line": document.copy_line,
    }


def right_offsets(name: str, date: str) -> tuple[float, float]:
    """Distances of the office's name and of the date from the right, in characters.

    The date has four, the name is centred over it; both move left together if the name would leave
    the text area. Narrow characters count, so that the centre is right within one of them.
    """
    overhang = (min(text_width(name), AREA_CHARACTERS) - text_width(date)) / 2
    date_right = max(DATE_FROM_RIGHT, overhang)
    return max(0.0, date_right - overhang), date_right

"""A bulletin as DOCX to edit: the same texts, tables and breaks as in the PDF."""

from datetime import UTC, datetime, time
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section, _Footer
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from services.scoring.documents.bulletin import Bulletin, Part, numeral
from services.scoring.documents.column_widths import layouts
from services.scoring.documents.docx_tables import add_table
from services.scoring.documents.pdf import LANDSCAPE, PORTRAIT
from shared.paper.archives import without_clock
from shared.paper.dates import day
from shared.paper.docx import (
    CHARACTER,
    LINE,
    RED,
    SMALL,
    TITLE_SIZE,
    child,
    exactly,
    field,
    indent,
    normal,
    run,
)
from shared.paper.fonts import Faces, Fonts
from shared.paper.titles import width

OFFICE_SIZE = 36  # points, where the office's name is short
CAPTION, ANNEX_TITLE, ANNEX_TEXT = Pt(12), Pt(18), Pt(12)
RULE = 16  # eighths of a point
DATE_FROM_RIGHT = 4.0  # characters


def render_docx(bulletin: Bulletin, fonts: Fonts) -> bytes:
    """The bulletin as DOCX; the same bytes for the same bulletin. It names `fonts.edited`."""
    document, faces = Document(), fonts.edited
    normal(document, faces)
    first = document.sections[0]
    upright(first)
    document.settings.odd_and_even_pages_header_footer = True
    feet(first, faces)
    opening(document, bulletin, faces)
    for number, part in enumerate(bulletin.parts, start=1):
        heading = indented(document.add_paragraph())
        run(heading, f"{numeral(number)}、{part.title}", faces.heading[0], Pt(16))
        heading.paragraph_format.keep_with_next = True
        heading.paragraph_format.space_before = Pt(8)
        content(document, part, faces)
    ending(document, bulletin)
    for number, part in enumerate(bulletin.annexes, start=1):
        annex(document, part, number, faces)
    exactly(document.add_paragraph(), Pt(1))  # a document does not end in a table
    properties = document.core_properties
    properties.title, properties.author = bulletin.title, bulletin.office
    properties.created = properties.modified = datetime.combine(bulletin.signed_on, time(), UTC)
    properties.last_modified_by = bulletin.office
    out = BytesIO()
    document.save(out)
    return without_clock(out.getvalue())


# --- pages


def upright(section: Section) -> None:
    """A4 with the text area of the standard."""
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(23)
    without_grid(section)


def across(section: Section) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = Mm(26)
    section.left_margin = section.right_margin = Mm(25)
    section.footer_distance = Mm(14)
    without_grid(section)


def without_grid(section: Section) -> None:
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)


def feet(section: Section, faces: Faces) -> None:
    """Page numbers at the outer side; later sections take them over."""

    def foot(footer: _Footer, side: ALIGN) -> None:
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.left_indent = SMALL
        paragraph.paragraph_format.right_indent = SMALL
        run(paragraph, "— ", faces.page_number[0], SMALL)
        field(run(paragraph, "", faces.page_number[0], SMALL), "PAGE")
        run(paragraph, " —", faces.page_number[0], SMALL)

    foot(section.footer, ALIGN.RIGHT)
    foot(section.even_page_footer, ALIGN.LEFT)


# --- texts


def opening(document: DocumentObject, bulletin: Bulletin, faces: Faces) -> None:
    """Office in red over a rule, title, for whom, the first paragraphs."""
    size = min(OFFICE_SIZE, int(PORTRAIT / width(bulletin.office)))
    head = centred(document.add_paragraph())
    run(head, bulletin.office, faces.office[0], Pt(size)).font.color.rgb = RGBColor.from_string(RED)
    exactly(head, Pt(size * 1.3))
    rule_below(head)
    title = centred(document.add_paragraph())
    title.paragraph_format.space_before = title.paragraph_format.space_after = LINE
    for number, line in enumerate(bulletin.title_lines):
        made = run(title, "", faces.title[0], TITLE_SIZE)
        if number:
            made.add_break()
        made.add_text(line)
    exactly(title, Pt(33))
    if bulletin.note:
        title.paragraph_format.space_after = Pt(0)
        note = centred(document.add_paragraph())
        run(note, f"（{bulletin.note}）", None, SMALL)
        note.paragraph_format.space_after = LINE
    document.add_paragraph(f"{bulletin.addressee}：")
    for paragraph in bulletin.opening:
        indented(document.add_paragraph(paragraph))


def content(document: DocumentObject, part: Part, faces: Faces) -> None:
    for paragraph in part.paragraphs:
        made = indented(document.add_paragraph(paragraph))
        if part.landscape:
            smaller(made)
    area = LANDSCAPE if part.landscape else PORTRAIT
    for table, layout in zip(part.tables, layouts(part.tables, area), strict=True):
        caption = centred(document.add_paragraph())
        run(caption, table.caption, faces.heading[0], CAPTION)
        exactly(caption, Pt(22) if table.caption else Pt(6))
        caption.paragraph_format.space_before = CAPTION
        caption.paragraph_format.keep_with_next = True
        add_table(document, table, layout, faces)


def ending(document: DocumentObject, bulletin: Bulletin) -> None:
    """Closing, list of annexes, office and date, on one page."""
    lines = [indented(document.add_paragraph(bulletin.closing))]
    for number, part in enumerate(bulletin.annexes, start=1):
        line = document.add_paragraph(
            f"{'附件：' if number == 1 else '　　　'}{number}.{part.title}"
        )
        indent(line, left=str(round(2 * CHARACTER)))
        lines.append(line)
        if number == 1:
            line.paragraph_format.space_before = LINE
    written = day(bulletin.signed_on)
    overhang = (min(width(bulletin.office), 28.0) - width(written)) / 2
    date_right = max(DATE_FROM_RIGHT, overhang)
    for text, right in ((bulletin.office, max(0.0, date_right - overhang)), (written, date_right)):
        line = document.add_paragraph(text)
        line.alignment = ALIGN.RIGHT
        indent(line, right=str(round(right * CHARACTER)))
        lines.append(line)
    lines[-2].paragraph_format.space_before = LINE * 2
    for line in lines[:-1]:
        line.paragraph_format.keep_with_next = True


def annex(document: DocumentObject, part: Part, number: int, faces: Faces) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    exactly(document.paragraphs[-1], Pt(1))  # what ends the pages before must not need one
    across(section) if part.landscape else upright(section)
    mark, title = document.add_paragraph(), centred(document.add_paragraph())
    run(mark, f"附件{number}", faces.heading[0], Pt(16))
    run(title, part.title, faces.title[0], ANNEX_TITLE)
    for paragraph in (mark, title):
        paragraph.paragraph_format.keep_with_next = True
    content(document, part, faces)


def centred(paragraph: Paragraph) -> Paragraph:
    paragraph.alignment = ALIGN.CENTER
    return paragraph


def indented(paragraph: Paragraph) -> Paragraph:
    """The first line two characters in, both sides flush."""
    paragraph.alignment = ALIGN.JUSTIFY
    indent(paragraph, firstLineChars="200", firstLine=str(round(2 * CHARACTER)))
    return paragraph


def smaller(paragraph: Paragraph) -> None:
    for made in paragraph.runs:
        made.font.size = ANNEX_TEXT
    exactly(paragraph, Pt(20))


def rule_below(paragraph: Paragraph) -> None:
    borders = OxmlElement("w:pBdr")
    border = child(borders, "w:bottom")
    for key, value in {"val": "single", "sz": str(RULE), "space": "6", "color": RED}.items():
        border.set(qn(f"w:{key}"), value)
    of_paragraph = paragraph._p.get_or_add_pPr()
    of_paragraph.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")

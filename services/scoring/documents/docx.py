"""A bulletin as an editable DOCX, with the texts, tables and breaks of the PDF."""

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

from services.scoring.documents.bulletin import Bulletin, BulletinPart, chinese_numeral
from services.scoring.documents.column_widths import lay_out_tables
from services.scoring.documents.docx_tables import add_table
from services.scoring.documents.pdf import LANDSCAPE_WIDTH, PORTRAIT_WIDTH
from shared.paper.archives import fix_archive_times
from shared.paper.dates import format_date
from shared.paper.docx import (
    CHARACTER_WIDTH,
    RED,
    SMALL_SIZE,
    TEXT_LINE_HEIGHT,
    TITLE_SIZE,
    add_field_code,
    add_text_run,
    append_child,
    indent_paragraph,
    set_body_style,
    set_indent,
    set_line_height,
)
from shared.paper.fonts import FontFamilies, Fonts
from shared.paper.titles import text_width

OFFICE_SIZE = 36  # points, where the office's name is short
CAPTION_SIZE, ANNEX_TITLE_SIZE, ANNEX_TEXT_SIZE = Pt(12), Pt(18), Pt(12)
RULE_WIDTH = 16  # eighths of a point
DATE_FROM_RIGHT = 4.0  # characters


def render_docx(bulletin: Bulletin, fonts: Fonts) -> bytes:
    """Render DOCX with the fonts `fonts.edited`; the same bytes for the same bulletin."""
    document, faces = Document(), fonts.edited
    set_body_style(document, faces)
    first = document.sections[0]
    set_portrait_page(first)
    document.settings.odd_and_even_pages_header_footer = True
    add_page_footers(first, faces)
    add_opening(document, bulletin, faces)
    for number, part in enumerate(bulletin.parts, start=1):
        heading = indent_paragraph(document.add_paragraph())
        add_text_run(heading, f"{chinese_numeral(number)}、{part.title}", faces.heading[0], Pt(16))
        heading.paragraph_format.keep_with_next = True
        heading.paragraph_format.space_before = Pt(8)
        add_part_content(document, part, faces)
    add_ending(document, bulletin)
    for number, part in enumerate(bulletin.annexes, start=1):
        add_annex(document, part, number, faces)
    set_line_height(document.add_paragraph(), Pt(1))  # a document does not end in a table
    properties = document.core_properties
    properties.title, properties.author = bulletin.title, bulletin.office
    properties.created = properties.modified = datetime.combine(bulletin.signed_on, time(), UTC)
    properties.last_modified_by = bulletin.office
    out = BytesIO()
    document.save(out)
    return fix_archive_times(out.getvalue())


# --- pages


def set_portrait_page(section: Section) -> None:
    """Set A4 with the text area of GB/T 9704-2012."""
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(23)
    remove_grid(section)


def set_landscape_page(section: Section) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = Mm(26)
    section.left_margin = section.right_margin = Mm(25)
    section.footer_distance = Mm(14)
    remove_grid(section)


def remove_grid(section: Section) -> None:
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)


def add_page_footers(section: Section, faces: FontFamilies) -> None:
    """Add page numbers at the outer side; later sections inherit them."""

    def foot(footer: _Footer, side: ALIGN) -> None:
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.left_indent = SMALL_SIZE
        paragraph.paragraph_format.right_indent = SMALL_SIZE
        add_text_run(paragraph, "— ", faces.page_number[0], SMALL_SIZE)
        add_field_code(add_text_run(paragraph, "", faces.page_number[0], SMALL_SIZE), "PAGE")
        add_text_run(paragraph, " —", faces.page_number[0], SMALL_SIZE)

    foot(section.footer, ALIGN.RIGHT)
    foot(section.even_page_footer, ALIGN.LEFT)


# --- texts


def add_opening(document: DocumentObject, bulletin: Bulletin, faces: FontFamilies) -> None:
    """Add the office in red over a rule, the title, the addressee, the opening paragraphs."""
    size = min(OFFICE_SIZE, int(PORTRAIT_WIDTH / text_width(bulletin.office)))
    head = centre_paragraph(document.add_paragraph())
    add_text_run(
        head, bulletin.office, faces.office[0], Pt(size)
    ).font.color.rgb = RGBColor.from_string(RED)
    set_line_height(head, Pt(size * 1.3))
    add_rule_below(head)
    title = centre_paragraph(document.add_paragraph())
    title.paragraph_format.space_before = title.paragraph_format.space_after = TEXT_LINE_HEIGHT
    for number, line in enumerate(bulletin.title_lines):
        run = add_text_run(title, "", faces.title[0], TITLE_SIZE)
        if number:
            run.add_break()
        run.add_text(line)
    set_line_height(title, Pt(33))
    if bulletin.note:
        title.paragraph_format.space_after = Pt(0)
        note = centre_paragraph(document.add_paragraph())
        add_text_run(note, f"（{bulletin.note}）", None, SMALL_SIZE)
        note.paragraph_format.space_after = TEXT_LINE_HEIGHT
    document.add_paragraph(f"{bulletin.addressee}：")
    for paragraph in bulletin.opening:
        indent_paragraph(document.add_paragraph(paragraph))


def add_part_content(document: DocumentObject, part: BulletinPart, faces: FontFamilies) -> None:
    for text in part.paragraphs:
        paragraph = indent_paragraph(document.add_paragraph(text))
        if part.landscape:
            shrink_paragraph(paragraph)
    area = LANDSCAPE_WIDTH if part.landscape else PORTRAIT_WIDTH
    for table, layout in zip(part.tables, lay_out_tables(part.tables, area), strict=True):
        caption = centre_paragraph(document.add_paragraph())
        add_text_run(caption, table.caption, faces.heading[0], CAPTION_SIZE)
        set_line_height(caption, Pt(22) if table.caption else Pt(6))
        caption.paragraph_format.space_before = CAPTION_SIZE
        caption.paragraph_format.keep_with_next = True
        add_table(document, table, layout, faces)


def add_ending(document: DocumentObject, bulletin: Bulletin) -> None:
    """Add the closing, the list of annexes, the office and the date, all on one page."""
    lines = [indent_paragraph(document.add_paragraph(bulletin.closing))]
    for number, part in enumerate(bulletin.annexes, start=1):
        line = document.add_paragraph(
            f"{'附件：' if number == 1 else '　　　'}{number}.{part.title}"
        )
        set_indent(line, left=str(round(2 * CHARACTER_WIDTH)))
        lines.append(line)
        if number == 1:
            line.paragraph_format.space_before = TEXT_LINE_HEIGHT
    date = format_date(bulletin.signed_on)
    overhang = (min(text_width(bulletin.office), 28.0) - text_width(date)) / 2
    date_right = max(DATE_FROM_RIGHT, overhang)
    for text, right in ((bulletin.office, max(0.0, date_right - overhang)), (date, date_right)):
        line = document.add_paragraph(text)
        line.alignment = ALIGN.RIGHT
        set_indent(line, right=str(round(right * CHARACTER_WIDTH)))
        lines.append(line)
    lines[-2].paragraph_format.space_before = TEXT_LINE_HEIGHT * 2
    for line in lines[:-1]:
        line.paragraph_format.keep_with_next = True


def add_annex(
    document: DocumentObject, part: BulletinPart, number: int, faces: FontFamilies
) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    set_line_height(document.paragraphs[-1], Pt(1))  # a section's end must not need a page
    set_landscape_page(section) if part.landscape else set_portrait_page(section)
    mark, title = document.add_paragraph(), centre_paragraph(document.add_paragraph())
    add_text_run(mark, f"附件{number}", faces.heading[0], Pt(16))
    add_text_run(title, part.title, faces.title[0], ANNEX_TITLE_SIZE)
    for paragraph in (mark, title):
        paragraph.paragraph_format.keep_with_next = True
    add_part_content(document, part, faces)


def centre_paragraph(paragraph: Paragraph) -> Paragraph:
    paragraph.alignment = ALIGN.CENTER
    return paragraph


def shrink_paragraph(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.font.size = ANNEX_TEXT_SIZE
    set_line_height(paragraph, Pt(20))


def add_rule_below(paragraph: Paragraph) -> None:
    borders = OxmlElement("w:pBdr")
    border = append_child(borders, "w:bottom")
    for key, value in {"val": "single", "sz": str(RULE_WIDTH), "space": "6", "color": RED}.items():
        border.set(qn(f"w:{key}"), value)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")

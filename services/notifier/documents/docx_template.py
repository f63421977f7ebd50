"""DOCX template of the letter format of GB/T 9704-2012, §10.1, with placeholders for the texts.

22 lines of 28 characters come from an exact line height and narrowed characters: word processors
disagree about grids of characters. Lengths are in twips where python-docx has no unit for them.
"""

from io import BytesIO

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from shared.paper.docx import (
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
from shared.paper.fonts import FontFamilies

RULE_DISTANCE = Pt(14)  # 3号汉字高度的7/8
NUMBER_LINE = Pt(20)  # lower than others, else the number stands a line under the rule
SPACE_BELOW = Pt(4)  # blank of a line under its characters
DASH_BELOW = Pt(5)  # depth of a page number's dash in its line
ABOVE_INK = Pt(1.8)  # blank above the office's name in its line
THICK, THIN, BETWEEN = 20, 6, 24  # eighths of a point; twips


def build_template(faces: FontFamilies) -> bytes:
    """Build the template's bytes; docxtpl fills the names in braces."""
    document = Document()
    set_body_style(document, faces)
    section = document.sections[0]
    set_page_layout(document, section)
    fill_headers(section, faces)
    fill_footers(section, faces)
    add_letter_body(document, faces)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def set_page_layout(document: DocumentObject, section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(30) - ABOVE_INK, Mm(20)
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)


def fill_headers(section: Section, faces: FontFamilies) -> None:
    """Fill the first page's header with the office's name and a rule; the others stay blank."""
    first = section.first_page_header
    name = first.paragraphs[0]
    name.alignment = ALIGN.CENTER
    set_line_height(name, TITLE_SIZE)
    printed = add_text_run(name, "{{ office }}", faces.office[0], TITLE_SIZE)
    printed.font.color.rgb = RGBColor.from_string(RED)
    # A long name is set smaller, so its size is the letter's.
    name._p.get_or_add_pPr().get_or_add_spacing().set(qn("w:line"), "{{ office_size * 20 }}")
    for size in printed._r.get_or_add_rPr().findall(qn("w:sz")):
        size.set(qn("w:val"), "{{ office_size * 2 }}")
    draw_double_rule(first.add_paragraph(), above=THICK, below=THIN, before=Mm(4))
    for other in (section.header, section.even_page_header):
        other.is_linked_to_previous = False
        set_line_height(other.paragraphs[0], Pt(1))  # a full line would push the text down


def fill_footers(section: Section, faces: FontFamilies) -> None:
    """Fill the first page's footer with a rule, others with the page number at the outer side."""
    draw_double_rule(section.first_page_footer.paragraphs[0], above=THIN, below=THICK, before=Pt(0))
    for footer, side in (
        (section.footer, ALIGN.RIGHT),
        (section.even_page_footer, ALIGN.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.left_indent = SMALL_SIZE
        paragraph.paragraph_format.right_indent = SMALL_SIZE
        # The feet share one distance, the first page's: 7 mm under the text area needs more.
        paragraph.paragraph_format.space_after = Mm(35 - 20 - 7) - SMALL_SIZE + DASH_BELOW
        set_line_height(paragraph, SMALL_SIZE)
        add_text_run(paragraph, "— ", faces.page_number[0], SMALL_SIZE)
        add_field_code(add_text_run(paragraph, "", faces.page_number[0], SMALL_SIZE), "PAGE")
        add_text_run(paragraph, " —", faces.page_number[0], SMALL_SIZE)


def add_letter_body(document: DocumentObject, faces: FontFamilies) -> None:
    number = append_paragraph(document, "{{ number }}")
    number.alignment = ALIGN.RIGHT
    number.paragraph_format.space_before = RULE_DISTANCE
    number.paragraph_format.space_after = TEXT_LINE_HEIGHT - NUMBER_LINE - SPACE_BELOW
    set_line_height(number, NUMBER_LINE)
    append_blank_lines(document, 2)
    heading = document.add_paragraph()
    heading.alignment = ALIGN.CENTER
    loop = "{% for line in title_lines %}{{ line }}{% if not loop.last %}"
    add_text_run(heading, loop, faces.title[0], TITLE_SIZE)
    printed = add_text_run(heading, "", faces.title[0], TITLE_SIZE)
    printed.add_break()
    add_text_run(heading, "{% endif %}{% endfor %}", faces.title[0], TITLE_SIZE)
    set_line_height(heading, Pt(35))
    append_blank_lines(document, 1)
    append_paragraph(document, "{{ addressee }}")
    append_paragraph(document, "{%p for paragraph in body %}")
    indent_paragraph(append_paragraph(document, "{{ paragraph }}"))
    append_paragraph(document, "{%p endfor %}")
    add_signature(document)
    append_paragraph(document, "{%p for note in footnotes %}")
    indent_paragraph(append_paragraph(document, "{{ note }}"))
    append_paragraph(document, "{%p endfor %}")
    add_copy_line(document)


def add_signature(document: DocumentObject) -> None:
    """Add last paragraph, room for the seal, name and date: on one page with the units in copy."""
    last = indent_paragraph(append_paragraph(document, "{{ last }}"))
    blanks = append_blank_lines(document, 2)
    name, date = (
        append_paragraph(document, "{{ signed_by }}"),
        append_paragraph(document, "{{ signed_on }}"),
    )
    name.alignment = date.alignment = ALIGN.RIGHT
    # Of a name of two lines both stand in the middle.
    name._p.get_or_add_pPr().get_or_add_jc().set(qn("w:val"), "{{ name_side }}")
    set_indent(name, right="{{ name_right }}")
    set_indent(date, right="{{ date_right }}")
    for paragraph in (last, *blanks, name, date):
        paragraph.paragraph_format.keep_with_next = True
    last.paragraph_format.keep_together = True
    date.paragraph_format.space_after = TEXT_LINE_HEIGHT


def add_copy_line(document: DocumentObject) -> None:
    """Add the units in copy, in a frame at the foot of the last page's text area."""
    append_paragraph(document, "{%p if copy_line %}")
    paragraph = document.add_paragraph()
    add_text_run(paragraph, "抄送：{{ copy_line }}", None, SMALL_SIZE)
    set_indent(
        paragraph,
        left=str(SMALL_SIZE.twips * 4),
        right=str(SMALL_SIZE.twips),
        hanging=str(SMALL_SIZE.twips * 3),
    )
    frame = OxmlElement("w:framePr")
    for key, value in {
        "w": str(Mm(156).twips),
        "hSpace": "0",
        "wrap": "notBeside",
        "vAnchor": "margin",
        "hAnchor": "margin",
        "xAlign": "left",
        "yAlign": "bottom",
    }.items():
        frame.set(qn(f"w:{key}"), value)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        frame, "w:widowControl", "w:pBdr", "w:spacing", "w:ind", "w:jc"
    )
    append_paragraph(document, "{%p endif %}")


def append_paragraph(document: DocumentObject, content: str) -> Paragraph:
    return document.add_paragraph(content)


def append_blank_lines(document: DocumentObject, lines: int) -> list[Paragraph]:
    return [document.add_paragraph() for _ in range(lines)]


def draw_double_rule(paragraph: Paragraph, *, above: int, below: int, before: Length) -> None:
    """Draw a red double rule 170 mm wide, centred on the page: the borders of a line of 1.2 pt."""
    set_line_height(paragraph, Pt(BETWEEN / 20))
    paragraph.paragraph_format.space_before = before
    paragraph.paragraph_format.left_indent = Mm(20 - 28)
    paragraph.paragraph_format.right_indent = Mm(20 - 26)
    borders = OxmlElement("w:pBdr")
    for side, thickness in (("top", above), ("bottom", below)):
        border = append_child(borders, f"w:{side}")
        border.set(qn("w:val"), "single")
        border.set(qn("w:sz"), str(thickness))
        border.set(qn("w:space"), "0")
        border.set(qn("w:color"), RED)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")

"""The letter format of GB/T 9704-2012, §10.1, as a DOCX template: the format, and places for texts.

22 lines of 28 characters come from an exact line height and narrowed characters: word processors
disagree about grids of characters. Lengths are in twips where python-docx knows no name.
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
from shared.paper.fonts import Faces

CLOSE = Pt(14)  # 3号汉字高度的7/8
NUMBER_LINE = Pt(20)  # lower than others, else the number stands a line under the rule
BELOW = Pt(4)  # what a line has under its characters
DASH_BELOW = Pt(5)  # how deep in its line the dash of a page number stands
ABOVE_INK = Pt(1.8)  # blank above the office's name in its line
THICK, THIN, BETWEEN = 20, 6, 24  # eighths of a point; twips


def template(faces: Faces) -> bytes:
    """The template's bytes; docxtpl fills the names in braces."""
    document = Document()
    normal(document, faces)
    section = document.sections[0]
    page(document, section)
    head(section, faces)
    feet(section, faces)
    text(document, faces)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def page(document: DocumentObject, section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(30) - ABOVE_INK, Mm(20)
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)


def head(section: Section, faces: Faces) -> None:
    """The office's name and the upper rule on the first page; nothing above the others."""
    first = section.first_page_header
    name = first.paragraphs[0]
    name.alignment = ALIGN.CENTER
    exactly(name, TITLE_SIZE)
    printed = run(name, "{{ office }}", faces.office[0], TITLE_SIZE)
    printed.font.color.rgb = RGBColor.from_string(RED)
    # A long name is set smaller, so its size is the letter's.
    name._p.get_or_add_pPr().get_or_add_spacing().set(qn("w:line"), "{{ office_size * 20 }}")
    for size in printed._r.get_or_add_rPr().findall(qn("w:sz")):
        size.set(qn("w:val"), "{{ office_size * 2 }}")
    rule(first.add_paragraph(), above=THICK, below=THIN, before=Mm(4))
    for other in (section.header, section.even_page_header):
        other.is_linked_to_previous = False
        exactly(other.paragraphs[0], Pt(1))  # a full line would push the text down


def feet(section: Section, faces: Faces) -> None:
    """The lower rule on the first page; the page number on the others, at the outer side."""
    rule(section.first_page_footer.paragraphs[0], above=THIN, below=THICK, before=Pt(0))
    for footer, side in (
        (section.footer, ALIGN.RIGHT),
        (section.even_page_footer, ALIGN.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.left_indent = SMALL
        paragraph.paragraph_format.right_indent = SMALL
        # The feet share one distance, the first page's: 7 mm under the text area needs more.
        paragraph.paragraph_format.space_after = Mm(35 - 20 - 7) - SMALL + DASH_BELOW
        exactly(paragraph, SMALL)
        run(paragraph, "— ", faces.page_number[0], SMALL)
        field(run(paragraph, "", faces.page_number[0], SMALL), "PAGE")
        run(paragraph, " —", faces.page_number[0], SMALL)


def text(document: DocumentObject, faces: Faces) -> None:
    number = add(document, "{{ number }}")
    number.alignment = ALIGN.RIGHT
    number.paragraph_format.space_before = CLOSE
    number.paragraph_format.space_after = LINE - NUMBER_LINE - BELOW
    exactly(number, NUMBER_LINE)
    blank(document, 2)
    heading = document.add_paragraph()
    heading.alignment = ALIGN.CENTER
    loop = "{% for line in title_lines %}{{ line }}{% if not loop.last %}"
    run(heading, loop, faces.title[0], TITLE_SIZE)
    printed = run(heading, "", faces.title[0], TITLE_SIZE)
    printed.add_break()
    run(heading, "{% endif %}{% endfor %}", faces.title[0], TITLE_SIZE)
    exactly(heading, Pt(35))
    blank(document, 1)
    add(document, "{{ addressee }}")
    add(document, "{%p for paragraph in body %}")
    indented(add(document, "{{ paragraph }}"))
    add(document, "{%p endfor %}")
    signature(document)
    add(document, "{%p for note in footnotes %}")
    indented(add(document, "{{ note }}"))
    add(document, "{%p endfor %}")
    copies(document)


def signature(document: DocumentObject) -> None:
    """The last paragraph, room for the seal, name and date: one page holds them and the copies."""
    last = indented(add(document, "{{ last }}"))
    blanks = blank(document, 2)
    name, date = add(document, "{{ signed_by }}"), add(document, "{{ signed_on }}")
    name.alignment = date.alignment = ALIGN.RIGHT
    # Of a name of two lines both stand in the middle.
    name._p.get_or_add_pPr().get_or_add_jc().set(qn("w:val"), "{{ name_side }}")
    indent(name, right="{{ name_right }}")
    indent(date, right="{{ date_right }}")
    for paragraph in (last, *blanks, name, date):
        paragraph.paragraph_format.keep_with_next = True
    last.paragraph_format.keep_together = True
    date.paragraph_format.space_after = LINE


def copies(document: DocumentObject) -> None:
    """抄送: a frame at the foot of the last page's text area."""
    add(document, "{%p if copy_line %}")
    paragraph = document.add_paragraph()
    run(paragraph, "抄送：{{ copy_line }}", None, SMALL)
    indent(
        paragraph, left=str(SMALL.twips * 4), right=str(SMALL.twips), hanging=str(SMALL.twips * 3)
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
    add(document, "{%p endif %}")


def add(document: DocumentObject, content: str) -> Paragraph:
    return document.add_paragraph(content)


def blank(document: DocumentObject, lines: int) -> list[Paragraph]:
    return [document.add_paragraph() for _ in range(lines)]


def indented(paragraph: Paragraph) -> Paragraph:
    """The first line two characters in, both sides flush."""
    paragraph.alignment = ALIGN.JUSTIFY
    indent(paragraph, firstLineChars="200", firstLine=str(round(2 * CHARACTER)))
    return paragraph


def rule(paragraph: Paragraph, *, above: int, below: int, before: Length) -> None:
    """A red double rule 170 mm wide, centred on the page: the borders of a line of 1.2 pt."""
    exactly(paragraph, Pt(BETWEEN / 20))
    paragraph.paragraph_format.space_before = before
    paragraph.paragraph_format.left_indent = Mm(20 - 28)
    paragraph.paragraph_format.right_indent = Mm(20 - 26)
    borders = OxmlElement("w:pBdr")
    for side, thickness in (("top", above), ("bottom", below)):
        border = child(borders, f"w:{side}")
        border.set(qn("w:val"), "single")
        border.set(qn("w:sz"), str(thickness))
        border.set(qn("w:space"), "0")
        border.set(qn("w:color"), RED)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")

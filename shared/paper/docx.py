"""Parts of a DOCX in the format of GB/T 9704-2012: sizes, the body's style, runs, fields.

22 lines of 28 characters come from an exact line height and narrowed characters: word processors
disagree about grids of characters. Lengths are in twips where python-docx knows no name.
"""

from typing import Any

from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from shared.paper.fonts import FontFamilies

BODY_SIZE, TITLE_SIZE, SMALL_SIZE = Pt(16), Pt(22), Pt(14)  # 3号, 2号, 4号
TEXT_LINE_HEIGHT = Pt(28.95)  # 225 mm / 22
CHARACTER_WIDTH = 315.85  # twips: 156 mm / 28
CHARACTER_SPACING = -5  # twips, so that 28 characters of 16 pt fit
RED = "FF0000"


def set_body_style(document: DocumentObject, faces: FontFamilies) -> None:
    style = document.styles["Normal"]
    style.font.size = BODY_SIZE
    style.font.name = faces.body[0]
    fonts = style.element.rPr.rFonts
    fonts.set(qn("w:eastAsia"), faces.body[0])
    append_child(style.element.rPr, "w:spacing").set(qn("w:val"), str(CHARACTER_SPACING))
    language = append_child(style.element.rPr, "w:lang")
    language.set(qn("w:val"), "en-US")  # as Chinese, LibreOffice breaks figures: 2|022年
    language.set(qn("w:eastAsia"), "zh-CN")
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = TEXT_LINE_HEIGHT
    for space in ("w:autoSpaceDE", "w:autoSpaceDN"):  # between Chinese and letters or digits
        none = OxmlElement(space)
        none.set(qn("w:val"), "0")
        style.element.get_or_add_pPr().insert_element_before(none, "w:spacing")


def set_indent(paragraph: Paragraph, **lengths: str) -> None:
    """Indents in twips (in hundredths of characters for `…Chars`), or names of the template."""
    element = paragraph._p.get_or_add_pPr().get_or_add_ind()
    for key, value in lengths.items():
        element.set(qn(f"w:{key}"), value)


def set_line_height(paragraph: Paragraph, height: Length) -> None:
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = height


def add_text_run(paragraph: Paragraph, content: str, family: str | None, size: Length) -> Run:
    """Text of another size or family than the body's."""
    made = paragraph.add_run(content)
    made.font.size = size
    if family:
        made.font.name = family
        made._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), family)
    return made


def add_field_code(run: Run, code: str) -> None:
    for kind in ("begin", "code", "end"):
        if kind == "code":
            append_child(run._r, "w:instrText").text = code
        else:
            append_child(run._r, "w:fldChar").set(qn("w:fldCharType"), kind)


def append_child(parent: Any, tag: str) -> Any:
    made = parent.makeelement(qn(tag))
    parent.append(made)
    return made


def indent_paragraph(paragraph: Paragraph) -> Paragraph:
    """Indent the first line by two characters and justify both sides."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    set_indent(paragraph, firstLineChars="200", firstLine=str(round(2 * CHARACTER_WIDTH)))
    return paragraph

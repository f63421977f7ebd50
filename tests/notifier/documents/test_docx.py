"""Letters as DOCX, opened again: texts, page and paragraph format."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from services.notifier.documents.docx import render_docx, right_offsets
from shared.paper.fonts import default_fonts
from tests.notifier.documents.letters import OFFICE, letter

FONTS = default_fonts()
MILLIMETRE = Mm(1)


def opened(made: bytes) -> DocumentObject:
    return Document(BytesIO(made))


@pytest.fixture(scope="module")
def document() -> DocumentObject:
    return opened(render_docx(letter(), FONTS))


def paragraph(document: DocumentObject, start: str) -> Paragraph:
    (found,) = [each for each in document.paragraphs if each.text.startswith(start)]
    return found


def test_the_texts_stand_in_the_order_of_the_format(document: DocumentObject) -> None:
    assert [each.text for each in document.paragraphs if each.text] == [
        "岚重办督〔2022〕3号",
        "关于普明镇高标准农田建设项目\n投资进度滞后的督办函",
        "普明镇人民政府：",
        "你单位负责的普明镇高标准农田建设项目进度滞后。",
        "请于2022年9月8日前报送。",
        OFFICE,
        "2022年9月5日",
        "抄送：县委常委、常务副县长，县纪委监委。",
    ]


def test_the_page_is_that_of_the_standard(document: DocumentObject) -> None:
    (section,) = document.sections
    lengths = {
        "page_width": 210,
        "page_height": 297,
        "top_margin": 37,
        "bottom_margin": 35,
        "left_margin": 28,
        "right_margin": 26,
        "footer_distance": 20,
    }
    for name, length in lengths.items():
        assert getattr(section, name) == pytest.approx(Mm(length), abs=MILLIMETRE // 10)
    assert section.different_first_page_header_footer


def test_22_lines_of_28_characters_fill_the_area(document: DocumentObject) -> None:
    style = document.styles["Normal"]
    pitch = style.paragraph_format.line_spacing
    assert isinstance(pitch, int)
    assert Mm(225) - pitch // 10 < 22 * pitch <= Mm(225)
    narrower = int(style.element.rPr.find(qn("w:spacing")).get(qn("w:val")))
    assert style.font.size == Pt(16)
    assert 27.9 < Mm(156).pt / (16 + narrower / 20) < 29
    assert 28 * (16 + narrower / 20) <= Mm(156).pt


def test_the_head_is_the_offices_name_in_red_over_a_double_rule(document: DocumentObject) -> None:
    name, rule = document.sections[0].first_page_header.paragraphs
    (run,) = name.runs
    assert (name.text, name.alignment) == (OFFICE, ALIGN.CENTER)
    assert str(run.font.color.rgb) == "FF0000"
    assert run.font.size == Pt(442 // len(OFFICE))
    assert rule.paragraph_format.space_before == pytest.approx(Mm(4), abs=MILLIMETRE // 10)
    assert borders(rule) == [("top", 20), ("bottom", 6)]
    assert width(rule) == pytest.approx(Mm(170), abs=MILLIMETRE // 10)


def test_the_first_pages_foot_is_a_double_rule_and_no_number(document: DocumentObject) -> None:
    (rule,) = document.sections[0].first_page_footer.paragraphs
    assert rule.text == ""
    assert borders(rule) == [("top", 6), ("bottom", 20)]
    assert width(rule) == pytest.approx(Mm(170), abs=MILLIMETRE // 10)


def borders(paragraph: Paragraph) -> list[tuple[str, int]]:
    """Sides and thickness in eighths of a point."""
    found = paragraph._p.get_or_add_pPr().find(qn("w:pBdr"))
    assert {border.get(qn("w:color")) for border in found} == {"FF0000"}
    return [(border.tag.split("}")[1], int(border.get(qn("w:sz")))) for border in found]


def width(paragraph: Paragraph) -> int:
    form = paragraph.paragraph_format
    return Mm(156) - (form.left_indent or 0) - (form.right_indent or 0)


def test_other_pages_have_their_number_at_the_outer_side(document: DocumentObject) -> None:
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
        (row,) = footer.paragraphs
        assert row.alignment == side
        assert [text.text for text in row._p.iter(qn("w:instrText"))] == ["PAGE"]


def test_paragraphs_are_indented_and_the_signature_keeps_with_the_text(
    document: DocumentObject,
) -> None:
    body = paragraph(document, "你单位")
    assert body._p.get_or_add_pPr().get_or_add_ind().get(qn("w:firstLineChars")) == "200"
    assert body.paragraph_format.first_line_indent == pytest.approx(Pt(31.6), abs=Pt(0.2))
    for start in ("请于", OFFICE, "2022年9月5日"):
        assert paragraph(document, start).paragraph_format.keep_with_next


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("县重点办", (5.3, 4.0)),
        (OFFICE, (0.0, 4.2)),
        ("岚" * 40, (0.0, 10.7)),
    ],
)
def test_the_name_is_centred_over_the_date(name: str, ends: tuple[float, float]) -> None:
    assert right_offsets(name, "2022年9月5日") == pytest.approx(ends, abs=0.15)
    made = opened(render_docx(letter(signed_by=name), FONTS))
    wide = len(name) > 28
    assert paragraph(made, name).alignment == (ALIGN.CENTER if wide else ALIGN.RIGHT)


@pytest.mark.parametrize("text", ["<w:p/>", "{{ office }}", "{% raw %}", "a & b", "#$*_\\@", "]]>"])
def test_every_text_stands_as_it_is_written(text: str) -> None:
    made = opened(render_docx(letter(office=text, title=text, body=(text, text)), FONTS))
    texts = [each.text for each in made.paragraphs]
    assert texts.count(text) == 3
    assert made.sections[0].first_page_header.paragraphs[0].text == text


def test_nothing_is_left_of_the_template() -> None:
    bare = render_docx(letter(number=None, copies=()), FONTS)
    with ZipFile(BytesIO(bare)) as parts:
        for name in parts.namelist():
            assert not re.search(rb"\{[{%]|[%}]\}", parts.read(name)), name
    assert not any("抄送" in each.text for each in opened(bare).paragraphs)


def test_the_file_names_the_official_fonts_and_its_office() -> None:
    made = opened(render_docx(letter(), FONTS))
    assert made.styles["Normal"].font.name == "仿宋"
    assert made.core_properties.author == OFFICE
    assert made.core_properties.title == letter().title
    assert made.core_properties.created is not None
    assert made.core_properties.created.date() == letter().signed_on


def test_the_same_letter_is_the_same_file() -> None:
    first = render_docx(letter(), FONTS)
    render_docx(letter(title="另一件"), FONTS)
    assert render_docx(letter(), FONTS) == first

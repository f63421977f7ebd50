"""A bulletin on paper: A4, within the margins, the same file again, no glyph lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from services.scoring.documents.bulletin import (
    Bulletin,
    Table,
    TableBuilder,
    chinese_numeral,
    figure_columns,
    text_columns,
)
from services.scoring.documents.column_widths import FONT_SIZES, lay_out_columns, lay_out_tables
from services.scoring.documents.composition.assembly import compose_bulletin as whole
from services.scoring.documents.docx import render_docx
from services.scoring.documents.pdf import render_pdf
from services.scoring.documents.xlsx import free_sheet_name, parse_number, render_xlsx
from shared.paper.fonts import default_fonts
from shared.paper.press import MissingGlyph
from tests.scoring.documents.bulletins import (
    LONG,
    bulletin_input,
    county,
    of_units,
    sample_bulletin,
    sixty_units,
    without_projects,
)
from tests.scoring.documents.printed_tables import pages_of, tables_of
from tests.shared.paper.measurements import Page, pages

FONTS = default_fonts()
PORTRAIT, LANDSCAPE = (210.0, 297.0), (297.0, 210.0)
FOOT = 30.0  # mm at the bottom of a page, where its number stands


def one_unit() -> Bulletin:
    return whole(bulletin_input(of_units(county(), {"U07"})))


def no_project() -> Bulletin:
    return whole(bulletin_input(without_projects(of_units(county(), {"U07"})), before=None))


MADE: dict[str, Callable[[], Bulletin]] = {
    "county": sample_bulletin,
    "sixty units": lambda: whole(sixty_units()),
    "one unit": one_unit,
    "no project": no_project,
}


@pytest.mark.parametrize("name", MADE)
def test_pages_are_a4_and_nothing_leaves_the_margins(name: str) -> None:
    made = pages(render_pdf(MADE[name](), FONTS))
    assert {size_of(page) for page in made} == {PORTRAIT, LANDSCAPE}
    assert size_of(made[0]) == PORTRAIT
    for number, page in enumerate(made, start=1):
        left, right, top, bottom = area_of(page)
        *lines, foot = page.lines
        assert foot.text == f"—{number}—"
        assert foot.ink.top > bottom
        for line in lines:
            assert line.ink.left > left - 0.5, line.text
            assert line.ink.right < right + 2.8, line.text  # a stop may hang half a character
            assert top - 0.5 < line.ink.top
            assert line.ink.bottom < bottom + 0.5, line.text


def size_of(page: Page) -> tuple[float, float]:
    return round(page.width, 0), round(page.height, 0)


def area_of(page: Page) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of the text area in mm."""
    if page.width > page.height:
        return 25, 297 - 25, 26, 210 - 26
    return 28, 210 - 26, 37, 297 - 35


def test_characters_of_a_line_do_not_run_into_each_other() -> None:
    for page in pages(render_pdf(whole(sixty_units()), FONTS))[:6]:
        for line in page.lines:
            for one, other in zip(line.characters, line.characters[1:], strict=False):
                assert other.body.left > one.body.left + 0.2, line.text


@pytest.mark.parametrize("name", ["county", "no project"])
def test_the_same_bulletin_is_the_same_file(name: str) -> None:
    for render in (render_pdf, render_docx):
        first = render(MADE[name](), FONTS)
        render(one_unit(), FONTS)
        assert render(MADE[name](), FONTS) == first
    assert render_xlsx(MADE[name]()) == render_xlsx(MADE[name]())


def test_the_pdf_is_fit_for_archives_and_dated_on_the_day_of_signing() -> None:
    made = render_pdf(replace(sample_bulletin(), signed_on=date(2022, 12, 28)), FONTS)
    assert b"<xmp:CreateDate>2022-12-28T04:00:00+00:00<" in made
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U<" in made
    assert "2022年12月28日" in "".join(pages_of(made))


@pytest.mark.parametrize("character", ["𠮷", "😀", "\ue000"])
def test_a_character_that_no_font_has_is_an_error(character: str) -> None:
    given = sample_bulletin()
    table = tables_of(given)[0]
    row = (table.rows[0][0], table.rows[0][1]._replace(text=f"{character}镇"), *table.rows[0][2:])
    part = replace(given.parts[0], tables=(replace(table, rows=(row,)),))
    with pytest.raises(MissingGlyph) as caught:
        render_pdf(replace(given, parts=(part,)), FONTS)
    assert caught.value.extra == {"characters": character}


def test_texts_are_no_markup() -> None:
    markup = '#panic("!") $x^2$ *粗* <标签> {{office}} &amp;'
    made = replace(one_unit(), note=markup, opening=(markup,))
    printed = "".join(pages_of(render_pdf(made, FONTS)))
    assert printed.count(markup.replace(" ", "")) == 2


def test_parts_and_annexes_are_numbered() -> None:
    text = "".join(pages_of(render_pdf(sample_bulletin(), FONTS)))
    for number, part in enumerate(sample_bulletin().parts, start=1):
        assert f"{chinese_numeral(number)}、{part.title}" in text
    for number, part in enumerate(sample_bulletin().annexes, start=1):
        assert f"{number}.{part.title}" in text
        assert f"附件{number}{part.title}" in text
    assert [chinese_numeral(n) for n in (1, 9, 10, 11, 20, 21)] == [
        "一",
        "九",
        "十",
        "十一",
        "二十",
        "二十一",
    ]


# --- widths


def table_with(*rows: tuple[str, ...], names: int = 1, numbers: int = 2) -> Table:
    columns = *text_columns(*["单位"] * names), *figure_columns(*["得分"] * numbers)
    made = TableBuilder(columns)
    for row in rows:
        made.add(*row)
    return made.build("", "表")


@pytest.mark.parametrize("name", ["某镇", LONG, LONG * 3])
def test_columns_fill_the_area_and_figures_stay_on_a_line(name: str) -> None:
    table = table_with((name, "1,234,567.89", "100.00%"))
    layout = lay_out_columns(table.columns, table.rows, 442)
    assert sum(layout.widths) == pytest.approx(442)
    assert layout.size == FONT_SIZES[0]
    assert layout.widths[1] > 0.6 * 12 * layout.size
    assert layout.widths[2] > 0.6 * 7 * layout.size


def test_crowded_tables_are_set_smaller_until_they_fit() -> None:
    table = table_with((LONG, *["1,234,567.89"] * 12), numbers=12)
    layout = lay_out_columns(table.columns, table.rows, 700)
    assert sum(layout.widths) == pytest.approx(700)
    assert layout.size < FONT_SIZES[-2]


def test_tables_of_the_same_columns_are_laid_out_alike() -> None:
    short, long = table_with(("某镇", "1", "2")), table_with((LONG, "1,000.00", "2"))
    one, other = lay_out_tables([short, long], 442)
    assert one == other
    assert lay_out_tables([short], 442)[0] != one


# --- the workbook's own


@pytest.mark.parametrize(
    ("text", "value", "form"),
    [
        ("82.66", 82.66, "0.00"),
        ("1,573,800.00", 1573800.0, "#,##0.00"),
        ("90.57%", 0.9057, "0.00%"),
        ("-35.47", -35.47, "0.00"),
        ("+3", 3.0, "+0;-0;0"),
        ("0", 0.0, "0"),
    ],
)
def test_a_printed_figure_becomes_a_number_that_prints_alike(
    text: str, value: float, form: str
) -> None:
    assert parse_number(text) == (value, form)


@pytest.mark.parametrize("text", ["不适用", "—", "", "P001", "2022年", "1.2亿", "(1)"])
def test_words_are_no_numbers(text: str) -> None:
    assert parse_number(text) is None


def test_sheets_keep_their_heads_in_sight_and_print_on_a4() -> None:
    with ZipFile(BytesIO(render_xlsx(sample_bulletin()))) as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        sheets = [parts.read(name).decode() for name in names]
        book = parts.read("xl/workbook.xml").decode()
    assert len(sheets) == 1 + len({table.sheet for table in tables_of(sample_bulletin())})
    for sheet in sheets:
        assert 'paperSize="9"' in sheet
        assert 'fitToHeight="0"' in sheet
    for sheet in sheets[1:]:
        assert 'state="frozen"' in sheet
        assert "<autoFilter " in sheet
    assert book.count("_xlnm.Print_Titles") == len(sheets) - 1


def test_sheets_have_names_that_excel_takes() -> None:
    taken = {"加分"}
    assert free_sheet_name("加分", taken) == "加分(2)"
    assert free_sheet_name("a/b:c[d]*?", taken) == "a b c d"
    assert len(free_sheet_name("长" * 40, taken)) == 31
    assert free_sheet_name("长" * 40, {"长" * 31}) == "长" * 28 + "(2)"

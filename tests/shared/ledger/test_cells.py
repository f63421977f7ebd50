"""What one cell means, kind by kind."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.facts.columns import Column
from shared.facts.tables import FACT_COLUMNS
from shared.ledger.cells import build_cell_reader, convert_plain_cells
from shared.ledger.findings import FINDING_ERRORS, FINDING_WARNINGS, build_finding
from shared.ledger.sheets import Cell, ParsedCell


def column(table: str, name: str) -> Column:
    return next(c for c in FACT_COLUMNS[table] if c.name == name)


DAY = build_cell_reader(column("progress", "as_of"))
YUAN = build_cell_reader(column("funds", "amount_yuan"))
IN_10_000 = build_cell_reader(column("funds", "amount_yuan"), 10_000)
IN_100_000_000 = build_cell_reader(column("funds", "amount_yuan"), 100_000_000)
YEAR = build_cell_reader(column("plans", "year"))
PERCENT = build_cell_reader(column("progress", "physical_pct"))
FLAG = build_cell_reader(column("pauses", "approved"))
NATURE = build_cell_reader(column("projects", "nature"))
PERMIT = build_cell_reader(column("permits", "kind"))
LEVELS = build_cell_reader(column("projects", "key_levels"))
PROGRAMS = build_cell_reader(column("projects", "programs"))
PROJECT_ID = build_cell_reader(column("projects", "project_id"))
NAME = build_cell_reader(column("projects", "name"))
AUTHORITY = build_cell_reader(column("permits", "authority_unit_id"))


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        ("5000000", 5_000_000),
        (5_000_000.0, 5_000_000),
        ("0", 0),
        ("1,234,567", 1_234_567),
        ("1，234，567", 1_234_567),
        ("１２００", 1_200),
        ("¥300", 300),
        ("￥ 300 元", 300),
        ("5000万元", 50_000_000),
        ("5000 万", 50_000_000),
        ("1.2亿元", 120_000_000),
        ("1.2亿", 120_000_000),
        ("3百万元", 3_000_000),
        ("12.00", 12),
        ("9,999,999,999,999", 9_999_999_999_999),
    ],
)
def test_an_amount_is_read_however_it_is_written(cell: Cell, yuan: int) -> None:
    assert YUAN(cell) == ParsedCell(yuan)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("12O0", "bad_money"),
        ("约5000", "bad_money"),
        ("1,23", "bad_money"),
        ("1,2345", "bad_money"),
        ("12 00", "bad_money"),
        ("1.2.3", "bad_money"),
        ("5000①", "bad_money"),
        (True, "bad_money"),
        (date(2022, 9, 15), "bad_money"),
        ("-5", "negative_money"),
        (-5.0, "negative_money"),
        ("10000000000000", "money_too_large"),
        ("10万亿元", "bad_money"),
        ("100000亿", "money_too_large"),
        (1e300, "money_too_large"),
        ("0.5", "not_whole_yuan"),
        ("1.23456万元", "not_whole_yuan"),
        (0.00001, "not_whole_yuan"),
    ],
)
def test_what_is_no_amount_in_whole_yuan_is_refused(cell: Cell, code: str) -> None:
    assert YUAN(cell) == ParsedCell(None, code)


def test_the_unit_of_the_header_counts_unless_the_cell_has_its_own() -> None:
    assert IN_10_000("1,234.5678").value == 12_345_678
    assert IN_10_000("1.2亿元").value == 120_000_000
    assert IN_10_000("300元").value == 300


def test_numbers_of_a_workbook_are_taken_as_excel_shows_them() -> None:
    assert IN_100_000_000(0.1 + 0.2) == ParsedCell(30_000_000)
    assert IN_100_000_000(1.1 * 3) == ParsedCell(330_000_000)


@given(st.integers(0, 10**13 - 1))
def test_amounts_survive_any_unit_exactly(yuan: int) -> None:
    for read, factor in ((IN_10_000, 4), (IN_100_000_000, 8)):
        whole, part = divmod(yuan, 10**factor)
        assert read(f"{whole}.{part:0{factor}}") == ParsedCell(yuan)
        assert read(yuan / 10**factor) == ParsedCell(yuan)


@pytest.mark.parametrize("cell", ["2022", 2022, 2022.0, "2022年", "2022年度", "２０２２"])
def test_a_year_is_read_however_it_is_written(cell: Cell) -> None:
    assert YEAR(cell) == ParsedCell(2022)


@pytest.mark.parametrize("cell", ["22", 1949.0, 2200, 2022.5, "二〇二二", date(2022, 1, 1)])
def test_what_is_no_year_is_refused(cell: Cell) -> None:
    assert YEAR(cell) == ParsedCell(None, "bad_year")


@pytest.mark.parametrize(
    ("cell", "percent", "code"),
    [
        ("55", "55", None),
        ("55%", "55", None),
        ("５５．５％", "55.5", None),
        (55.5, "55.5", None),
        ("0.55", "0.55", None),
        (0.0, "0", None),
        (0.55, "0.55", "percent_fraction"),
        (1.0, "1", "percent_fraction"),
        ("33.333333", "33.3333", "percent_rounded"),
        ("107", "107", "percent_over_100"),
    ],
)
def test_a_percentage_is_read_and_doubts_are_said(
    cell: Cell, percent: str, code: str | None
) -> None:
    read = PERCENT(cell)
    assert (read.value, read.code) == (Decimal(percent), code)


@pytest.mark.parametrize("cell", ["-1", "1000", "一半", "5,5", True])
def test_what_is_no_percentage_is_refused(cell: Cell) -> None:
    assert PERCENT(cell) == ParsedCell(None, "bad_percent")


@pytest.mark.parametrize("cell", ["true", "TRUE", "是", "1", "Yes", "y", "√", True, 1.0, " 是 "])
def test_yes_is_read_however_it_is_written(cell: Cell) -> None:
    assert FLAG(cell) == ParsedCell(True)


@pytest.mark.parametrize("cell", ["false", "False", "否", "0", "NO", "n", "×", False, 0.0])
def test_no_is_read_however_it_is_written(cell: Cell) -> None:
    assert FLAG(cell) == ParsedCell(False)


@pytest.mark.parametrize("cell", ["2", "对", "是否", date(2022, 9, 15)])
def test_what_is_neither_yes_nor_no_is_refused(cell: Cell) -> None:
    assert FLAG(cell) == ParsedCell(None, "bad_flag")


@pytest.mark.parametrize("cell", ["new", "NEW", "新建", " 新 建 "])
def test_a_word_is_read_in_chinese_or_as_on_the_wire(cell: Cell) -> None:
    assert NATURE(cell) == ParsedCell("new")


def test_a_closed_vocabulary_says_what_it_expects() -> None:
    assert NATURE("改建") == ParsedCell(None, "bad_word", {"words": "新建、续建、前期、储备"})


def test_an_open_vocabulary_keeps_other_words_as_they_are_written() -> None:
    assert PERMIT("环评") == ParsedCell("eia")
    assert PERMIT(" 林业（审批） ") == ParsedCell("林业（审批）")


def test_lists_are_split_at_every_usual_sign_and_name_each_word_once() -> None:
    assert LEVELS("省级;市级；县级") == ParsedCell(("province", "city", "county"))
    assert LEVELS("省级、省、province,,市，") == ParsedCell(("province", "city"))
    assert LEVELS("省级;国家级").code == "bad_word"
    assert PROGRAMS("三个一批；能源革命") == ParsedCell(("three_batches", "能源革命"))


@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000", "\xa0", "\ufeff"])
def test_blank_is_unknown_and_a_blank_list_has_no_words(cell: Cell) -> None:
    assert DAY(cell) == YUAN(cell) == NAME(cell) == FLAG(cell) == ParsedCell(None)
    assert LEVELS(cell) == ParsedCell(())


@pytest.mark.parametrize("cell", ["-", "—", "——", "/", "／", "无", "待定", "N/A"])
def test_signs_for_nothing_are_blank_with_a_warning_except_in_text(cell: str) -> None:
    assert DAY(cell) == YUAN(cell) == AUTHORITY(cell) == ParsedCell(None, "read_as_blank")
    assert LEVELS(cell) == ParsedCell((), "read_as_blank")
    assert NAME(cell) == ParsedCell(cell)


def test_text_loses_the_spaces_around_it_and_nothing_else() -> None:
    assert NAME("\u3000沙棘 深加工（一期）\xa0") == ParsedCell("沙棘 深加工（一期）")
    assert PROJECT_ID(" Ｐ００１ ") == ParsedCell("P001")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.0, "12"),
        (12.5, "12.5"),
        (141127, "141127"),
        (True, "TRUE"),
        (date(2022, 9, 15), "2022-09-15"),
    ],
)
def test_other_cells_in_a_text_column_are_what_the_person_sees(cell: Cell, text: str) -> None:
    assert NAME(cell) == ParsedCell(text)


def test_a_number_that_excel_has_cut_off_is_not_taken_for_a_code() -> None:
    assert PROJECT_ID(91110000600037341.0) == ParsedCell(None, "precision_lost")


def test_a_text_that_no_workbook_can_hold_is_refused() -> None:
    assert NAME("长" * 32_767).code is None
    assert NAME("长" * 32_768).code == "text_too_long"


@pytest.mark.parametrize("cell", ["#REF!", "#DIV/0!", "#N/A", " #VALUE! "])
def test_a_formula_without_a_result_is_an_error_and_not_blank(cell: str) -> None:
    assert (
        DAY(cell) == YUAN(cell) == NAME(cell) == LEVELS(cell) == ParsedCell(None, "formula_error")
    )


@given(
    st.one_of(st.none(), st.text(), st.floats(allow_nan=False, allow_infinity=False), st.integers())
)
def test_no_cell_breaks_a_reader_and_every_error_is_in_the_catalogue(cell: Cell) -> None:
    for columns in FACT_COLUMNS.values():
        for each in columns:
            value, code, details = build_cell_reader(each, 10_000)(cell)
            if code:
                assert build_finding(code, "units", None, None, None, **details).expected
            assert code not in FINDING_ERRORS or value is None


@given(
    st.sets(
        st.text()
        | st.from_regex("[A-Za-z0-9_-]+")
        | st.sampled_from(["none", "NULL", "-", "P-1", "TRUE"])
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.integers(-1, 10**14).map(float)
        | st.dates()
    ),
    st.sampled_from([1, 10_000, 100_000_000]),
)
def test_cells_that_need_no_care_are_what_a_reader_makes_of_them(
    cells: set[Cell], factor: int
) -> None:
    for columns in FACT_COLUMNS.values():
        for each in columns:
            read = build_cell_reader(each, factor)
            for cell, value in convert_plain_cells(each, factor, cells).items():
                assert read(cell) == ParsedCell(value)


def test_most_cells_of_a_workbook_need_no_care() -> None:
    amount, key = column("funds", "amount_yuan"), column("progress", "project_id")
    assert convert_plain_cells(amount, 10_000, [0.0, 1200.0, 0.5, 1e9, "1200", None]) == {
        0.0: 0,
        1200.0: 12e6,
    }
    assert convert_plain_cells(key, 1, ["P-001", "none", "-", "项目", 7.0, None]) == {
        "P-001": "P-001"
    }


def test_no_code_is_both_an_error_and_a_warning() -> None:
    assert not FINDING_ERRORS.keys() & FINDING_WARNINGS.keys()

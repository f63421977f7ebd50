"""The UK portfolio as published: what is dirty is told, and the variances are recomputed."""

import csv
import io
from collections import Counter

import pytest

from services.cli.showcase.publications.gmpp_portfolio import (
    DATA_FOLDER,
    NOTE_TEXTS,
    parse_portfolio,
    read_portfolio,
)
from services.cli.showcase.publications.gmpp_variances import VarianceVerdict, compute_variances

PORTFOLIO = read_portfolio()
CLEAN = {
    "report_year": "2021",
    "project_name": "Crossing",
    "department": "DFT",
    "category": "ICT",
    "start_date_iso": "2020-02-29",
    "start_date_raw": "2020-02-29",
    "end_date_iso": "2025-03-31",
    "end_date_raw": "2025-03-31",
    "fy_baseline_gbp_m": "40.27",
    "fy_forecast_gbp_m": "37.4",
    "fy_variance_pct_published": "-7.0",
    "whole_life_cost_baseline_gbp_m": "12343.96",
}


def published() -> list[dict[str, str]]:
    text = (DATA_FOLDER / "uk_gmpp_2019_2021.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def dirty(**cells: str) -> list[tuple[str, str, str]]:
    return [(n.column, n.kind, n.value) for n in parse_portfolio([CLEAN | cells]).notes]


# --- what is dirty is told


def test_a_clean_row_has_no_notes() -> None:
    assert dirty() == []


@pytest.mark.parametrize(
    ("cells", "column", "kind"),
    [
        ({"project_name": " "}, "project_name", "name_missing"),
        ({"project_name": "The  Crossing"}, "project_name", "name_spaces"),
        ({"department": ""}, "department", "department_missing"),
        ({"department": "DfT"}, "department", "department_spelling"),
        ({"category": ""}, "category", "category_missing"),
        ({"start_date_iso": "", "start_date_raw": ""}, "start_date_raw", "date_missing"),
        ({"start_date_iso": "", "start_date_raw": "Exempt"}, "start_date_raw", "date_withheld"),
        ({"start_date_raw": "28.02.20"}, "start_date_raw", "date_differs"),
        ({"start_date_iso": "2026-01-01", "start_date_raw": "01/01/2026"}, "end_date_raw",
         "end_before_start"),
        ({"end_date_iso": "2020-12-31", "end_date_raw": "31.12.20"}, "end_date_raw",
         "ended_earlier"),
        ({"fy_forecast_gbp_m": ""}, "fy_forecast_gbp_m", "amount_missing"),
        ({"fy_forecast_gbp_m": "0.0000005"}, "fy_forecast_gbp_m", "amount_fraction"),
        ({"fy_forecast_gbp_m": "-3"}, "fy_forecast_gbp_m", "amount_unreadable"),
        ({"whole_life_cost_baseline_gbp_m": "0.0"}, "whole_life_cost_baseline_gbp_m",
         "whole_life_zero"),
    ],
)  # fmt: skip
def test_a_dirty_cell_is_told_with_what_it_says(
    cells: dict[str, str], column: str, kind: str
) -> None:
    assert dirty(**cells) == [(column, kind, (CLEAN | cells)[column])]


def test_a_name_repeated_within_a_year_is_told_and_both_rows_stay() -> None:
    found = parse_portfolio([CLEAN, CLEAN | {"project_name": "CROSSING"}])
    assert [(n.row, n.kind) for n in found.notes] == [(3, "name_repeated")]
    assert len(found.rows) == 2
    other_year = parse_portfolio([CLEAN, CLEAN | {"report_year": "2020"}])
    assert other_year.notes == ()


def test_the_published_file_is_this_dirty() -> None:
    assert Counter(note.kind for note in PORTFOLIO.notes) == {
        "name_missing": 2,
        "name_spaces": 9,
        "department_missing": 2,
        "department_spelling": 13,
        "category_missing": 2,
        "date_missing": 4,
        "date_withheld": 25,
        "ended_earlier": 35,
        "amount_missing": 117,
        "whole_life_zero": 8,
    }


def test_every_blank_cell_of_what_is_converted_has_a_note() -> None:
    without_notes = {"ipa_dca_rating", "sro_dca_rating", "start_date_iso", "end_date_iso"}
    without_notes |= {"fy_variance_pct_published", "fy_variance_pct_recomputed", "variance_check"}
    blank = {
        (row, column)
        for row, record in enumerate(published(), start=2)
        for column, cell in record.items()
        if not cell and column not in without_notes
    }
    assert blank == {(n.row, n.column) for n in PORTFOLIO.notes if not n.value}
    assert {n.kind for n in PORTFOLIO.notes} <= set(NOTE_TEXTS)


# --- the published variances


def test_published_variances_recomputed() -> None:
    found = compute_variances(PORTFOLIO)
    assert len(found) == 444
    assert Counter(v.verdict for v in found) == {
        VarianceVerdict.agrees: 391,
        VarianceVerdict.differs: 4,
        VarianceVerdict.unpublished: 1,
        VarianceVerdict.no_inputs: 34,
        VarianceVerdict.zero_baseline: 14,
    }


def test_of_the_four_that_differ_only_one_cannot_come_from_rounding() -> None:
    differing = [v for v in compute_variances(PORTFOLIO) if v.verdict is VarianceVerdict.differs]
    assert [(v.row, v.computed, v.published) for v in differing] == [
        (27, "-30", "-31"),
        (229, "40", "39"),
        (233, "17", "12"),
        (397, "-23", "-22"),
    ]
    assert ["四舍五入所致" in v.why for v in differing] == [True, True, False, True]
    assert "恰在两个整数正中" in differing[3].why
    assert differing[2].why == (
        "输入数四舍五入解释不了：真值只能在 17.467～17.472 之间；"
        "要得公布数，基线应为 456.41～460.52，"
        "或预测应为 487.37～491.75（百万英镑）；以预测为底算得 14.9，也不是"
    )


def test_the_files_own_cross_check_says_the_same_but_for_rounding() -> None:
    checks = [record["variance_check"] for record in published()]
    for variance, check in zip(compute_variances(PORTFOLIO), checks, strict=True):
        if variance.verdict is VarianceVerdict.agrees or "四舍五入所致" in variance.why:
            assert check == "match"
        else:
            assert check == ("differs" if variance.verdict is VarianceVerdict.differs else "")


@pytest.mark.parametrize(
    ("cells", "verdict", "why"),
    [
        ({}, VarianceVerdict.agrees, ""),
        ({"fy_variance_pct_published": ""}, VarianceVerdict.unpublished, "没有公布偏差率"),
        ({"fy_baseline_gbp_m": ""}, VarianceVerdict.no_inputs, "缺基线或预测，却公布了 -7 %"),
        (
            {"fy_baseline_gbp_m": "0.0"},
            VarianceVerdict.zero_baseline,
            "基线为 0，没有百分比可言，却公布了 -7 %",
        ),
    ],
)
def test_a_row_without_a_comparison_says_why(
    cells: dict[str, str], verdict: VarianceVerdict, why: str
) -> None:
    (found,) = compute_variances(parse_portfolio([CLEAN | cells]))
    assert (found.verdict, found.why) == (verdict, why)

"""The UK portfolio as ledgers: nothing is lost on the way, and what is read back is scored."""

import io
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from services.cli.showcase.publications.gmpp import (
    REPORT_YEARS,
    build_gmpp_preset,
    build_ledger,
    read_gmpp_scheme,
    round_trip_year,
    show_gmpp_report,
    whole_pounds,
    year_end,
)
from services.cli.showcase.publications.gmpp_portfolio import parse_portfolio, read_portfolio
from services.scoring.engine.figures import format_decimal
from services.scoring.execution.run import score_facts
from shared.facts.projects import Milestone, Plan, Progress, Project, Unit
from shared.facts.tables import Facts
from tests.cli.showcase.test_gmpp_portfolio import CLEAN, published

PORTFOLIO = read_portfolio()
LEDGERS = {year: build_ledger(PORTFOLIO, year) for year in REPORT_YEARS}


# --- every row becomes a project


def test_every_row_becomes_a_project_of_its_year() -> None:
    assert len(PORTFOLIO.rows) == len(published()) == 444
    assert {year: len(LEDGERS[year].rows(Project)) for year in REPORT_YEARS} == {
        2019: 133,
        2020: 127,
        2021: 184,
    }


@pytest.mark.parametrize("year", REPORT_YEARS)
def test_sum_of_plans_of_a_unit_is_the_sum_of_its_rows(year: int) -> None:
    unit_of = {project.project_id: project.unit_id for project in LEDGERS[year].rows(Project)}
    plans: Counter[str] = Counter()
    for plan in LEDGERS[year].rows(Plan):
        plans[unit_of[plan.project_id]] += plan.planned_yuan or 0
    rows: Counter[str] = Counter()
    for record in published():
        if record["report_year"] == str(year):
            millions = Decimal(record["fy_baseline_gbp_m"] or 0)
            rows[record["department"].upper() or "UNKNOWN"] += int(millions * 1_000_000)
    assert plans == rows


@pytest.mark.parametrize("year", REPORT_YEARS)
def test_what_is_withheld_stays_blank_and_is_never_zero(year: int) -> None:
    blank = [r for r in PORTFOLIO.of_year(year) if r.forecast is None]
    progress = LEDGERS[year].rows(Progress)
    assert sum(p.invested_ytd_yuan is None for p in progress) == len(blank) > 0
    assert {p.note for p in progress if p.invested_ytd_yuan is not None} == {
        "预测数，非完成数；金额单位为英镑"
    }


def test_departments_differing_in_case_are_one_unit_and_a_joint_one_stays_its_own() -> None:
    units = {year: {unit.unit_id for unit in LEDGERS[year].rows(Unit)} for year in REPORT_YEARS}
    assert len(set().union(*units.values())) == 22
    assert all(unit == unit.upper() for of_year in units.values() for unit in of_year)
    assert "DEFRA & DFT" in units[2021]
    assert "UNKNOWN" in units[2020]


# --- how a row is read


def one(**cells: str) -> Facts:
    return build_ledger(parse_portfolio([CLEAN | cells]), 2021)


@pytest.mark.parametrize(
    ("starts", "nature", "actual"),
    [
        ("2020-12-31", "continuing", date(2020, 12, 31)),
        ("2021-01-01", "new", date(2021, 1, 1)),
        ("2021-12-31", "new", date(2021, 12, 31)),
        ("2022-01-01", "new", None),
    ],
)
def test_a_start_is_actual_once_it_has_come(starts: str, nature: str, actual: date | None) -> None:
    facts = one(start_date_iso=starts, start_date_raw=starts)
    started = next(m for m in facts.rows(Milestone) if m.kind == "started")
    assert facts.rows(Project)[0].nature == nature
    assert started.planned_on == date.fromisoformat(starts)
    assert started.actual_on == actual


def test_an_unpublished_start_leaves_the_project_continuing_and_without_a_milestone() -> None:
    facts = one(start_date_iso="", start_date_raw="Exempt under Section 26")
    assert facts.rows(Project)[0].nature == "continuing"
    assert [m.kind for m in facts.rows(Milestone)] == ["completed"]


@given(st.integers(min_value=0, max_value=10**12))
def test_million_pounds_become_pounds_exactly(pounds: int) -> None:
    assert whole_pounds(Decimal(pounds) / 1_000_000) == pounds


def test_below_a_pound_is_rounded_half_up() -> None:
    assert whole_pounds(Decimal("0.0000005")) == 1
    assert whole_pounds(Decimal("0.00000049")) == 0


# --- written, read again, scored


@pytest.mark.parametrize("year", REPORT_YEARS)
def test_a_written_ledger_is_read_back_without_a_single_finding(year: int, tmp_path: Path) -> None:
    reading = round_trip_year(PORTFOLIO, year, tmp_path)
    assert reading.findings == ()
    assert reading.facts == LEDGERS[year]


def ranking(year: int) -> list[tuple[int | None, str, str | None]]:
    found = score_facts(LEDGERS[year], read_gmpp_scheme(), build_gmpp_preset(), year_end(year))
    return [
        (standing.rank, standing.unit_id, format_decimal(standing.total, 2))
        for standing in found.groups["departments"]
    ]


def test_departments_of_2021_ranked() -> None:
    ranked = ranking(2021)
    assert ranked[:3] == [(1, "NCA", "99.64"), (2, "MOD", "89.78"), (3, "FCDO", "88.02")]
    assert ranked[7:9] == [(8, "CO", "79.55"), (8, "HMRC", "79.55")]
    assert ranked[-2:] == [(17, "HMLR", "20.23"), (None, "HMT", None)]
    assert len(ranked) == 19


def test_a_department_that_published_no_baseline_is_unranked() -> None:
    assert [unit for rank, unit, _ in ranking(2020) if rank is None] == ["UNKNOWN"]
    assert [unit for rank, unit, _ in ranking(2021) if rank is None] == ["HMT"]


def test_lights_have_no_axis_that_britain_cannot_feed() -> None:
    assert [axis.id for axis in build_gmpp_preset().axes] == ["start", "progress"]
    counted = {
        year: Counter(
            light.overall
            for light in score_facts(
                LEDGERS[year], read_gmpp_scheme(), build_gmpp_preset(), year_end(year)
            ).lights
        )
        for year in REPORT_YEARS
    }
    assert counted[2019] == {"green": 84, "yellow": 20, "red": 14, "none": 15}
    assert counted[2020] == {"green": 85, "yellow": 14, "red": 15, "none": 13}
    assert counted[2021] == {"green": 108, "yellow": 28, "red": 30, "none": 18}


def test_the_report_says_what_was_read_written_ranked_and_recomputed(tmp_path: Path) -> None:
    console = Console(width=160, file=io.StringIO(), record=True)
    show_gmpp_report(console, tmp_path)
    text = console.export_text()
    assert "读入 444 行" in text
    assert "2021：单位 19，项目 184，节点 359；错误 0，提醒 0" in text
    assert "一致 391，不一致 4，未公布偏差率 1，缺基线或预测 34，基线为 0 14" in text
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        f"uk-gmpp-{year}" for year in REPORT_YEARS
    ]

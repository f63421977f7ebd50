"""The portfolio by line: HA-1's published figures, and every line as counting by hand finds it."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import pytest

from services.cli.showcase.sample.county import sample_county
from services.scoring.engine.overview.portfolio import NO_PROJECT, Grouping
from services.scoring.engine.overview.sectors import LAST_DIVISION, Sector, parse_sector
from services.scoring.execution.portfolio import compute_portfolio
from shared.facts.money_and_statistics import Fund
from shared.facts.projects import Milestone, Project
from shared.facts.tables import Facts
from shared.facts.words import FundEvent, FundSource, MilestoneKind, Nature
from tests.builders import a_fund, a_ledger, a_milestone, a_plan, a_project, a_report, a_unit

DAY = date(2022, 9, 30)
COUNTY = sample_county()
REBUILDING = "灾后重建"  # a program of the office's own


@cache
def of_county(by: Grouping) -> dict[str, Any]:
    return compute_portfolio(COUNTY, DAY, by)


def lines(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {line["id"]: line for line in found["lines"]}


# --- HA-1


def test_the_lists_have_the_published_figures() -> None:
    found = of_county(Grouping.level)
    city, province = lines(found)["city"], lines(found)["province"]

    assert (city["name"], city["working"], city["in_campaign"]) == ("市级", 48, 53)
    assert (city["start_rate"], city["share_of_plan"]) == ("0.9057", "0.9500")
    assert city["invested_of_plan_yuan"] == 15_738_000_000
    assert (province["working"], province["in_campaign"]) == (21, 21)
    assert (province["start_rate"], province["share_of_plan"]) == ("1.0000", "0.9540")
    assert province["invested_of_plan_yuan"] == 8_880_000_000


# --- every line, counted by hand


def live() -> list[Project]:
    given_up = {
        row.project_id
        for row in COUNTY.rows(Milestone)
        if row.kind == MilestoneKind.terminated and row.actual_on and row.actual_on <= DAY
    }
    return [project for project in COUNTY.rows(Project) if project.project_id not in given_up]


LINES: dict[Grouping, Callable[[Project], list[str]]] = {
    Grouping.level: lambda project: [*project.key_levels] or [""],
    Grouping.program: lambda project: [*project.programs] or [""],
    Grouping.sector: lambda project: [(project.industry_code or "")[:1]],
    Grouping.unit: lambda project: [project.unit_id],
    Grouping.competent_unit: lambda project: [project.competent_unit_id or ""],
    Grouping.region: lambda project: [project.region_code or ""],
    Grouping.nature: lambda project: [project.nature],
}


@pytest.mark.parametrize("by", Grouping)
def test_each_line_has_its_projects_and_their_funds(by: Grouping) -> None:
    found = lines(of_county(by))
    expected = {line for project in live() for line in LINES[by](project)}
    assert found.keys() - {NO_PROJECT} == expected
    for line in expected:
        own = [project for project in live() if line in LINES[by](project)]
        ids = {project.project_id for project in own}
        assert found[line]["projects"] == len(own)
        assert found[line]["in_campaign"] == sum(
            project.nature in (Nature.new, Nature.continuing) for project in own
        )
        assert found[line]["total_investment_yuan"] == sum(
            project.total_investment_yuan or 0 for project in own
        )
        if by is not Grouping.unit:
            assert found[line]["funds"]["special_bond"]["arrived_yuan"] == arrived(ids)


def arrived(projects: set[str]) -> int:
    return sum(
        fund.amount_yuan or 0
        for fund in COUNTY.rows(Fund)
        if (fund.source, fund.event) == (FundSource.special_bond, FundEvent.arrived)
        and fund.project_id in projects
        and fund.on
        and date(2022, 1, 1) <= fund.on <= DAY
    )


def test_the_total_counts_every_project_once_however_the_lines_overlap() -> None:
    totals = [of_county(by)["total"] for by in Grouping]
    assert all(total == totals[0] for total in totals)
    assert totals[0]["projects"] == len(live())
    for by in Grouping:
        found = of_county(by)
        projects = sum(line["projects"] for line in found["lines"])
        overlapping = by in (Grouping.level, Grouping.program)
        assert found["overlapping"] is overlapping
        assert (projects > totals[0]["projects"]) is overlapping


def test_the_lines_stand_in_the_order_of_their_words_and_those_of_nothing_last() -> None:
    names = [line["name"] for line in of_county(Grouping.level)["lines"]]
    assert names == ["省级", "市级", "县级", "未列入", "未落到项目"]
    sectors = [line["id"] for line in of_county(Grouping.sector)["lines"]]
    assert sectors == [*sorted(sectors[:-1]), NO_PROJECT]
    assert lines(of_county(Grouping.sector))["C"]["name"] == "制造业"
    assert lines(of_county(Grouping.unit))["U01"]["name"] == "样县发展和改革局"


# --- by hand


def small() -> Facts:
    return a_ledger(
        units=[a_unit("A", name="甲局"), a_unit("B")],
        projects=[
            a_project(
                "P1", unit_id="A", programs=["special_bond", "灾后重建"], region_code="141127"
            ),
            a_project("P2", unit_id="B", nature="reserve", industry_code="X99"),
            a_project("P3", unit_id="B", programs=[REBUILDING]),
        ],
        milestones=[
            a_milestone("started", "P1", actual_on="2022-03-01"),
            a_milestone("terminated", "P3", actual_on="2022-04-01"),
        ],
        plans=[a_plan(200, "P1")],
        progress=[a_report("2022-08-31", 50, "P1")],
        funds=[
            a_fund(7, project_id="P1", unit_id="B"),
            a_fund(9, project_id="P3"),
            a_fund(11, unit_id="A"),
            a_fund(13, project_id="P1", on="2021-05-01"),
        ],
    )


def won(line: dict[str, Any]) -> int:
    return int(line["funds"]["central_budget"]["approved_yuan"])


def test_funds_follow_their_project_and_those_of_a_unit_alone_have_their_own_line() -> None:
    by_program = compute_portfolio(small(), DAY, Grouping.program)
    found = lines(by_program)
    assert {line: won(of) for line, of in found.items()} == {
        "special_bond": 7,
        REBUILDING: 7,
        "": 0,
        NO_PROJECT: 11,
    }
    assert won(by_program["total"]) == 18
    by_unit = compute_portfolio(small(), DAY, Grouping.unit)
    assert {line: won(of) for line, of in lines(by_unit).items()} == {"A": 11, "B": 7}
    assert won(by_unit["total"]) == 18


def test_a_line_says_nothing_where_there_is_nothing_to_divide_by() -> None:
    found = lines(compute_portfolio(small(), DAY, Grouping.sector))
    assert (found["X99"]["name"], found["X99"]["start_rate"]) == ("X99", None)
    assert (found[""]["name"], found[""]["share_of_plan"]) == ("未填行业", "0.2500")
    region = lines(compute_portfolio(small(), DAY, Grouping.region, {"141127": "山西省吕梁市岚县"}))
    assert region["141127"]["name"] == "山西省吕梁市岚县"


def test_an_empty_ledger_has_no_lines_and_a_total_of_nothing() -> None:
    found = compute_portfolio(a_ledger(), DAY, Grouping.level)
    assert (found["lines"], found["total"]["projects"]) == ([], 0)


# --- sectors


@pytest.mark.parametrize(
    ("code", "sector"),
    [
        ("C3484", "C"),
        ("3484", "C"),
        ("34", "C"),
        ("c34", "C"),
        ("0141", "A"),
        ("97", "T"),
        ("98", "98"),
        ("00", "00"),
        ("X99", "X99"),
        ("5", "5"),
        (None, ""),
    ],
)
def test_the_section_of_an_industry(code: str | None, sector: str) -> None:
    assert parse_sector(code) == sector


def test_every_section_has_its_divisions_in_order() -> None:
    assert [*LAST_DIVISION.values()] == [*Sector]
    assert [*LAST_DIVISION] == sorted(LAST_DIVISION)

"""Whom a campaign is about: projects that meet every line, what hangs on them, and in words."""

from typing import Any

import pytest

from services.scoring.engine.campaigns.campaign import Population, describe_population
from services.scoring.engine.campaigns.population import restrict_to_population
from tests.builders import a_fund, a_ledger, a_milestone, a_project, a_unit

COUNTY = a_ledger(
    units=[a_unit("U01"), a_unit("U02")],
    projects=[
        a_project("P001", key_levels=["city"], total_investment_yuan=5_000_000),
        a_project("P002", nature="continuing", programs=["three_batches", "x"]),
        a_project("P003", unit_id="U02", total_investment_yuan=4_999_999),
    ],
    milestones=[a_milestone("started", p, actual_on="2022-05-02") for p in ("P001", "P003")],
    funds=[a_fund(1, unit_id="U02"), a_fund(2, project_id="P003")],
)


@pytest.mark.parametrize(
    ("population", "projects"),
    [
        ({}, "P001 P002 P003"),
        ({"natures": ["new"]}, "P001 P003"),
        ({"natures": ["new", "continuing"]}, "P001 P002 P003"),
        ({"key_levels": ["city", "province"]}, "P001"),
        ({"programs": ["x"]}, "P002"),
        ({"units": ["U01"]}, "P001 P002"),
        ({"least_investment_yuan": 5_000_000}, "P001"),  # unknown is not enough
        ({"projects": ["P002", "P003"], "natures": ["new"]}, "P003"),
    ],
)
def test_a_project_meets_every_line(population: dict[str, Any], projects: str) -> None:
    found = restrict_to_population(COUNTY, Population.model_validate(population)).tables["projects"]
    assert found["project_id"].to_pylist() == projects.split()


def test_rows_go_with_their_projects_and_those_of_units_stay() -> None:
    tables = restrict_to_population(COUNTY, Population(projects=("P001",))).tables
    assert tables["milestones"]["project_id"].to_pylist() == ["P001"]
    assert tables["funds"]["amount_yuan"].to_pylist() == [1]
    assert tables["units"].num_rows == 2
    only = restrict_to_population(COUNTY, Population(units=("U01",))).tables
    assert only["units"]["unit_id"].to_pylist() == ["U01"]


def test_a_population_reads_as_a_sentence() -> None:
    whole = Population.model_validate(
        {
            "natures": ["new", "continuing"],
            "key_levels": ["city"],
            "programs": ["补短板"],
            "units": ["U01"],
            "least_investment_yuan": 5_000_000,
            "projects": ["P001", "P002"],
        }
    )
    assert describe_population(Population()) == "全部项目"
    assert describe_population(whole) == (
        "项目须：新建、续建；市级重点；“补短板”专项；责任单位为 U01；指定的 2 个；"
        "总投资 5,000,000 元及以上"
    )

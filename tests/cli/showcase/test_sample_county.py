"""The sample county: the published figures come out, and everything that can happen happens."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from stdnum.iso7064 import mod_11_10

from services.cli.showcase.sample.county import DEFAULT_SEED, sample_county
from services.cli.showcase.sample.names import COUNTY_NAME, LOGISTICS, SAMPLE_MARK, SAMPLE_REGION
from services.cli.showcase.sample.roster import (
    CITY_PROJECTS,
    CITY_WORKING,
    PROVINCE_PROJECTS,
    PROVINCE_WORKING,
)
from services.scoring.engine.catalogue.facts import NAMED_FACTS
from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import format_decimal
from services.scoring.engine.language.compiler import terms_query
from services.scoring.execution.duckdb import open_query_runner
from shared.facts.money_and_statistics import Fund
from shared.facts.projects import Milestone, Permit, Plan, ProblemRaised, Progress, Project, Unit
from shared.facts.tables import Facts
from shared.facts.words import (
    FundEvent,
    FundSource,
    KeyLevel,
    MilestoneKind,
    Nature,
    PermitKind,
    PermitMode,
    ProblemCategory,
    ProblemLevel,
)
from shared.ledger.codes import check_credit_code, check_national_code
from shared.ledger.reader import read_ledger
from shared.ledger.writer import write_ledger
from shared.reference import region_codes

END_OF_SEPTEMBER = date(2022, 9, 30)


@cache
def county() -> Facts:
    return sample_county()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("sample") / "ledger"
    write_ledger(county(), path)
    return path


# --- HA-1: the published figures -------------------------------------------------------------


def a_metric(**given: str) -> Metric:
    return Metric.model_validate(
        {"zh": "核对", "en": "Check", "source": "HA-1", "measure": "share"} | given
    )


def on_list(level: str, facts: Facts) -> Mapping[str, int]:
    """Figures of a list at the end of September, summed over units: engine and nothing else."""
    listed = f'"{level}" in key_levels'
    metrics = [
        a_metric(id="start", population=listed, numerator="count(working)", denominator="count()"),
        a_metric(id="done", population=listed, numerator="sum(ytd)", denominator="sum(plan)"),
        a_metric(id="campaign", population=f"{listed} and in_campaign", numerator="count()"),
    ]
    declared = {fact.id: fact for fact in NAMED_FACTS}
    with open_query_runner(facts) as run:
        rows = list(run(terms_query(metrics, declared), END_OF_SEPTEMBER))
    names = ("start n", "start d", "done n", "done d", "campaign n")
    return {name: sum(row[name] for row in rows) for name in names}


@pytest.mark.parametrize("seed", [DEFAULT_SEED, 1, 7, 20260101])
def test_the_citys_list_has_its_published_figures_whatever_the_seed(seed: int) -> None:
    found = on_list("city", sample_county(seed))

    assert (found["start n"], found["start d"]) == (CITY_WORKING, CITY_PROJECTS) == (48, 53)
    assert found["campaign n"] == 53
    assert format_decimal(Fraction(100 * 48, 53), 1) == "90.6"
    assert found["done n"] == 15_738_000_000
    percent = Fraction(100 * found["done n"], found["done d"])
    assert (format_decimal(percent, 0), format_decimal(percent, 1)) == ("95", "95.0")


@pytest.mark.parametrize("seed", [DEFAULT_SEED, 1, 7, 20260101])
def test_the_provinces_list_has_its_published_figures_whatever_the_seed(seed: int) -> None:
    found = on_list("province", sample_county(seed))

    assert (found["start n"], found["start d"]) == (PROVINCE_WORKING, PROVINCE_PROJECTS)
    assert found["start d"] == found["campaign n"] == 21
    assert found["done n"] == 8_880_000_000
    assert format_decimal(Fraction(100 * found["done n"], found["done d"]), 1) == "95.4"


def test_the_lists_overlap_and_most_projects_beside_them_are_on_the_countys_or_on_none() -> None:
    lists = Counter(tuple(project.key_levels) for project in projects())

    assert lists[KeyLevel.province, KeyLevel.city] == 12
    assert lists[(KeyLevel.county,)] >= 15
    assert lists[()] >= 30


# --- Who is in it ----------------------------------------------------------------------------


def projects() -> list[Project]:
    return county().rows(Project)


def test_the_same_seed_gives_the_same_facts_on_any_machine() -> None:
    rows = {table: found.to_pylist() for table, found in county().present.items()}
    digest = hashlib.sha256(json.dumps(rows, default=str, sort_keys=True).encode()).hexdigest()

    assert sample_county(DEFAULT_SEED).tables == county().tables
    assert digest == "b488508c80a104be7cf4b2e1e2b40a05fba8cb84faa68f57d861d8d458c6ccd0"
    assert sample_county(DEFAULT_SEED + 1).tables != county().tables


def test_all_of_it_says_that_it_is_synthetic() -> None:
    assert SAMPLE_REGION == "999901"
    assert not any(code.startswith("99") for code in region_codes())
    assert all(project.name.startswith(COUNTY_NAME) for project in projects())
    assert all(project.name.endswith(SAMPLE_MARK) for project in projects())
    assert all(
        (project.owner_name or COUNTY_NAME).startswith(COUNTY_NAME) for project in projects()
    )
    assert all(unit.name.startswith(COUNTY_NAME) for unit in county().rows(Unit))
    assert len({project.name for project in projects()}) == len(projects())


def test_the_county_has_the_size_of_a_county() -> None:
    groups = Counter(unit.group for unit in county().rows(Unit))
    sizes = [project.total_investment_yuan or 0 for project in projects()]
    natures = {project.nature for project in projects()}

    assert groups == {"县直部门组": 14, "乡镇组": 10, "开发区组": 2}
    assert 110 <= len(projects()) <= 130
    assert (min(sizes), max(sizes)) == (3_000_000, 11_800_000_000)
    assert natures == set(Nature)
    assert [p.project_id for p in projects()] == [f"P{n:03}" for n in range(1, len(sizes) + 1)]


def test_one_unit_has_no_live_project() -> None:
    own = [project.project_id for project in projects() if project.unit_id == LOGISTICS]
    terminated = {
        row.project_id
        for row in county().rows(Milestone)
        if row.kind == MilestoneKind.terminated and row.actual_on
    }

    assert len(own) == 1
    assert terminated.issuperset(own)


def test_every_code_holds() -> None:
    codes = [project.national_code for project in projects() if project.national_code]
    checked = [code for code in codes if not code.startswith("20")]
    credit_codes = {project.owner_uscc for project in projects() if project.owner_uscc}

    assert all(check_national_code(code) is None for code in codes)
    assert all(code[5:11] == SAMPLE_REGION for code in codes)
    assert len(set(codes)) == len(codes)
    assert len(checked) > len(codes) / 2
    assert all(mod_11_10.is_valid(code.replace("-", "")) for code in checked)
    assert all(check_credit_code(code) is None for code in credit_codes)
    assert all(code[2:8] == SAMPLE_REGION for code in credit_codes)


# --- Every table, every word -----------------------------------------------------------------


def test_the_ledger_is_read_back_as_it_was_without_a_finding(folder: Path) -> None:
    reading = read_ledger(folder, region_codes() | {SAMPLE_REGION})

    assert reading.findings == ()
    assert reading.facts.tables == county().tables


def test_the_workbook_is_read_back_as_it_was(tmp_path: Path) -> None:
    write_ledger(county(), tmp_path / "sample.xlsx")

    assert read_ledger(tmp_path / "sample.xlsx", region_codes()).facts.tables == county().tables


def test_every_word_of_the_vocabularies_occurs() -> None:
    permits = county().rows(Permit)
    funds = county().rows(Fund)
    problems = county().rows(ProblemRaised)

    assert {row.kind for row in county().rows(Milestone)} == set(MilestoneKind)
    assert {permit.kind for permit in permits} == set(PermitKind)
    assert {permit.mode for permit in permits if permit.mode} == set(PermitMode)
    assert any(permit.stage for permit in permits)
    assert {fund.source for fund in funds} == set(FundSource)
    assert {fund.event for fund in funds} == set(FundEvent)
    assert any(fund.project_id is None for fund in funds)
    assert {problem.category for problem in problems} == set(ProblemCategory)
    assert {problem.level for problem in problems} == set(ProblemLevel)
    assert any(problem.solved_on_site and problem.closed_on for problem in problems)
    assert any(problem.resolved_on is None for problem in problems)


def test_no_plan_is_larger_than_the_project_and_some_run_by_the_month() -> None:
    sizes = {project.project_id: project.total_investment_yuan or 0 for project in projects()}
    plans = [plan for plan in county().rows(Plan) if plan.year == 2022]

    assert all(
        (plan.planned_yuan or 0) + (plan.prior_invested_yuan or 0) <= sizes[plan.project_id]
        for plan in plans
    )
    assert {plan.m12 is None for plan in plans} == {True, False}
    assert all(plan.m12 in (None, plan.planned_yuan) for plan in plans)


def test_nothing_is_known_of_days_after_the_year() -> None:
    days = [
        *(row.actual_on for row in county().rows(Milestone)),
        *(row.as_of for row in county().rows(Progress)),
        *(row.granted_on for row in county().rows(Permit)),
        *(row.on for row in county().rows(Fund)),
        *(day for row in county().rows(ProblemRaised) for day in (row.resolved_on, row.closed_on)),
    ]

    assert max(day for day in days if day) == date(2022, 12, 31)

"""Facts of offices: ids as a question has them written; several offices joined into one ledger."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.execution.office_facts import (
    LeftOutProject,
    join_offices,
    write_column,
    write_ids,
)
from shared.facts.tables import FACT_KINDS, Facts
from shared.offices import NO_OFFICE, format_id
from tests.facts import facts_of
from tests.oracle.random_ledgers import random_ledger
from tests.registry.made_up_kinds import declared_kinds

CITY, COUNTY, BESIDE = "990100", "990101", "990102"
OFFICES = st.sampled_from([CITY, COUNTY, BESIDE])
PLAIN_IDS = st.text("0123456789UP-项", min_size=1, max_size=8)
IDS = st.one_of(st.none(), PLAIN_IDS, st.builds("{}:{}".format, OFFICES, PLAIN_IDS))


def written(stored: str | None, office: str, asked: str) -> str | None:
    return None if stored is None else format_id(stored, office, asked)


@given(st.lists(st.lists(IDS, max_size=5), max_size=3), OFFICES, st.one_of(OFFICES, st.just("")))
def test_a_column_is_written_as_each_id_alone(
    chunks: list[list[str | None]], office: str, asked: str
) -> None:
    column = pa.chunked_array(chunks, pa.string())
    each = [written(stored, office, asked) for stored in column.to_pylist()]
    assert write_column(column, office, asked).to_pylist() == each


@given(st.lists(st.one_of(st.none(), st.lists(IDS, max_size=4)), max_size=5), OFFICES)
def test_so_is_a_column_of_lists(lists: list[list[str | None] | None], office: str) -> None:
    column = pa.chunked_array([lists[:2], lists[2:]], pa.list_(pa.string()))
    each = [ids and [written(stored, office, "") for stored in ids] for ids in lists]
    assert write_column(column, office, NO_OFFICE).to_pylist() == each


@pytest.mark.parametrize("seed", range(3))
def test_what_was_qualified_is_plain_again(seed: int) -> None:
    facts = facts_of(random_ledger(seed))
    qualified = write_ids(facts, COUNTY)
    assert write_ids(facts, COUNTY, COUNTY) == facts
    assert write_ids(qualified, COUNTY) == qualified != facts
    assert write_ids(qualified, COUNTY, COUNTY) == facts
    assert write_ids(qualified, COUNTY, BESIDE) == qualified
    assert qualified.tables["projects"]["project_id"][0].as_py().startswith(f"{COUNTY}:P")
    assert qualified.tables["projects"]["name"] == facts.tables["projects"]["name"]


def ledger(*projects: tuple[str, str | None], **tables: list[dict[str, Any]]) -> Facts:
    """One unit, projects of an id and a national code, each with a report; other tables."""
    units = [{"unit_id": "U01", "name": "甲", "group": "county"}]
    ids = [project for project, _ in projects]
    rows: dict[str, list[dict[str, Any]]] = {
        "units": units,
        "projects": [
            {"project_id": project, "national_code": code, "name": project, "unit_id": "U01"}
            for project, code in projects
        ],
        "progress": [{"project_id": project, "note": project} for project in ids],
        "funds": [{"project_id": project} for project in ids] + [{"unit_id": "U01"}],
        "problems": [{"problem_id": f"Q{project}", "project_id": project} for project in ids],
    }
    return Facts.from_rows({**rows, **tables})


def column(facts: Facts, table: str, name: str) -> list[Any]:
    found: list[Any] = facts.tables[table][name].to_pylist()
    return found


def test_equal_ids_of_two_offices_are_two_things() -> None:
    both = join_offices({BESIDE: ledger(("P1", None)), COUNTY: ledger(("P1", None))})
    ids = [f"{COUNTY}:P1", f"{BESIDE}:P1"]
    assert both.left_out == ()
    for table in ("projects", "progress", "problems"):
        assert column(both.facts, table, "project_id") == ids
    assert column(both.facts, "units", "unit_id") == [f"{COUNTY}:U01", f"{BESIDE}:U01"]
    assert column(both.facts, "problems", "problem_id") == [f"{COUNTY}:QP1", f"{BESIDE}:QP1"]
    assert column(both.facts, "funds", "unit_id")[1] == f"{COUNTY}:U01"


def test_of_one_national_code_the_countys_project_counts_with_all_its_rows() -> None:
    city = ledger(("P7", "2201-1"), ("P8", "2201-2"), ("P9", None))
    county = ledger(("P1", "2201-1"), ("P2", None))
    joined = join_offices({CITY: city, COUNTY: county})
    assert joined.left_out == (LeftOutProject(f"{CITY}:P7", "2201-1", f"{COUNTY}:P1"),)
    kept = [f"{COUNTY}:P1", f"{COUNTY}:P2", f"{CITY}:P8", f"{CITY}:P9"]
    for table in ("projects", "progress", "problems"):
        assert column(joined.facts, table, "project_id") == kept
    funds = column(joined.facts, "funds", "project_id")
    assert [project for project in funds if project] == kept
    assert funds.count(None) == 2  # each office's unit keeps what it got without a project


def test_of_one_level_the_first_by_code_counts_and_within_one_office_both() -> None:
    twice = ledger(("P1", "2201-1"), ("P2", "2201-1"))
    joined = join_offices({BESIDE: ledger(("P1", "2201-1")), COUNTY: twice})
    assert column(joined.facts, "projects", "project_id") == [f"{COUNTY}:P1", f"{COUNTY}:P2"]
    assert joined.left_out == (LeftOutProject(f"{BESIDE}:P1", "2201-1", f"{COUNTY}:P1"),)


def test_a_unit_above_that_counties_name_is_there_once() -> None:
    above = {"unit_id": f"{CITY}:U01", "name": "市局", "group": "city"}
    own = {"unit_id": "U01", "name": "甲", "group": "county"}
    counties = {office: ledger(units=[own, above]) for office in (COUNTY, BESIDE)}
    units = [f"{COUNTY}:U01", f"{CITY}:U01", f"{BESIDE}:U01"]
    assert column(join_offices(counties).facts, "units", "unit_id") == units
    with_city = join_offices({**counties, CITY: ledger()})
    assert column(with_city.facts, "units", "unit_id") == units


def test_one_figure_that_two_offices_have_is_the_countys() -> None:
    figure = {"region_code": COUNTY, "indicator": "fixed_asset_investment"}
    by_office = {
        office: ledger(indicators=[{**figure, "source": office}]) for office in (CITY, COUNTY)
    }
    assert column(join_offices(by_office).facts, "indicators", "source") == [COUNTY]


def test_no_office_at_all_is_an_empty_ledger() -> None:
    assert join_offices({}).facts == Facts.from_columns({})


@pytest.mark.parametrize("seed", range(3))
def test_joined_facts_are_those_of_the_offices(seed: int) -> None:
    """Whatever the order in which offices answer."""
    parts = {COUNTY: facts_of(random_ledger(seed)), BESIDE: facts_of(random_ledger(seed + 10))}
    joined = join_offices(parts)
    assert join_offices(dict(reversed(parts.items()))) == joined
    for name in FACT_KINDS:
        rows = [row for o in parts for row in write_ids(parts[o], o).tables[name].to_pylist()]
        left_out = {project.project_id for project in joined.left_out}
        kept = [row for row in rows if row.get("project_id") not in left_out]
        assert joined.facts.tables[name].to_pylist() == kept or name == "indicators"


def test_what_hangs_on_a_left_out_project_through_another_is_left_out_too() -> None:
    with declared_kinds():
        by_office = {
            office: ledger(("P1", "2201-1"), steps=[{"problem_id": "QP1", "step": office}])
            for office in (CITY, COUNTY)
        }
        joined = join_offices(by_office).facts
    assert column(joined, "problems", "problem_id") == [f"{COUNTY}:QP1"]
    assert column(joined, "steps", "step") == [COUNTY]


def test_what_an_office_has_said_as_a_whole_is_no_others() -> None:
    with declared_kinds():
        said = {"category": "征拆", "unit_id": "U01"}
        by_office = {office: ledger(standards=[said]) for office in (COUNTY, BESIDE)}
        joined = join_offices(by_office).facts
    assert column(joined, "standards", "unit_id") == [f"{COUNTY}:U01", f"{BESIDE}:U01"]

"""How the database goes about what is asked, where a province has many counties: by its indexes."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from services.registry.projects.card import PROJECT_CARD
from services.registry.records import statements
from services.registry.records.addresses import RecordQuestion
from services.registry.records.list_orders import search_ranks
from services.registry.records.list_statements import ListShape, record_page_query
from services.registry.records.statements import Statement
from services.registry.records.visibility import Scope
from shared.database.sessions import ReadConnection, Sessions
from shared.facts.tables import FACT_KINDS
from shared.offices import NO_OFFICE

COUNTIES, PROJECTS = 100, 60
LAST = f"99{COUNTIES:04}"
COUNTY = f"'99' || lpad((1 + {{0}} / {PROJECTS})::text, 4, '0')"
FILL = f"""
    INSERT INTO registry.projects
        (office, project_id, name, region_code, unit_id, nature, key_levels, programs, search_text,
         name_order, recorded_at, recorded_by, recorded_for, why)
    SELECT {COUNTY.format("n")}, 'P' || n, 'x', {COUNTY.format("n")}, 'U' || n / 5, 'new',
        '{{}}', '{{}}', 'x', 'x', now(), 'x', '99', ''
    FROM generate_series(0, {COUNTIES * PROJECTS - 1}) n"""
REPORTS = f"""
    INSERT INTO registry.progress
        (office, project_id, as_of, recorded_at, recorded_by, recorded_for, why, superseded_at)
    SELECT {COUNTY.format("p")}, 'P' || p, date '2022-01-01' + n / {COUNTIES * PROJECTS}, now(),
        'x', '99', '', CASE WHEN n % 7 = 0 THEN now() END
    FROM generate_series(0, {4 * COUNTIES * PROJECTS - 1}) n, LATERAL
        (SELECT n % {COUNTIES * PROJECTS} AS p) AS project"""
ANALYZED = "SELECT registry.analyze_table(name) FROM unnest(ARRAY['projects', 'progress']) AS name"
LIST = record_page_query("projects", ListShape())
LIST_OF_UNIT = record_page_query("projects", ListShape(filters=("unit_id", "nature")))
FIRST = {"after": 0, "limit": 51}
REPORT = {"project_id": f"P{COUNTIES * PROJECTS - 1}", "office": LAST}


@pytest.fixture
async def reading(sessions: Sessions) -> ReadConnection:
    async with sessions.begin() as session:
        connection = await session.connection()
        for statement in (FILL, REPORTS, ANALYZED):
            await connection.execute(text(statement))
    return ReadConnection(sessions)


async def plan_of(
    reading: ReadConnection,
    asked: Statement,
    given: dict[str, Any],
    region: str,
    unit: str | None = None,
    office: str = NO_OFFICE,
) -> str:
    """The plan of a question about an office, or about all of a region."""
    question = RecordQuestion(office, Scope(region, unit, office=LAST))
    values = asked.arguments({**given, **question.values})
    rows = await reading.fetch(f"EXPLAIN {asked.text}", *values)
    return "\n".join(row[0] for row in rows)


async def test_a_list_goes_by_what_narrows_it_most(reading: ReadConnection) -> None:
    assert "ix_projects_region" in await plan_of(reading, LIST, FIRST, LAST)
    assert "ix_projects_unit_id" in await plan_of(reading, LIST, FIRST, LAST, "U1")
    one_unit = FIRST | {"unit_id": "U1", "office_of_unit_id": LAST, "nature": "new"}
    assert "ix_projects_unit_id" in await plan_of(reading, LIST_OF_UNIT, one_unit, "99")
    for wide in ("", "99"):
        assert "pk_projects" in await plan_of(reading, LIST, FIRST, wide)
        of_office = await plan_of(reading, LIST, FIRST, wide, office=LAST)
        assert "ix_projects_current" in of_office
        assert "Seq Scan" not in of_office


async def test_whoever_asks_below_a_project_is_answered_from_that_project(
    reading: ReadConnection,
) -> None:
    below = record_page_query("progress", ListShape(path=("project_id",)))
    for region in ("", "99", LAST):
        plan = await plan_of(reading, below, FIRST | REPORT, region)
        assert "ix_progress_current" in plan
        assert "ix_projects_current" in plan
        assert "Seq Scan" not in plan


async def test_a_history_goes_by_the_key_through_both_halves(reading: ReadConnection) -> None:
    history = statements.record_history_query("progress", ("project_id", "as_of"))
    plan = await plan_of(reading, history, {**REPORT, "as_of": date(2022, 1, 2)}, "99")
    assert "ix_progress_current" in plan
    assert "ix_progress_past" in plan
    assert "Seq Scan on progress" not in plan  # of voids there are few, or none


async def test_a_search_and_a_card_go_by_the_office_and_the_project(
    reading: ReadConnection,
) -> None:
    kind = FACT_KINDS["projects"]
    ranks = search_ranks(kind)
    search = record_page_query("projects", ListShape(is_search=True, ranks=ranks))
    asked = {"limit": 51, "search": "x", "search_pattern": "%x%"}
    plan = await plan_of(reading, search, asked, "99", office=LAST)
    assert "ix_projects_current" in plan
    assert "Seq Scan on projects" not in plan
    card = statements.current_record_query("projects", ("project_id",), PROJECT_CARD)
    for region in ("", "99", LAST):
        plan = await plan_of(reading, card, {**REPORT, "today": date(2022, 1, 2)}, region)
        assert "ix_progress_current" in plan
        assert "Seq Scan on projects" not in plan
        assert "Seq Scan on progress" not in plan

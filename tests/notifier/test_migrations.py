"""Letters of before offices: whose each is, what it counts from, and that nothing is lost."""

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.database.migrations import RegistryNotUpgraded, migrate_schema
from tests.databases import database, owner_of
from tests.migration_steps import downgrade_to, upgrade_to

BEFORE = "0003"
REGISTRY = """
    CREATE SCHEMA registry;
    CREATE TABLE registry.projects (project_id text, superseded_at timestamptz)"""
# P001 is two offices' by now, P009 nobody's.
OFFICES_OF_PROJECTS = """
    ALTER TABLE registry.projects ADD office text;
    INSERT INTO registry.projects VALUES ('P001', NULL, '350583'), ('P001', NULL, '350500'),
        ('P002', NULL, '350505'), ('P003', NULL, '350583')"""
PROJECTS = ("P001", "P002", "P003", "P009")


@pytest.fixture
async def engine(server: str) -> AsyncIterator[AsyncEngine]:
    """A database whose notifier is as it was before offices."""
    async with database(server, f"before_{uuid4().hex}") as url:
        made = create_async_engine(owner_of(url))
        async with made.begin() as connection:
            await connection.run_sync(upgrade_to, "notifier", BEFORE)
        yield made
        await made.dispose()


async def execute(engine: AsyncEngine, statements: str) -> None:
    async with engine.begin() as connection:
        for statement in statements.split(";"):
            await connection.execute(text(statement))


async def rows(engine: AsyncEngine, query: str) -> list[tuple[Any, ...]]:
    async with engine.begin() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def issue(
    engine: AsyncEngine,
    kind: str,
    about: str,
    trigger_on: str,
    project: str = "P001",
    **quoted: Any,
) -> None:
    """A letter as it was stored then; its region is 350500 and its number follows the others."""
    letter = """
        INSERT INTO notifier.letters (kind, project_id, about, trigger_on, issue_on, unit_id,
            region, provisional, agency_word, year, sequence, title, issued_at)
        SELECT :kind, :project, :about, :trigger_on, :trigger_on, 'U01', '350500', false, '重办',
            2022, 1 + count(*), '函', now() FROM notifier.letters RETURNING id"""
    document = """
        INSERT INTO notifier.documents
        VALUES (:letter_id, '{}', cast(:quotes AS jsonb), now(), 'v', decode('25504446', 'hex'))"""
    values = {"kind": kind, "project": project, "about": about}
    async with engine.begin() as connection:
        stored = await connection.execute(
            text(letter), {**values, "trigger_on": date.fromisoformat(trigger_on)}
        )
        quotes = {"letter_id": stored.scalar_one(), "quotes": json.dumps(quoted)}
        await connection.execute(text(document), quotes)


async def migrate(engine: AsyncEngine) -> None:
    await migrate_schema(engine.url.render_as_string(hide_password=False), "notifier")


RED = ["2022-08-31", "2022-09-30"]


@pytest.mark.parametrize(
    ("kind", "about", "trigger_on", "quoted", "counted_from"),
    [
        ("reminder", "started", "2023-02-28", {"planned_on": "2023-03-31"}, "2023-03-31"),
        ("assignment", "started", "2022-09-30", {"planned_on": "2022-09-15"}, "2022-09-15"),
        ("supervision", "in_production", "2022-11-14", {"planned_on": None}, "2022-09-15"),
        ("assignment", "started", "2022-09-30", {}, "2022-09-15"),
        ("reminder", "started", "2022-08-15", {}, "2022-09-15"),
        ("supervision", "progress", "2022-08-31", {"red_months": RED}, "2022-08-31"),
        ("yellow_card", "progress", "2022-09-30", {"red_months": RED}, "2022-08-31"),
        ("yellow_card", "progress", "2022-09-30", {"red_months": []}, "2022-08-31"),
        ("supervision", "progress", "2022-08-31", {"red_months": []}, "2022-08-31"),
        # for a missing answer
        (
            "supervision",
            "started",
            "2022-10-13",
            {"planned_on": "2022-09-15", "unsettled": {"kind": "assignment"}},
            "2022-10-12",
        ),
    ],
)
async def test_a_letter_counts_from_what_it_quotes_or_from_its_trigger(
    engine: AsyncEngine,
    kind: str,
    about: str,
    trigger_on: str,
    quoted: dict[str, Any],
    counted_from: str,
) -> None:
    await issue(engine, kind, about, trigger_on, **quoted)
    await migrate(engine)
    found = await rows(engine, "SELECT counted_from::text FROM notifier.letters")
    assert found == [(counted_from,)]


OFFICES = "SELECT project_id, office FROM notifier.letters ORDER BY id"


async def issue_of_all(engine: AsyncEngine) -> None:
    """Letters of projects of several offices, numbered in one sequence; one of no project."""
    for project in PROJECTS:
        await issue(engine, "assignment", "started", "2022-09-30", project)


async def test_without_the_registry_a_letter_is_its_region_s(engine: AsyncEngine) -> None:
    await issue_of_all(engine)
    await migrate(engine)
    assert {office for _, office in await rows(engine, OFFICES)} == {"350500"}


async def test_beside_the_registry_of_before_the_registry_comes_first(engine: AsyncEngine) -> None:
    await execute(engine, REGISTRY)
    await issue_of_all(engine)
    with pytest.raises(RegistryNotUpgraded, match="registry"):
        await migrate(engine)
    assert len(await rows(engine, "SELECT pdf FROM notifier.documents")) == len(PROJECTS)


async def test_beside_the_registry_with_offices_a_letter_is_its_project_s(
    engine: AsyncEngine,
) -> None:
    await execute(engine, f"{REGISTRY};{OFFICES_OF_PROJECTS}")
    await issue_of_all(engine)
    await migrate(engine)
    # The region of the letters of P001 is that of one of its offices.
    assert await rows(engine, OFFICES) == [
        ("P001", "350500"),
        ("P002", "350505"),
        ("P003", "350583"),
        ("P009", "350500"),
    ]


async def test_each_office_goes_on_after_its_highest_number(engine: AsyncEngine) -> None:
    await execute(engine, f"{REGISTRY};{OFFICES_OF_PROJECTS}")
    await issue_of_all(engine)
    await migrate(engine)
    sequences = await rows(engine, "SELECT * FROM notifier.sequences ORDER BY 1")
    assert sequences == [
        ("350500", "重办", 2022, 4),
        ("350505", "重办", 2022, 2),
        ("350583", "重办", 2022, 3),
    ]


async def test_documents_are_there_and_what_was_stored_stays(engine: AsyncEngine) -> None:
    await issue_of_all(engine)
    await migrate(engine)
    kept = await rows(engine, "SELECT pdf FROM notifier.prints ORDER BY letter_id")
    assert kept == [(b"%PDF",)] * len(PROJECTS)
    for table in ("letters", "documents", "prints"):
        with pytest.raises(Exception, match="is refused"):
            await execute(engine, f"UPDATE notifier.{table} SET {FIRST_COLUMN[table]}")


FIRST_COLUMN = {
    "letters": "office = ''",
    "documents": "template_version = ''",
    "prints": "printed_at = now()",
}


async def test_the_way_back_keeps_letters_and_documents(engine: AsyncEngine) -> None:
    await issue_of_all(engine)
    query = "SELECT l.*, d.* FROM notifier.letters l JOIN notifier.documents d ON id = letter_id"
    before = await rows(engine, query)
    await migrate(engine)
    async with engine.begin() as connection:
        await connection.run_sync(downgrade_to, "notifier", BEFORE)
    assert await rows(engine, query) == before
    await migrate(engine)
    assert len(await rows(engine, "SELECT * FROM notifier.prints")) == len(before)

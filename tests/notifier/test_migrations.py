"""Letters of before offices: whose each is, what it counts from, and that nothing is lost."""

import importlib
import json
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.database.migrations import migrate_schema, run_migrations
from tests.databases import database, owner_of

BEFORE = "0003"
REGISTRY = """
    CREATE SCHEMA registry;
    CREATE TABLE registry.units (
        unit_id text, region_code text, recorded_for text, superseded_at timestamptz);
    CREATE TABLE registry.projects (
        project_id text, unit_id text, region_code text, recorded_for text,
        superseded_at timestamptz)"""
# Unit, project, who recorded the unit, and what the project's row names.
RECORDED = [
    ("U1", "P001", "350521", None),
    ("U2", "P002", "3505", "350521"),
    ("U3", "P003", "", None),  # by the whole country's token, of whose rows all name 350582
    ("U3", "P004", "", "350582001"),
]


@pytest.fixture
async def engine(server: str) -> AsyncIterator[AsyncEngine]:
    """A database whose notifier is as it was before offices."""
    async with database(server, f"before_{uuid4().hex}") as url:
        made = create_async_engine(owner_of(url))
        async with made.begin() as connection:
            await connection.run_sync(upgrade_to, BEFORE)
        yield made
        await made.dispose()


def upgrade_to(connection: Connection, target: str) -> None:
    run_steps(connection, lambda script, revision: script._upgrade_revs(target, revision))


def downgrade_to(connection: Connection, target: str) -> None:
    run_steps(connection, lambda script, revision: script._downgrade_revs(target, revision))


def run_steps(connection: Connection, choose: Callable[[ScriptDirectory, Any], Any]) -> None:
    folder = Path(str(importlib.import_module("services.notifier").__file__)).parent
    script = ScriptDirectory(str(folder), version_locations=[str(folder / "migrations")])

    def steps(revision: Any, _: Any) -> Any:
        return choose(script, revision)

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        run_migrations(environment, connection, "notifier")


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


async def register(engine: AsyncEngine) -> None:
    await execute(engine, REGISTRY)
    for unit, project, recorded_for, region in RECORDED:
        named = f"'{region}'" if region else "NULL"
        await execute(
            engine,
            f"INSERT INTO registry.units VALUES ('{unit}', NULL, '{recorded_for}');"
            f"INSERT INTO registry.projects VALUES"
            f" ('{project}', '{unit}', {named}, '{recorded_for}')",
        )


OFFICES = "SELECT project_id, office FROM notifier.letters ORDER BY id"
BY_RECORDER = [("P001", "350521"), ("P002", "350500"), ("P003", "350582"), ("P009", "350500")]


async def issue_of_all(engine: AsyncEngine) -> None:
    """Letters of projects of several offices, numbered in one sequence; one of no project."""
    for project, _ in BY_RECORDER:
        await issue(engine, "assignment", "started", "2022-09-30", project)


async def test_without_the_registry_a_letter_is_its_region_s(engine: AsyncEngine) -> None:
    await issue_of_all(engine)
    await migrate(engine)
    assert {office for _, office in await rows(engine, OFFICES)} == {"350500"}


async def test_beside_the_registry_of_before_a_letter_is_its_unit_s_recorder_s(
    engine: AsyncEngine,
) -> None:
    await register(engine)
    await issue_of_all(engine)
    await migrate(engine)
    assert await rows(engine, OFFICES) == BY_RECORDER


async def test_rows_of_the_whole_country_that_name_two_counties_are_no_county_s(
    engine: AsyncEngine,
) -> None:
    await register(engine)
    await execute(engine, "INSERT INTO registry.units VALUES ('U4', '350583', '', NULL)")
    await issue_of_all(engine)
    await migrate(engine)
    assert ("P003", "000000") in await rows(engine, OFFICES)


async def test_beside_the_registry_with_offices_a_letter_is_its_project_s(
    engine: AsyncEngine,
) -> None:
    await register(engine)
    await execute(
        engine,
        "ALTER TABLE registry.projects ADD office text NOT NULL DEFAULT '350583';"
        "UPDATE registry.projects SET office = '350505' WHERE project_id = 'P002';"
        "INSERT INTO registry.projects VALUES ('P001', 'U1', NULL, '3505', NULL, '350500')",
    )
    await issue_of_all(engine)
    await migrate(engine)
    # P001 is two offices' by now, and the letter's region is one of them.
    assert await rows(engine, OFFICES) == [
        ("P001", "350500"),
        ("P002", "350505"),
        ("P003", "350583"),
        ("P009", "350500"),
    ]


async def test_each_office_goes_on_after_its_highest_number(engine: AsyncEngine) -> None:
    await register(engine)
    await issue_of_all(engine)
    await migrate(engine)
    sequences = await rows(engine, "SELECT * FROM notifier.sequences ORDER BY 1")
    assert sequences == [
        ("350500", "重办", 2022, 4),
        ("350521", "重办", 2022, 1),
        ("350582", "重办", 2022, 3),
    ]


async def test_documents_are_there_and_what_was_stored_stays(engine: AsyncEngine) -> None:
    await issue_of_all(engine)
    await migrate(engine)
    kept = await rows(engine, "SELECT pdf FROM notifier.prints ORDER BY letter_id")
    assert kept == [(b"%PDF",)] * len(BY_RECORDER)
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
        await connection.run_sync(downgrade_to, BEFORE)
    assert await rows(engine, query) == before
    await migrate(engine)
    assert len(await rows(engine, "SELECT * FROM notifier.prints")) == len(before)

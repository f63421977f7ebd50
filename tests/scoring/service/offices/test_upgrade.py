"""Rows of before offices: whose they become, with and without the registry beside them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

import services.scoring
from services.scoring.engine.points.manual_entries import NO_ENTRIES
from services.scoring.entries.service import entries_digest
from shared.database.migrations import migrate_schema, run_migrations
from tests.databases import database, owner_of
from tests.scoring.service.offices.office_registry import AS_OF, CITY, COUNTY, REGION

BEFORE, COUNTRY = "0005", "000000"
NOTHING = entries_digest(NO_ENTRIES)
SCHEME = "INSERT INTO scoring.schemes VALUES ('lanxian-2022', 1, '{}', '{}', '')"
RUN = f"""
    INSERT INTO scoring.runs (region, scheme_id, scheme_version, as_of, known_at, facts_digest,
        created_by, created_at, scheme_region, entered_digest)
    VALUES ('{{region}}', 'lanxian-2022', 1, '{AS_OF}', now(), '{{digest}}', 'office', now(), '',
        '{NOTHING}')"""
ENTRY = """
    INSERT INTO scoring.entries (region, scheme_id, kind, unit_id, metric, day, reason, entered_by,
        entered_at)
    VALUES ('{region}', 'yanan-2017', 'mark', 'U01', 'visits', now(), '', 'office', now())"""
JUDGEMENT = """
    INSERT INTO scoring.judgements (region, project_id, unit_id, axis, reason, judged_on, judged_by,
        judged_at)
    VALUES ('{region}', '{project}', 'U01', 'overall', '', now(), 'office', now())"""
CAMPAIGN = """
    INSERT INTO scoring.campaigns (region, created_by, created_at)
    VALUES ('{region}', 'office', now())"""
REGISTRY = [
    "CREATE SCHEMA registry",
    *(
        f"CREATE TABLE registry.{name}s ({name}_id varchar, recorded_for varchar, office varchar,"
        " version bigint GENERATED ALWAYS AS IDENTITY)"
        for name in ("unit", "project")
    ),
]


def migrate_to(connection: Connection, revision: str, steps_of: str = "_upgrade_revs") -> None:
    folder = str(Path(services.scoring.__file__).parent)
    script = ScriptDirectory(folder, version_locations=[f"{folder}/migrations"])

    def steps(current: Any, _: Any) -> Any:
        return getattr(script, steps_of)(revision, current)

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        run_migrations(environment, connection, "scoring")


def recorded(table: str, key: str, recorded_for: str, office: str) -> str:
    return f"INSERT INTO registry.{table} VALUES ('{key}', '{recorded_for}', '{office}')"


@asynccontextmanager
async def upgraded(
    server: str, name: str, before: list[str], registry: list[str]
) -> AsyncIterator[AsyncConnection]:
    """A database with rows of before and perhaps the registry's, brought up to date."""
    async with database(server, name) as url:
        owner = owner_of(url)
        engine = create_async_engine(owner)
        async with engine.begin() as connection:
            await connection.run_sync(migrate_to, BEFORE)
            for statement in (SCHEME, *before, *registry):
                await connection.execute(text(statement))
        await migrate_schema(url, "scoring", owner)
        async with engine.begin() as connection:
            yield connection
        await engine.dispose()


async def rows(connection: AsyncConnection, table: str) -> list[tuple[str, str]]:
    query = text(f"SELECT office, region FROM scoring.{table} ORDER BY id")
    return [(office, region) for office, region in await connection.execute(query)]


@pytest.fixture
def before() -> list[str]:
    regions = (COUNTY, REGION, "")
    statements = [RUN.format(region=region, digest=f"of {region}") for region in regions]
    for statement in (ENTRY, CAMPAIGN):
        statements += [statement.format(region=region) for region in regions]
    return statements


async def test_alone_an_office_is_the_region_filled_with_zeros(
    server: str, before: list[str]
) -> None:
    async with upgraded(server, "alone_upgraded", before, []) as connection:
        for table in ("runs", "entries", "campaigns"):
            found = [(COUNTY, COUNTY), (CITY, REGION), (COUNTRY, "")]
            assert await rows(connection, table) == found


async def test_the_whole_countrys_rows_are_of_the_one_office_that_there_is(
    server: str, before: list[str]
) -> None:
    """A question that the office asks now finds the run; where it had asked before, that one."""
    before += [RUN.format(region="", digest="of both"), RUN.format(region=COUNTY, digest="of both")]
    before += [JUDGEMENT.format(region="", project="P001")]
    registry = [
        *REGISTRY,
        recorded("units", "U01", "", COUNTY),
        recorded("projects", "P001", "", COUNTY),
    ]
    async with upgraded(server, "one_upgraded", before, registry) as connection:
        own = (COUNTY, COUNTY)
        assert await rows(connection, "runs") == [own, (CITY, REGION), own, (COUNTY, ""), own]
        for table in ("entries", "campaigns"):
            assert await rows(connection, table) == [own, (CITY, REGION), own]
        assert await rows(connection, "judgements") == [own]


async def test_with_other_offices_who_may_read_them_stays(server: str, before: list[str]) -> None:
    """A run over both counties is shown to neither of them, and is no office's."""
    before += [JUDGEMENT.format(region="990102", project="P002")]
    registry = [
        *REGISTRY,
        recorded("units", "U01", "", COUNTY),
        recorded("projects", "P001", "", COUNTY),
        recorded("projects", "P002", "9901", CITY),
        recorded("units", "U02", "990102", "990102"),
    ]
    async with upgraded(server, "several_upgraded", before, registry) as connection:
        for table, of_country in (("runs", "000000"), ("entries", COUNTY), ("campaigns", COUNTY)):
            found = [(COUNTY, COUNTY), (CITY, REGION), (of_country, "")]
            assert await rows(connection, table) == found
        assert await rows(connection, "judgements") == [(CITY, "990102")]


async def test_what_was_stored_is_refused_again_after_the_upgrade(server: str) -> None:
    before = [RUN.format(region=COUNTY, digest="-")]
    async with upgraded(server, "refusing_upgraded", before, []) as connection:
        with pytest.raises(Exception, match="is refused"):
            await connection.execute(text("UPDATE scoring.runs SET office = ''"))


async def test_it_can_be_taken_back_and_done_again(server: str, before: list[str]) -> None:
    async with upgraded(server, "back_upgraded", before, []) as connection:
        first = await rows(connection, "runs")
        await connection.run_sync(migrate_to, BEFORE, "_downgrade_revs")
        await connection.run_sync(migrate_to, "head")
        assert await rows(connection, "runs") == first

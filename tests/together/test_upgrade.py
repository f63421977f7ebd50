"""The upgrade of data of before offices: whose everything is, and that nothing is lost."""

import logging
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.cli.server.all_in_one import SERVICE_NAMES
from shared.database.audit_verification import verify_chains
from shared.database.migrations import RegistryNotUpgraded, SchemaLocked, migrate_schema
from tests.together.data_of_before import DataOfBefore, database_of_before

CITY, COUNTY, OTHER = "350500", "350521", "350524"


@pytest.fixture
async def engine(server: str) -> AsyncIterator[AsyncEngine]:
    async with database_of_before(server, f"upgraded_{uuid4().hex}") as made:
        yield made


async def upgrade(engine: AsyncEngine, *services: str) -> None:
    for service in services or SERVICE_NAMES:
        await migrate_schema(address(engine), service)


def address(engine: AsyncEngine) -> str:
    return engine.url.render_as_string(hide_password=False)


async def rows(engine: AsyncEngine, query: str) -> list[tuple[Any, ...]]:
    async with engine.begin() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def offices(engine: AsyncEngine, table: str, column: str) -> dict[Any, Any]:
    """The office of each row by another column; several where the rows differ."""
    query = f"SELECT {column}, string_agg(DISTINCT office, ' ') FROM {table} GROUP BY 1"
    return dict(await rows(engine, query))


async def fill_house(engine: AsyncEngine) -> None:
    """Two counties, and a city one of whose units lies in the first; they write about another's."""
    async with engine.begin() as connection:
        data = DataOfBefore(connection)
        await data.record("units", COUNTY, unit_id="A1", region_code=COUNTY)
        await data.record("units", OTHER, unit_id="B1", region_code=OTHER)
        await data.record("units", "3505", unit_id="C1", region_code=COUNTY)
        for project, unit in (("AP1", "A1"), ("AP2", "A1"), ("AP3", "A1"), ("BP1", "B1")):
            own = {"A1": COUNTY, "B1": OTHER}[unit]
            await data.record("projects", own, project_id=project, unit_id=unit, region_code=own)
        city = {"project_id": "CP1", "unit_id": "C1", "region_code": COUNTY}
        await data.record("projects", "3505", **city)
        # One is handed to the city's unit, one there and back, one is overseen by others.
        for project, unit in (("AP2", "C1"), ("AP3", "C1"), ("AP3", "A1")):
            await data.record("projects", COUNTY, project_id=project, unit_id=unit)
        overseen = {"project_id": "AP1", "unit_id": "A1", "region_code": COUNTY}
        await data.record("projects", "", **overseen, competent_unit_id="C1")
        await data.record("projects", COUNTY, **overseen, competent_unit_id="B1")
        # The county on the city's project, the whole country on the county's.
        await data.record("progress", COUNTY, project_id="CP1", as_of="2022-09-30")
        await data.record("progress", "", project_id="AP1", as_of="2022-09-30")
        await data.record("pauses", COUNTY, project_id="CP1", from_on="2022-10-01")
        await data.record("funds", COUNTY, project_id="CP1")
        await data.record("funds", "3505", unit_id="A1")
        await data.record("problems", COUNTY, problem_id="Q1", project_id="AP1")
        await data.record("problems", COUNTY, problem_id="Q1", project_id="CP1")
        await data.record("problems", "", problem_id="Q2", handler_unit_id="B1")
        await data.record("problems", COUNTY, problem_id="Q3")
        for recorder, period in ((COUNTY, "2022-09-30"), ("3505", "2022-06-30")):
            await data.record("indicators", recorder, region_code=COUNTY, period=period)
        await data.upload("3505", applied=True)
        await data.upload("", "B1")
        await data.upload(COUNTY, "A1", "A9")
        await data.upload(COUNTY, "A8")
        for region in (COUNTY, "3505", ""):
            await data.store_run(region)
        for region, unit in ((COUNTY, "A1"), ("", "B1")):
            await data.enter(region, unit)
        for region, project, unit in (("", "AP1", "A1"), (COUNTY, "CP1", "C1")):
            await data.judge(region, project, unit)
        for project, unit in (("AP1", "A1"), ("CP1", "C1"), ("BP1", "B1"), ("AP2", "C1")):
            await data.issue(project, unit, OTHER if unit == "B1" else COUNTY)


async def test_all_versions_of_a_record_are_one_office_s(engine: AsyncEngine) -> None:
    await fill_house(engine)
    await upgrade(engine)
    assert await offices(engine, "registry.units", "unit_id") == {
        "A1": COUNTY,
        "B1": OTHER,
        "C1": CITY,
    }
    assert await offices(engine, "registry.projects", "project_id") == {
        **{"AP1": COUNTY, "AP2": CITY, "AP3": COUNTY, "BP1": OTHER, "CP1": CITY}
    }
    units = "SELECT project_id, unit_id, competent_unit_id FROM registry.projects ORDER BY version"
    assert [row for row in await rows(engine, units) if row[0] != "BP1"] == [
        ("AP1", "A1", None),
        ("AP2", f"{COUNTY}:A1", None),
        ("AP3", "A1", None),
        ("CP1", "C1", None),
        ("AP2", "C1", None),
        ("AP3", f"{CITY}:C1", None),
        ("AP3", "A1", None),
        ("AP1", "A1", f"{CITY}:C1"),
        ("AP1", "A1", f"{OTHER}:B1"),
    ]
    progress = await offices(engine, "registry.progress", "project_id")
    assert progress == {"AP1": COUNTY, "CP1": CITY}
    assert await offices(engine, "registry.pauses", "project_id") == {"CP1": CITY}
    funds = await rows(engine, "SELECT unit_id, project_id, office FROM registry.funds ORDER BY 2")
    assert funds == [(None, "CP1", CITY), ("A1", None, COUNTY)]
    problems = await offices(engine, "registry.problems", "problem_id")
    assert problems == {"Q1": CITY, "Q2": OTHER, "Q3": COUNTY}
    periods = await offices(engine, "registry.indicators", "period::text")
    assert periods == {"2022-09-30": COUNTY, "2022-06-30": CITY}


async def test_events_are_of_the_office_of_their_rows_and_keep_their_ids(
    engine: AsyncEngine,
) -> None:
    await fill_house(engine)
    before = await rows(engine, "SELECT id, kind, subject, data FROM registry.events ORDER BY id")
    await upgrade(engine)
    after = await rows(engine, "SELECT id, kind, subject, data FROM registry.events ORDER BY id")
    assert after == before
    for kind in ("units", "projects", "progress", "pauses", "funds", "problems", "indicators"):
        apart = await rows(
            engine,
            f"SELECT e.subject, e.office, r.office FROM registry.events e JOIN registry.{kind} r"
            f" ON e.kind = '{kind}.recorded' AND (e.data ->> 'version')::bigint = r.version"
            " WHERE e.office <> r.office",
        )
        assert apart == []
    found = await offices(engine, "registry.events", "kind")
    assert found["ledger.imported"] == CITY


async def test_waiting_imports_are_of_the_office_whose_units_they_name(engine: AsyncEngine) -> None:
    await fill_house(engine)
    await upgrade(engine)
    found = await rows(engine, "SELECT id, office FROM registry.imports ORDER BY id")
    assert found == [(1, CITY), (2, OTHER), (3, COUNTY), (4, COUNTY)]


async def test_runs_entries_and_judgements(engine: AsyncEngine) -> None:
    await fill_house(engine)
    await upgrade(engine)
    runs = await rows(engine, "SELECT region, office FROM scoring.runs ORDER BY id")
    # A run of the whole country is over several offices, and no office's.
    assert runs == [(COUNTY, COUNTY), ("3505", CITY), ("", "000000")]
    assert await offices(engine, "scoring.entries", "unit_id") == {"A1": COUNTY, "B1": "000000"}
    assert await offices(engine, "scoring.judgements", "project_id") == {
        "AP1": COUNTY,
        "CP1": CITY,
    }


async def test_letters_and_their_sequences(engine: AsyncEngine) -> None:
    await fill_house(engine)
    await upgrade(engine)
    query = "SELECT project_id, office, counted_from::text FROM notifier.letters ORDER BY id"
    assert await rows(engine, query) == [
        ("AP1", COUNTY, "2022-09-15"),
        ("CP1", CITY, "2022-09-15"),
        ("BP1", OTHER, "2022-09-15"),
        ("AP2", CITY, "2022-09-15"),
    ]
    sequences = await rows(engine, "SELECT office, last FROM notifier.sequences ORDER BY 1")
    assert sequences == [(CITY, 4), (COUNTY, 1), (OTHER, 3)]
    assert await rows(engine, "SELECT DISTINCT pdf FROM notifier.prints") == [(b"%PDF",)]


async def test_chains_of_audit_rows_hold(engine: AsyncEngine) -> None:
    await fill_house(engine)
    await upgrade(engine)
    for service in ("registry", "scoring"):
        chains = await verify_chains(address(engine), service)
        assert chains
        assert all(chain.broken is None for chain in chains)


async def test_whose_everything_is_is_said_once(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    await fill_house(engine)
    with caplog.at_level(logging.WARNING):
        await upgrade(engine)
        await upgrade(engine)
    # What the whole country corrected is still whose it was, and what it wrote first names nobody.
    assert [record.getMessage() for record in caplog.records] == [
        f"rows by office: {CITY} 10, {COUNTY} 11, {OTHER} 3",
        "what was recorded for the whole country belongs to office 000000",
        "what was stored for the whole country belongs to office 000000",
    ]


async def test_a_county_that_the_whole_country_s_token_kept(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    async with engine.begin() as connection:
        data = DataOfBefore(connection)
        # The region was mistyped at first.
        for region in ("350522", COUNTY):
            await data.record("units", "", unit_id="U1", region_code=region)
        await data.record("projects", "", project_id="P1", unit_id="U1", region_code="350521001")
        await data.upload("", "U1")
        await data.upload("", applied=True)
        await data.store_run("")
        await data.enter("", "U1")
        await data.judge("", "P1", "U1")
        await data.issue("P1", "U1", COUNTY)
    with caplog.at_level(logging.WARNING):
        await upgrade(engine)
    for table in ("registry.units", "registry.projects", "registry.imports", "registry.events"):
        assert await rows(engine, f"SELECT DISTINCT office FROM {table}") == [(COUNTY,)]
    for table in ("runs", "entries", "judgements"):
        found = await rows(engine, f"SELECT office, region FROM scoring.{table}")
        assert found == [(COUNTY, COUNTY)]
    assert await rows(engine, "SELECT office FROM notifier.letters") == [(COUNTY,)]
    assert caplog.messages == [
        f"rows by office: {COUNTY} 3",
        f"what was recorded for the whole country belongs to office {COUNTY}",
        f"what was stored for the whole country belongs to office {COUNTY}",
    ]


@pytest.mark.parametrize("service", ["scoring", "notifier"])
async def test_the_registry_comes_first(engine: AsyncEngine, service: str) -> None:
    await fill_house(engine)
    with pytest.raises(RegistryNotUpgraded, match="registry"):
        await upgrade(engine, service)
    await upgrade(engine, "registry", service)


async def test_a_lock_that_somebody_holds_leaves_everything_as_it_was(engine: AsyncEngine) -> None:
    await fill_house(engine)
    async with engine.begin() as connection:
        await connection.execute(text("LOCK TABLE registry.events IN SHARE MODE"))
        with pytest.raises(SchemaLocked, match="registry"):
            await upgrade(engine)
    query = "SELECT version_num FROM registry.alembic_version"
    assert await rows(engine, query) == [("0004",)]
    await upgrade(engine)
    assert len(await offices(engine, "registry.units", "unit_id")) > 1

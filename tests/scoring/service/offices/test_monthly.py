"""Months are run for each office with facts, and for a region that is no office's own."""

from collections.abc import Sequence

import httpx
import pytest

from services.scoring.registry_client import RegistryClient
from services.scoring.runs.rules import needs_region_run
from services.scoring.runs.service import RunSources
from services.scoring.runs.worker import run_months
from services.scoring.settings import MonthlyRuns
from shared.database.jobs import Job
from shared.database.sessions import Sessions
from shared.http.facts_client import RegistryAway
from tests.scoring.service.conftest import As
from tests.scoring.service.offices.office_registry import (
    BESIDE,
    CITY,
    COUNTY,
    FACTS,
    REGION,
    STATISTICS,
    TOWNSHIP,
    OfficeRegistries,
    OfficeRegistry,
)


@pytest.mark.parametrize(
    ("region", "offices", "needed"),
    [
        ("", [COUNTY], False),
        ("", [COUNTY, BESIDE], True),
        (REGION, [COUNTY, BESIDE], True),
        (REGION, [CITY, COUNTY, BESIDE], False),
        (COUNTY, [COUNTY], False),
        ("", [], False),
    ],
)
def test_a_region_of_several_offices_has_a_run_unless_it_is_an_offices(
    region: str, offices: Sequence[str], needed: bool
) -> None:
    assert needs_region_run(region, offices) == needed


async def run_of(sessions: Sessions, offices: OfficeRegistry, *regions: str) -> None:
    async with offices.reader as http:
        sources = RunSources(sessions.begin, RegistryClient(http))
        await run_months(sessions, sources, MonthlyRuns(regions=regions), Job({}))


async def runs_seen(client: httpx.AsyncClient) -> list[tuple[str, str]]:
    items = (await client.get("/v1/runs")).json()["items"]
    return [(run["office"], run["region"]) for run in items]


@pytest.mark.parametrize(
    ("with_facts", "region", "expected"),
    [
        ([CITY, COUNTY, BESIDE], REGION, [(CITY, REGION), (COUNTY, COUNTY), (BESIDE, BESIDE)]),
        ([COUNTY, BESIDE], REGION, [(COUNTY, COUNTY), (BESIDE, BESIDE), ("", REGION)]),
        ([COUNTY, BESIDE], "", [(COUNTY, COUNTY), (BESIDE, BESIDE), ("", "")]),
        ([COUNTY], "", [(COUNTY, COUNTY)]),
        ([COUNTY, BESIDE], COUNTY, [(COUNTY, COUNTY)]),
        ([COUNTY], TOWNSHIP, [(COUNTY, TOWNSHIP)]),
        ([], "", []),
    ],
)
async def test_each_office_has_its_run_once(
    with_facts: list[str],
    region: str,
    expected: list[tuple[str, str]],
    registries: OfficeRegistries,
    sessions: Sessions,
    as_: As,
) -> None:
    for _ in range(2):
        offices = await registries.of({office: FACTS[office] for office in with_facts})
        await run_of(sessions, offices, region)
    assert await runs_seen(as_("office", region="")) == expected


async def test_an_office_that_fails_keeps_no_other_waiting(
    registries: OfficeRegistries, sessions: Sessions, as_: As
) -> None:
    offices = await registries.of({office: FACTS[office] for office in (COUNTY, BESIDE)})
    offices.unreachable.add(COUNTY)
    with pytest.raises(RegistryAway):
        await run_of(sessions, offices, COUNTY, BESIDE)
    assert await runs_seen(as_("office", region="")) == [(BESIDE, BESIDE)]


async def test_an_office_without_units_is_not_run(
    registries: OfficeRegistries, sessions: Sessions, as_: As
) -> None:
    offices = await registries.of({COUNTY: STATISTICS})
    await run_of(sessions, offices, COUNTY)
    assert any("/v1/facts/units" in asked for asked in offices.asked)
    assert await runs_seen(as_("office", region="")) == []

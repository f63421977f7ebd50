"""Letters of a period on a house where a second ledger came in without dates that were stored."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.server.all_in_one import SERVICE_NAMES
from shared.http.tokens import Issuer
from tests.databases import database
from tests.paths import GOLDEN
from tests.registry.clients import REGION, zipped
from tests.scoring.engine.results.test_golden import DATE, golden
from tests.together.ledgers import csv_rows, zipped_rows
from tests.together.system import LETTERHEAD, all_items, answer, opened, taken_over
from tests.together.test_golden import LETTERS, ledger_of

[DOCUMENT, *_] = [path for path in LETTERS if ledger_of(path) == "county"]
COUNTY = GOLDEN / "county"


@pytest.fixture
async def office(server: str, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        database(server, "second_ledger", *SERVICE_NAMES) as url,
        opened(url, issuer) as as_,
    ):
        client = as_("office")
        await taken_over(client, zipped(COUNTY))
        await answer(client, "PUT", f"/registry/v1/offices/{REGION}", json=LETTERHEAD)
        yield client


def milestones(actual: dict[str, str]) -> bytes:
    """The milestones alone: without their actual dates, or with these instead."""
    rows = csv_rows(COUNTY)["milestones"]
    rest = [{column: row[column] for column in row if column != "actual_on"} for row in rows]
    return zipped_rows({"milestones": [row | actual for row in rest]})


async def letters_of(office: httpx.AsyncClient, document: Path) -> list[dict[str, Any]]:
    """What is issued in the period of a golden document, as far as it tells of letters."""
    expected: list[dict[str, Any]] = golden(document)["letters"]
    first, last = DATE.findall(document.name)
    await answer(office, "POST", "/notifier/v1/sweeps", json={"from_on": first, "to_on": last})
    letters = await all_items(office, "/notifier/v1/letters")
    return [{name: letter[name] for name in expected[0]} for letter in letters]


async def test_a_file_without_actual_dates_brings_no_letter(office: httpx.AsyncClient) -> None:
    await taken_over(office, milestones({}))
    assert await letters_of(office, DOCUMENT) == golden(DOCUMENT)["letters"]


async def test_a_file_with_blank_actual_dates_says_that_nothing_has_begun(
    office: httpx.AsyncClient,
) -> None:
    await taken_over(office, milestones({"actual_on": ""}))
    letters = await letters_of(office, DOCUMENT)
    assert len(letters) > len(golden(DOCUMENT)["letters"])

"""The ten golden documents through HTTP: a ledger in, runs read back, the letters of a period."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from services.cli.main import app
from shared.tokens import Issuer
from tests.registry.clients import GOLDEN, zipped
from tests.scoring.test_golden import DATE, DOCUMENTS, asked_for, command, golden
from tests.together.house import all_items, answer, database, opened, taken_over

SCORES = [path for path in DOCUMENTS if ".score-" in path.name]
LETTERS = [path for path in DOCUMENTS if ".letters-" in path.name]
LEDGERS = ("county", "small")


def ledger_of(document: Path) -> str:
    return document.name.split(".")[0]


def stem(path: Path) -> str:
    return path.stem


@pytest.fixture(scope="module")
async def imported(server: str, issuer: Issuer) -> AsyncIterator[None]:
    """A database a golden ledger, each imported over HTTP; the house in it is closed again."""
    async with AsyncExitStack() as kept:
        for name in LEDGERS:
            url = await kept.enter_async_context(database(server, imported_in(name)))
            async with opened(url, issuer) as as_:
                found = await taken_over(as_("office"), zipped(GOLDEN / name))
                assert found["errors"] == 0
        yield


def imported_in(ledger: str) -> str:
    return f"golden_{ledger}"


@pytest.fixture
async def office(
    imported: None, server: str, issuer: Issuer, document: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """A house of the test's own, in a copy of the database with the document's ledger."""
    ledger = ledger_of(document)
    async with (
        database(server, f"{imported_in(ledger)}_again", copied_from=imported_in(ledger)) as url,
        opened(url, issuer) as as_,
    ):
        yield as_("office")


def test_there_are_six_scores_and_four_periods_of_letters() -> None:
    assert (len(SCORES), len(LETTERS)) == (6, 4)
    assert {ledger_of(path) for path in DOCUMENTS} == set(LEDGERS)


@pytest.mark.parametrize("document", SCORES, ids=stem)
async def test_a_run_reads_back_as_the_golden_document(
    document: Path, office: httpx.AsyncClient
) -> None:
    expected = golden(document)
    (day,) = DATE.findall(document.name)

    run = await answer(office, "POST", "/scoring/v1/runs", json={"as_of": day})
    path = f"/scoring/v1/runs/{run['id']}"
    kept = (await office.get(f"{path}/document")).content
    lights = await all_items(office, f"{path}/lights")
    ranking = await answer(office, "GET", f"{path}/ranking")

    assert asked_for(json.loads(kept), expected) == expected
    assert asked_for(lights, expected["lights"]) == expected["lights"]
    assert asked_for(ranking["groups"], expected["groups"]) == expected["groups"]
    printed = CliRunner().invoke(app, command(document, GOLDEN / ledger_of(document)))
    assert kept == printed.stdout_bytes


@pytest.mark.parametrize("document", LETTERS, ids=stem)
async def test_the_letters_of_a_period_are_those_of_the_golden_document(
    document: Path, office: httpx.AsyncClient
) -> None:
    """Every day of the period in one request, on a house where no letter has gone out before."""
    expected: list[dict[str, Any]] = golden(document)["letters"]
    first, last = DATE.findall(document.name)

    swept = await answer(
        office, "POST", "/notifier/v1/sweeps", json={"from_on": first, "to_on": last}
    )
    letters = await all_items(office, "/notifier/v1/letters")

    assert swept["not_printed"] == []
    assert [{name: letter[name] for name in expected[0]} for letter in letters] == expected
    numbers = [f"岚重办〔2022〕{n}号" for n in range(1, len(expected) + 1)]
    assert [letter["number"] for letter in letters] == numbers
    assert [letter["id"] for letter in swept["issued"]] == [letter["id"] for letter in letters]

"""The ten golden documents through HTTP: a ledger in, runs read back, the letters of a period."""

import hashlib
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.cli.server.all_in_one import SERVICE_NAMES
from shared.facts.tables import FACT_KINDS
from shared.http.tokens import Issuer
from tests.databases import database
from tests.paths import GOLDEN
from tests.registry.clients import REGION, zipped
from tests.scoring.engine.results.test_golden import DATE, DOCUMENTS, asked_for, command, golden
from tests.together.system import LETTERHEAD, all_items, answer, opened, taken_over

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
            url = await kept.enter_async_context(
                database(server, imported_in(name), *SERVICE_NAMES)
            )
            async with opened(url, issuer) as as_:
                found = await taken_over(as_("office"), zipped(GOLDEN / name))
                assert found["errors"] == 0
                path = f"/registry/v1/offices/{REGION}"
                await answer(as_("office"), "PUT", path, json=LETTERHEAD)
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
    assert kept == printed(document, GOLDEN / ledger_of(document))


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


CORRECTED = [path for path in SCORES if path.stem == "county.score-2022-09-30"]


@pytest.mark.parametrize("document", CORRECTED, ids=stem)
async def test_a_report_of_august_that_is_corrected_later_changes_only_what_is_known_now(
    document: Path, office: httpx.AsyncClient, tmp_path: Path
) -> None:
    """As known then: the golden document, for ever. As known now: as if it had been right."""
    ask = {"as_of": "2022-09-30"}
    old = await answer(office, "POST", "/scoring/v1/runs", json=ask)
    path = f"/scoring/v1/runs/{old['id']}"
    kept = (await office.get(f"{path}/document")).content

    await correct(office)

    then = {"known_at": old["known_at"]}
    before, after = await facts(office, **then), await facts(office)
    assert [json.loads(row)["invested_ytd_yuan"] for row in before - after] == [REPORTED]
    assert [json.loads(row)["invested_ytd_yuan"] for row in after - before] == [RIGHT]

    new = await answer(office, "POST", "/scoring/v1/runs", json=ask)
    known_now = (await office.get(f"/scoring/v1/runs/{new['id']}/document")).content
    assert known_now == printed(document, corrected_ledger(tmp_path))
    assert known_now != kept

    assert await answer(office, "POST", "/scoring/v1/runs", json=ask | then) == old
    repeated = await answer(office, "POST", f"{path}/repeat")
    assert repeated["same"]
    assert repeated["repeated_sha256"] == hashlib.sha256(kept).hexdigest()
    assert (await office.get(f"{path}/document")).content == kept
    assert asked_for(json.loads(kept), golden(document)) == golden(document)


PLACE, REPORTED, RIGHT = ("P059", "2022-08-15"), 97_816_506, 7_816_506


async def correct(office: httpx.AsyncClient) -> None:
    """A report of August, of which a digit too many was typed, put right."""
    path = "/registry/v1/projects/{}/progress/{}".format(*PLACE)
    seen = await office.get(path)
    report = {"invested_ytd_yuan": RIGHT, "note": seen.json()["note"], "why": "多录一位"}
    await answer(office, "PUT", path, json=report, headers={"if-match": seen.headers["etag"]})


async def facts(office: httpx.AsyncClient, **asked: str) -> set[str]:
    """The rows of every table as known at a moment."""
    lines = {"accept": "application/x-ndjson"}
    found = set()
    for table in FACT_KINDS:
        told = await office.get(f"/registry/v1/facts/{table}", params=asked, headers=lines)
        assert told.is_success, told.text
        found |= set(told.text.splitlines())
    return found


def corrected_ledger(folder: Path) -> Path:
    ledger = folder / "corrected"
    shutil.copytree(GOLDEN / "county", ledger)
    told = (ledger / "progress.csv").read_text(encoding="utf-8")
    wrong, right = (",".join((*PLACE, str(amount))) for amount in (REPORTED, RIGHT))
    assert told.count(wrong) == 1
    (ledger / "progress.csv").write_text(told.replace(wrong, right), encoding="utf-8")
    return ledger


def printed(document: Path, ledger: Path) -> bytes:
    """What `bairi score` or `bairi letters` prints of a ledger."""
    return CliRunner().invoke(app, command(document, ledger)).stdout_bytes

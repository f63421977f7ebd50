"""The same facts, from files or record by record: one digest, and the same documents to the byte.

Rows and columns come in other orders, and with columns that are blank.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.server.all_in_one import SERVICE_NAMES
from services.registry.records.resource import Resource
from services.registry.resources import RESOURCES
from shared.facts.tables import FACT_COLUMNS
from shared.http.tokens import Issuer
from shared.ledger.writer import write_ledger
from tests.databases import database
from tests.paths import GOLDEN
from tests.registry.clients import REGION, ledger, zipped
from tests.together.ledgers import Rows, csv_rows, zipped_rows
from tests.together.system import LETTERHEAD, answer, opened, taken_over

LEDGER, DAY = "small", "2022-09-30"
DOCUMENTS = ("document", "bulletin.pdf", "bulletin.xlsx")
Source = Callable[[httpx.AsyncClient, Path], Awaitable[None]]


# --- sources --------------------------------------------------------------------------------------


async def csv_files(office: httpx.AsyncClient, _: Path) -> None:
    await taken_over(office, zipped(GOLDEN / LEDGER))


async def csv_files_otherwise(office: httpx.AsyncClient, _: Path) -> None:
    """Rows and columns from the last to the first, and blank columns that the ledger lacks."""

    def turned(table: str, rows: Rows) -> Rows:
        blank = {column.name: "" for column in FACT_COLUMNS[table]}
        return [dict(reversed([*(blank | row).items()])) for row in reversed(rows)]

    tables = csv_rows(GOLDEN / LEDGER)
    found = {name: turned(name, rows) for name, rows in tables.items()}
    assert all(len(found[name][0]) >= len(rows[0]) for name, rows in tables.items())
    assert "is_secret" in found["projects"][0].keys() - tables["projects"][0].keys()
    await taken_over(office, zipped_rows(found))


async def workbook(office: httpx.AsyncClient, folder: Path) -> None:
    path = folder / "ledger.xlsx"
    write_ledger(ledger(LEDGER), path)
    await taken_over(office, path.read_bytes())


async def records(office: httpx.AsyncClient, _: Path) -> None:
    """One record after the other, in the order of their texts."""
    for resource in RESOURCES:
        for method, path, given in sorted(requests(resource), key=repr):
            await answer(office, method, f"/registry/v1{path}", **given)


def requests(resource: Resource) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """A request for each record that the ledger has of a resource."""
    for row in ledger(LEDGER).tables[resource.kind.name].to_pylist():
        if is_of(resource, row):
            values = json.loads(json.dumps(row, default=str))
            body = {c: v for c, v in values.items() if c not in resource.address_columns}
            params = {c: values[c] for c in resource.query_key if values[c] is not None}
            method = "POST" if resource.is_keyless else "PUT"
            path = resource.list_path if resource.is_keyless else resource.item_path
            yield method, path.format(**values), {"json": body, "params": params}


def is_of(resource: Resource, row: Mapping[str, Any]) -> bool:
    """Whether a row is of a resource, which may have a part of its kind, or all but that."""
    if resource.part:
        return row[resource.part.column] is not None
    return not resource.blank or row[resource.blank] is None


SOURCES: tuple[Source, ...] = (csv_files, csv_files_otherwise, workbook, records)


# --- what comes of them ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """A run over facts, and its documents."""

    facts_digest: str
    documents: Mapping[str, bytes]


@pytest.fixture(scope="module")
async def made(
    server: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Mapping[str, Made]]:
    """By source, each in a house of its own: all runs are of one moment, which documents tell."""
    async with AsyncExitStack() as kept:
        offices: dict[str, httpx.AsyncClient] = {}
        for source in SOURCES:
            name = source.__name__
            url = await kept.enter_async_context(
                database(server, f"facts_of_{name}", *SERVICE_NAMES)
            )
            office = (await kept.enter_async_context(opened(url, issuer)))("office")
            await answer(office, "PUT", f"/registry/v1/offices/{REGION}", json=LETTERHEAD)
            await source(office, tmp_path_factory.mktemp(name))
            moment = (await answer(office, "GET", "/registry/v1/facts"))["known_at"]
            offices[name] = office
        yield {name: await run(office, moment) for name, office in offices.items()}


async def run(office: httpx.AsyncClient, moment: str) -> Made:
    asked = {"as_of": DAY, "known_at": moment}
    found = await answer(office, "POST", "/scoring/v1/runs", json=asked)
    documents = {}
    for name in DOCUMENTS:
        document = await office.get(f"/scoring/v1/runs/{found['id']}/{name}")
        assert document.is_success, document.text
        documents[name] = document.content
    return Made(found["facts_digest"], documents)


def test_the_same_facts_have_one_digest_wherever_they_come_from(
    made: Mapping[str, Made],
) -> None:
    digests = {name: each.facts_digest for name, each in made.items()}
    assert digests == dict.fromkeys(digests, made["csv_files"].facts_digest)
    assert len(digests) == len(SOURCES)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_same_facts_have_the_same_documents(made: Mapping[str, Made], document: str) -> None:
    expected = made["csv_files"].documents[document]
    assert {name for name, each in made.items() if each.documents[document] != expected} == set()

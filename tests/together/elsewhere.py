"""`python -m tests.together.elsewhere`: whether answers take longer for what exists elsewhere.

Who may not see a thing gets for its id the very answer that it gets for an id that is nowhere. This
measures that the two take the same time, too: the same request by turns with both ids.
"""

import asyncio
import json
import statistics
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.table import Table

from shared.database.embedded_postgres import run_embedded_server
from shared.http.tokens import Issuer, Role
from tests.together.callers import Asker
from tests.together.house import HouseWithCounty, asked_house, furnished, places_in
from tests.together.operations import IDS, Operation, Request, names_in, operations
from tests.together.permissions import FOR_EVERYBODY, MAY, OF_THE_REGION
from tests.together.regions import BESIDE, OTHER_UNIT, OWN

REQUESTS = 200  # with each id
WIDTH = 150  # columns, where the output is no terminal
# Ids that are nowhere, by the part of an address; of other parts 999998 is nowhere. The second of
# each shows how far two ids differ that are both nowhere.
NOWHERE: Mapping[str, tuple[str, str]] = {
    "unit_id": ("U98", "U97"),
    "project_id": ("P998", "P997"),
    "problem_id": ("Q9998", "Q9997"),
    "office": ("990108", "990107"),
    "region_code": ("990108", "990107"),
}
# Instead of an id that the county beside has, too, one that it lacks.
NOT_BESIDE = {"U02": "U12"}
NUMBERS_NOWHERE = ("999998", "999997")
# What the same write says otherwise each time.
FLEETING = ("version", "recorded_at", "id")


@dataclass(frozen=True)
class Pair:
    """A request for what is elsewhere, and the same twice for what is nowhere.

    `ids` are the id that is elsewhere and the two others.
    """

    operation: Operation
    asker: Asker
    how: str
    ids: tuple[str, str, str]
    requests: tuple[Request, Request, Request]

    @property
    def label(self) -> str:
        return f"{self.operation.label} ({self.how})"


# --- what is asked --------------------------------------------------------------------------------


async def pairs(house: HouseWithCounty) -> list[Pair]:
    """Each operation with a place, by callers who may do the like and not see that place."""
    guarded = [each for each in operations(house.app.openapi()) if each.guarded]
    places = places_in(house, guarded, house.there.published_run)
    found: list[Pair] = []
    for each in guarded:
        names_an_id = any(map(is_an_id, names_in(each.path)))
        if each.is_place and names_an_id and each.name not in FOR_EVERYBODY:
            request = await places.request(each, house.as_("office"))
            found += pairs_of(each, request)
    return found


def pairs_of(operation: Operation, request: Request) -> Iterator[Pair]:
    """Pairs of a caller beside, who names the office or does not, and of another unit's."""
    addressed = request.of_office(operation, OWN)
    role = next(role for role in Role if operation.name in MAY[role])
    beside = Asker(role, BESIDE, None if role is Role.office else "U02")
    yield pair_of(operation, beside, "from beside, addressed", addressed)
    if addressed != request:
        unseen = request.without_headers()  # of the version, which only its office knows
        for own, missing in NOT_BESIDE.items():
            unseen = replace(unseen, url=unseen.url.replace(own, missing))
        yield pair_of(operation, beside, "from beside, plainly", unseen)
    if is_of_a_unit(operation):
        other = Asker(Role.unit, OWN, OTHER_UNIT)
        yield pair_of(operation, other, "of another unit", request)


def is_of_a_unit(operation: Operation) -> bool:
    """Whether a unit may do it to what is its own, and to nothing else."""
    return operation.name in MAY[Role.unit] - OF_THE_REGION and bool(
        {"unit_id", "project_id", "problem_id", "letter_id"} & {*names_in(operation.path)}
    )


def pair_of(operation: Operation, asker: Asker, how: str, request: Request) -> Pair:
    parts = [
        (index, names[0])
        for index, each in enumerate(operation.path.split("/"))
        if (names := names_in(each)) and is_an_id(names[0])
    ]
    # What is of another unit may be in a run that all may see.
    index, part = (
        parts[-1] if is_of_a_unit(operation) and len(parts) > 1 and asker.in_region else parts[0]
    )
    values = request.url.split("/")
    there = values[index].rpartition(":")[2]
    nowhere = NOWHERE.get(part, NUMBERS_NOWHERE)

    def asked_for(value: str) -> Request:
        changed = values[index].replace(there, value) if part in IDS else value
        url = "/".join([*values[:index], changed, *values[index + 1 :]])
        return replace(request, url=url)

    first, second = map(asked_for, nowhere)
    return Pair(operation, asker, how, (there, *nowhere), (request, first, second))


def is_an_id(part: str) -> bool:
    return part in NOWHERE or part.endswith("_id") or part == "version"


# --- what is answered -----------------------------------------------------------------------------


async def ask(
    house: HouseWithCounty, client: httpx.AsyncClient, request: Request
) -> httpx.Response:
    async with house.undone():
        return await client.request(request.method, request.url, **request.given)


async def answers_differ(house: HouseWithCounty, pair: Pair) -> str:
    """What the answers say otherwise, but for the id that was asked for; blank where nothing."""
    client = house.as_(pair.asker.role, pair.asker.region, pair.asker.unit)
    there, nowhere = [await ask(house, client, request) for request in pair.requests[:2]]
    one = content_of(there, "")
    other = content_of(nowhere, pair.ids[1], pair.ids[0])
    return "" if one == other and not there.is_server_error else f"{one} | {other}"


def content_of(answer: httpx.Response, said: str, instead: str = "") -> tuple[int, Any]:
    """Status and body of an answer, one id written instead of another."""
    text = answer.text.replace(said, instead) if said else answer.text
    body = json.loads(text) if answer.headers.get("content-type", "").endswith("json") else text
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name not in FLEETING}
    return answer.status_code, body


# --- how long it takes ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Times:
    """Medians of a pair in milliseconds."""

    pair: Pair
    elsewhere: float
    nowhere: float
    nowhere_again: float

    @property
    def ratio(self) -> float:
        return self.elsewhere / self.nowhere

    @property
    def noise(self) -> float:
        return self.nowhere_again / self.nowhere


async def measure(house: HouseWithCounty, pair: Pair, requests: int) -> Times:
    """Ask by turns, and each turn in another order."""
    client = house.as_(pair.asker.role, pair.asker.region, pair.asker.unit)
    took: tuple[list[float], ...] = ([], [], [])
    for turn in range(requests):
        for offset in range(3):
            which = (turn + offset) % 3
            request = pair.requests[which]
            async with house.undone():
                begun = perf_counter()
                await client.request(request.method, request.url, **request.given)
                took[which].append(1000 * (perf_counter() - begun))
    return Times(pair, *map(statistics.median, took))


def show(console: Console, found: list[Times], statuses: Mapping[str, int]) -> None:
    table = Table(title="Elsewhere ÷ nowhere, medians, the farthest from 1 first")
    for column in ("operation", "answer", "elsewhere ms", "nowhere ms", "ratio", "two nowhere"):
        table.add_column(column, justify="left" if column == "operation" else "right")
    for each in sorted(found, key=lambda times: -abs(times.ratio - 1)):
        label = each.pair.label
        figures = (each.elsewhere, each.nowhere, each.ratio, each.noise)
        table.add_row(label, str(statuses[label]), *(f"{figure:.3f}" for figure in figures))
    console.print(table)
    for name, ratios in (
        ("elsewhere ÷ nowhere", [each.ratio for each in found]),
        ("nowhere ÷ nowhere", [each.noise for each in found]),
    ):
        least, median, most = min(ratios), statistics.median(ratios), max(ratios)
        console.print(f"{name}: min {least:.3f} · median {median:.3f} · max {most:.3f}")


# --- the house ------------------------------------------------------------------------------------


@asynccontextmanager
async def house_of_its_own() -> AsyncIterator[HouseWithCounty]:
    folder = tempfile.TemporaryDirectory(prefix="bairi-elsewhere-")
    with folder as data, tempfile.TemporaryDirectory() as keys:
        issuer = Issuer(Path(keys) / "key.json")
        with run_embedded_server(Path(data)) as server:
            async with (
                furnished(server, issuer) as there,
                asked_house(server, issuer, there) as house,
            ):
                yield house


async def report(requests: int, word: str) -> bool:
    """Print the ratios; whether all answers were alike."""
    console = Console() if Console().is_terminal else Console(width=WIDTH)
    found, statuses, alike = list[Times](), dict[str, int](), True
    async with house_of_its_own() as house:
        for pair in await pairs(house):
            if word not in pair.label:
                continue
            client = house.as_(pair.asker.role, pair.asker.region, pair.asker.unit)
            statuses[pair.label] = (await ask(house, client, pair.requests[0])).status_code
            if differ := await answers_differ(house, pair):
                console.print(f"{pair.label}: {differ}")
                alike = False
            found.append(await measure(house, pair, requests))
    show(console, found, statuses)
    return alike


def main(
    requests: Annotated[int, typer.Argument(help="requests with each id")] = REQUESTS,
    word: Annotated[str, typer.Option(help="only operations whose label has it")] = "",
) -> None:
    """Compare answers for ids that exist elsewhere with those for ids that exist nowhere."""
    if not asyncio.run(report(requests, word)):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)

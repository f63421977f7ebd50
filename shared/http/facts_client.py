"""Facts over HTTP: those of a region, as they were known at a moment."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pyarrow as pa

from shared.facts.tables import FACT_KINDS, Facts
from shared.http.service_client import RemoteService, request_headers
from shared.problems import Problem

ARROW_MEDIA_TYPE = "application/vnd.apache.arrow.stream"
JSON_MEDIA_TYPE = "application/json"
EMPTY_TABLES = Facts.from_columns({}).tables


class RegistryAway(Problem):
    """登记服务没有应答

    The registry does not answer.
    """

    status = 503


class RegistryRefused(Problem):
    """登记服务的应答用不了

    The registry's answer cannot be used.
    """

    status = 502


REGISTRY_SERVICE = RemoteService("登记服务", "The registry", RegistryAway, RegistryRefused)


@dataclass(frozen=True)
class FactsSnapshot:
    """The facts of a region, and the moment at which they were known so."""

    known_at: datetime
    facts: Facts


@dataclass(frozen=True)
class SettledMoment:
    """A moment before which nothing will change any more, and offices that have facts, by code."""

    known_at: datetime
    offices: tuple[str, ...]


@dataclass(frozen=True)
class FactsClient:
    """`http` brings the registry's address and our token."""

    http: httpx.AsyncClient

    async def facts_known(
        self, known_at: datetime | None, region: str, tables: Iterable[str] = FACT_KINDS
    ) -> FactsSnapshot:
        """The tables of a region at one moment, the present one where none is given.

        Tables that are not asked for are empty. Raises RegistryAway, RegistryRefused, or
        InvalidRequest where the registry finds the moment or the region wrong.
        """
        return await self.load_facts(known_at, {"region": region}, tables)

    async def load_office_facts(
        self, known_at: datetime | None, office: str, tables: Iterable[str] = FACT_KINDS
    ) -> FactsSnapshot:
        """The own tables of one office at a moment; its ids are plain. Raises as `facts_known`."""
        return await self.load_facts(known_at, {"office": office}, tables)

    async def load_facts(
        self, known_at: datetime | None, asked: dict[str, str], tables: Iterable[str]
    ) -> FactsSnapshot:
        moment = (known_at or (await self.load_moment(**asked)).known_at).astimezone(UTC)
        params = {"known_at": moment.isoformat(), **asked}
        try:
            read = {name: await self.read_table(name, params) for name in tables}
        except httpx.TransportError as error:
            raise REGISTRY_SERVICE.no_answer(error) from error
        return FactsSnapshot(moment, Facts({**EMPTY_TABLES, **read}))

    async def load_moment(self, **asked: str) -> SettledMoment:
        """The settled moment of an `office=` or a `region=`, and the offices that have rows in it.

        Raises RegistryAway, RegistryRefused, InvalidRequest.
        """
        try:
            headers = request_headers(JSON_MEDIA_TYPE)
            response = await self.http.get("/v1/facts", params=asked, headers=headers)
        except httpx.TransportError as error:
            raise REGISTRY_SERVICE.no_answer(error) from error
        await REGISTRY_SERVICE.check_status(response)
        try:
            document = response.json()
            known_at = datetime.fromisoformat(document["known_at"])
            return SettledMoment(known_at, tuple(document["offices"]))
        except (ValueError, KeyError, TypeError) as error:
            raise REGISTRY_SERVICE.unusable_answer("/v1/facts", error) from error

    async def read_table(self, name: str, params: dict[str, str]) -> pa.Table:
        """One table; its columns are the bytes that came, so that there is no second copy."""
        path, received = f"/v1/facts/{name}", pa.BufferOutputStream()
        async with self.http.stream(
            "GET", path, params=params, headers=request_headers(ARROW_MEDIA_TYPE)
        ) as response:
            await REGISTRY_SERVICE.check_status(response)
            async for part in response.aiter_bytes():
                received.write(part)
        try:
            return await asyncio.to_thread(parse_arrow_table, name, received.getvalue())
        except (pa.ArrowException, KeyError) as error:
            raise REGISTRY_SERVICE.unusable_answer(path, error) from error


def parse_arrow_table(name: str, received: pa.Buffer) -> pa.Table:
    with pa.ipc.open_stream(received) as stream:
        table = stream.read_all()
    schema = EMPTY_TABLES[name].schema
    return table.select(schema.names).cast(schema)

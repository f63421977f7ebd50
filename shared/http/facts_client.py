"""Facts over HTTP: those of an office or a region, as they were known at a moment."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pyarrow as pa

from shared.facts.tables import FACT_KINDS, Facts
from shared.http.questions import Question
from shared.http.service_client import RemoteService, request_headers
from shared.offices import NO_OFFICE, region_prefix
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
    """The facts of a question, and the moment at which they were known so."""

    known_at: datetime
    facts: Facts


@dataclass(frozen=True)
class SettledMoment:
    """A moment before which nothing will change any more, and offices that have facts, by code."""

    known_at: datetime
    offices: tuple[str, ...]

    def offices_within(self, region: str) -> list[str]:
        """The offices that are for the region or a part of it; others have rows there, too."""
        return [office for office in self.offices if region_prefix(office).startswith(region)]


@dataclass(frozen=True)
class FactsClient:
    """`http` brings the registry's address and our token."""

    http: httpx.AsyncClient

    async def load_facts(
        self,
        question: Question,
        known_at: datetime | None = None,
        tables: Iterable[str] = FACT_KINDS,
    ) -> FactsSnapshot:
        """The tables of an office or a region at one moment, the present one where none is given.

        Of an office its own rows, ids plain, of less than an office those in that region; of a
        region all rows there, ids qualified. Tables that are not asked for are empty. Raises
        RegistryAway, RegistryRefused, or InvalidRequest where the registry finds the moment or the
        region wrong.
        """
        moment = (known_at or (await self.load_moment(question)).known_at).astimezone(UTC)
        params = {"known_at": moment.isoformat(), **question_parameters(question)}
        try:
            read = {name: await self.read_table(name, params) for name in tables}
        except httpx.TransportError as error:
            raise REGISTRY_SERVICE.no_answer(error) from error
        return FactsSnapshot(moment, Facts({**EMPTY_TABLES, **read}))

    async def load_moment(self, question: Question) -> SettledMoment:
        """The settled moment of a question, and the offices that have rows of it.

        Raises RegistryAway, RegistryRefused, InvalidRequest.
        """
        params, headers = question_parameters(question), request_headers(JSON_MEDIA_TYPE)
        try:
            response = await self.http.get("/v1/facts", params=params, headers=headers)
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


def question_parameters(question: Question) -> dict[str, str]:
    """The parameters by which a service asks another about a question."""
    if question.office == NO_OFFICE:
        return {"region": question.region}
    within = {"within": question.region} if question.is_narrow else {}
    return {"office": question.office, **within}


def parse_arrow_table(name: str, received: pa.Buffer) -> pa.Table:
    with pa.ipc.open_stream(received) as stream:
        table = stream.read_all()
    schema = EMPTY_TABLES[name].schema
    return table.select(schema.names).cast(schema)

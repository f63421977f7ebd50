"""The only place that calls the registry: the facts of a region, as they were known at a moment."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import httpx
import pyarrow as pa
from fastapi import Depends, Request

from services.scoring.execution.keeping import schema_of
from shared.facts import TABLES, Facts
from shared.logs import REQUEST_ID
from shared.problems import InvalidRequest, Problem

ARROW = "application/vnd.apache.arrow.stream"


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


@dataclass(frozen=True)
class Known:
    """The facts of a region, and the moment at which they were known so."""

    known_at: datetime
    facts: Facts


@dataclass(frozen=True)
class RegistryClient:
    """`http` brings the registry's address and our token."""

    http: httpx.AsyncClient

    async def facts_known(self, known_at: datetime | None, region: str) -> Known:
        """All tables at one moment, the present one where none is given.

        Raises RegistryAway, RegistryRefused, or InvalidRequest where the registry finds the moment
        or the region wrong.
        """
        try:
            moment = (known_at or await self.settled()).astimezone(UTC)
            asked = {"known_at": moment.isoformat(), "region": region}
            return Known(moment, Facts({name: await self.table(name, asked) for name in TABLES}))
        except httpx.TransportError as error:
            said = str(error) or type(error).__name__
            raise RegistryAway(
                f"取数据时出错：{said}", f"While facts were asked for: {said}"
            ) from error

    async def settled(self) -> datetime:
        """A moment before which the registry's facts will not change any more."""
        answer = await self.http.get("/v1/facts", headers=headers("application/json"))
        await refuse(answer)
        try:
            return datetime.fromisoformat(answer.json()["known_at"])
        except (ValueError, KeyError, TypeError) as error:
            raise not_understood("/v1/facts", error) from error

    async def table(self, name: str, asked: dict[str, str]) -> pa.Table:
        """One table; its columns are the bytes that came, so that there is no second copy."""
        path, received = f"/v1/facts/{name}", pa.BufferOutputStream()
        async with self.http.stream("GET", path, params=asked, headers=headers(ARROW)) as answer:
            await refuse(answer)
            async for part in answer.aiter_bytes():
                received.write(part)
        try:
            return await asyncio.to_thread(read_table, name, received.getvalue())
        except (pa.ArrowException, KeyError) as error:
            raise not_understood(path, error) from error


def read_table(name: str, received: pa.Buffer) -> pa.Table:
    with pa.ipc.open_stream(received) as stream:
        table = stream.read_all()
    return table.select(schema_of(name).names).cast(schema_of(name))


def headers(accept: str) -> dict[str, str]:
    """What every question carries: our request's id, so that the two logs can be read together."""
    return {"accept": accept, **({"x-request-id": i} if (i := REQUEST_ID.get()) else {})}


async def refuse(answer: httpx.Response) -> None:
    if answer.status_code == httpx.codes.OK:
        return
    await answer.aread()
    said = detail_of(answer)
    if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
        raise InvalidRequest(f"登记服务：{said}", f"The registry says: {said}")
    problem = RegistryAway if answer.status_code == RegistryAway.status else RegistryRefused
    raise problem(
        f"{answer.url.path} 应答 {answer.status_code}：{said}",
        f"{answer.url.path} answered {answer.status_code}: {said}",
    )


def detail_of(answer: httpx.Response) -> str:
    try:
        body: Any = answer.json()
        return str(body.get("detail") or body["title"])
    except (ValueError, KeyError, AttributeError):
        return answer.text[:200]


def not_understood(path: str, error: Exception) -> RegistryRefused:
    return RegistryRefused(f"{path} 的应答看不懂：{error}", f"{path} answered nonsense: {error}")


def registry_of(request: Request) -> RegistryClient:
    return RegistryClient(request.app.state.registry)


Registry = Annotated[RegistryClient, Depends(registry_of)]

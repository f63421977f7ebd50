"""`Idempotency-Key`: a write that is sent again is answered again, and done once.

The answer is stored in the transaction of the write itself, so that after a crash there are both or
neither. Only answers are stored: a request that failed left nothing, and may be tried again.
"""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from sqlalchemy import DateTime, func, select
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData

from shared.clock import Now
from shared.database.sessions import Session, SessionFactory
from shared.http.auth import AuthenticatedCaller
from shared.http.narrow_routes import Handler
from shared.http.service_route import FORM_TYPE, ServiceRoute, read_form
from shared.http.tokens import Caller
from shared.http.uploads import digest_file
from shared.problems import Conflict, InvalidRequest, raises

ReadSessionFactory = Callable[[], AbstractAsyncContextManager[AsyncSession]]
KEY_PATTERN = r"^[!-~]{8,80}$"  # a header is no text of a language
STORED_HEADERS = ("content-type", "etag", "location")


class KeyUsedForAnother(InvalidRequest):
    """幂等键已用于另一个请求

    The key has been used for another request.
    """


class StillRunning(Conflict):
    """同一请求正在处理

    The same request is still running.
    """


class AnswerColumns(SQLModel):
    """A stored answer; `request` is the digest of the request and its caller."""

    who: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request: str
    status: int
    headers: str
    body: bytes
    at: datetime = Field(sa_type=DateTime(timezone=True))


@dataclass
class KeyedRequest:
    """A request with a key, from its first byte to its answer."""

    request: str
    keep: Callable[[Response], Awaitable[None]] | None = None


class Kept(Exception):
    """Signal that the answer is stored already; no error."""

    def __init__(self, response: Response) -> None:
        self.response = response


class IdempotentRoute(ServiceRoute):
    """Route of a write. It works inside `sessions.open_transaction`."""

    def wrap_handler(self, handle: Handler) -> Handler:
        async def answer(request: Request) -> Response:
            if "idempotency-key" not in request.headers:
                return await handle(request)
            keyed = request.state.keyed = KeyedRequest(await request_digest(request))
            try:
                response = await handle(request)
            except Kept as kept:
                return kept.response
            if keyed.keep:
                await keyed.keep(response)
            return response

        return answer


async def request_digest(request: Request) -> str:
    """Digest of a request; of a form by its parts, as a file is never held in memory."""
    line = f"{request.method} {request.url.path}?{request.url.query} "
    line += request.headers.get("if-match", "")
    if request.headers.get("content-type", "").startswith(FORM_TYPE):
        content = await describe_form(await read_form(request))
    else:
        content = await request.body()
    return hashlib.sha256(line.encode() + b"\n" + content).hexdigest()


async def describe_form(form: FormData) -> bytes:
    """The parts of a form, each file by its name and the digest of its content."""
    parts = []
    for name, part in form.multi_items():
        if isinstance(part, str):
            parts.append([name, part])
        else:
            digest = await asyncio.to_thread(digest_file, part.file)
            parts.append([name, part.filename or "", digest])
    return json.dumps(parts).encode()


def caller_digest(request: str, caller: Caller) -> str:
    """Digest of a request and its caller: with another role or region it is another request."""
    scope = f"{request} {caller.role} {caller.region} {caller.unit_id}"
    return hashlib.sha256(scope.encode()).hexdigest()


@raises(StillRunning, KeyUsedForAnother)
async def replay_or_store(
    request: Request,
    session: Session,
    caller: AuthenticatedCaller,
    now: Now,
    key: Annotated[
        str | None, Header(alias="Idempotency-Key", title="幂等键", pattern=KEY_PATTERN)
    ] = None,
) -> None:
    """Answer with the stored answer, or arrange for the answer to be stored."""
    if key is None:
        return
    lock = func.hashtextextended(f"{caller.name} {key}", 0)
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(lock))):
        raise StillRunning("请稍后再试", "Try again in a moment.")
    keyed: KeyedRequest = request.state.keyed
    keyed.request = caller_digest(keyed.request, caller)
    table: type[AnswerColumns] = request.app.state.answers
    kept = await session.get(table, (caller.name, key))
    if kept and kept.request != keyed.request:
        raise KeyUsedForAnother("请换一个幂等键", "Choose another key.")
    if kept:
        raise Kept(Response(kept.body, kept.status, dict(parse_headers(kept.headers))))

    async def keep(response: Response) -> None:
        headers = [f"{name}: {response.headers[name]}" for name in stored_header_names(response)]
        answer = table(
            who=caller.name,
            key=key,
            request=keyed.request,
            status=response.status_code,
            headers="\n".join(headers),
            body=bytes(response.body),
            at=now,
        )
        session.add(answer)
        await session.flush()

    keyed.keep = keep


def stored_header_names(response: Response) -> list[str]:
    return [name for name in STORED_HEADERS if name in response.headers]


def parse_headers(headers: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (h.partition(": ") for h in headers.splitlines())]


async def get_read_session_factory(
    request: Request, session: Session, sessions: SessionFactory
) -> ReadSessionFactory:
    """Sessions for the reads of a long write: separate, so that meanwhile it holds no connection.

    With a key its own transaction has begun, and waiting for a second connection might never end.
    """
    if "idempotency-key" in request.headers:
        return lambda: nullcontext(session)
    return sessions.begin


IdempotencyCheck = Depends(replay_or_store)
SeparateReadSession = Annotated[ReadSessionFactory, Depends(get_read_session_factory)]

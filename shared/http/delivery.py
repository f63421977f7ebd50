"""Delivery: the last step of every answer, so that it costs its reader few bytes or none.

One pass over an answer gives it `ETag`, `Cache-Control` and `Vary`, makes it a 304 or a part where
that is asked, compresses it, and leaves out the body for HEAD. A route says itself whether its
answers stay what they are: `@never_changes`.
"""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.byte_ranges import RangeNotSatisfiable, is_unchanged, parse_range
from shared.http.entity_tags import digest_tag, is_named, weaken_tag
from shared.problems import Problem

GZIP_LEAST_BYTES = 1000
# Of the ten commonest answers (202 kB) 10.7 % are left, in 0.6 ms; level 6 leaves 9.2 %, in 1.5.
GZIP_LEVEL = 3
GZIP_WINDOW = 16 + zlib.MAX_WBITS  # with gzip's head and foot
THREAD_BYTES = 128 * 1024  # from here on compressed in a thread, so that others are answered
COMPRESSIBLE_TYPES = frozenset(
    {
        b"application/json",
        b"application/problem+json",
        b"application/javascript",
        b"application/vnd.apache.arrow.stream",
        b"application/x-ndjson",
    }
)
OFFICE_TYPE = b"application/vnd.openxmlformats-officedocument."
DOCUMENT_TYPES = frozenset(
    {
        b"application/pdf",
        OFFICE_TYPE + b"wordprocessingml.document",
        OFFICE_TYPE + b"spreadsheetml.sheet",
    }
)
IMMUTABLE = b"private, max-age=31536000, immutable"
PRIVATE, PUBLIC = b"private, no-cache", b"no-cache"
# Request headers that decide how an answer is delivered.
CONDITION_HEADERS = frozenset(
    {b"accept-encoding", b"authorization", b"if-none-match", b"if-range", b"range"}
)
REFUSED_CODING = frozenset({"q=0", "q=0.0", "q=0.00", "q=0.000"})

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])
Headers = list[tuple[bytes, bytes]]
ProblemHandler = Callable[[Request, Problem], Awaitable[Response]]


def never_changes(function: AnyFunction) -> AnyFunction:
    """Declare that what an endpoint once answered to a caller is its answer for ever."""
    function.__dict__["never_changes"] = True
    return function


class DeliveryMiddleware:
    """Middleware that delivers answers.

    Below the paths `passed` are applications that deliver their own, so that their logs and metrics
    tell what was sent.
    """

    def __init__(
        self, app: ASGIApp, handle_problem: ProblemHandler, passed: tuple[str, ...] = ()
    ) -> None:
        self.app, self.handle_problem, self.passed = app, handle_problem, passed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (self.passed and scope["path"].startswith(self.passed)):
            await self.app(scope, receive, send)
            return
        delivery = Delivery(scope, send, self.handle_problem)
        await self.app(delivery.inner_scope, receive, delivery.send)
        if delivery.inner_scope is not scope and "route" in delivery.inner_scope:
            scope["route"] = delivery.inner_scope["route"]  # for the metrics


class Delivery:
    """One answer on its way out; `inner_scope` is the request as the application sees it."""

    def __init__(self, scope: Scope, send: Send, handle_problem: ProblemHandler) -> None:
        self.send_on, self.handle_problem = send, handle_problem
        self.method: str = scope["method"]
        self.asked: dict[bytes, bytes] = {
            name: value for name, value in scope["headers"] if name in CONDITION_HEADERS
        }
        self.inner_scope = scope
        if self.method == "HEAD":
            self.inner_scope = {**scope, "method": "GET"}
        self.start: Message | None = None
        self.compressor: Any = None

    async def send(self, message: Message) -> None:
        """Hold the head until the first part of the body, then send both."""
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] != "http.response.body":
            await self.send_on(message)
        elif self.start is None:
            await self.send_part(message)
        else:
            start, self.start = self.start, None
            if message.get("more_body"):
                await self.send_on(self.begin_stream(start))
                await self.send_part(message)
            else:
                await self.send_whole(start, message.get("body", b""))

    # --- answers in one part -----------------------------------------------------------------

    async def send_whole(self, start: Message, body: bytes | memoryview) -> None:
        status, headers = start["status"], start["headers"]
        found = dict(headers)
        media_type = found.get(b"content-type", b"").partition(b";")[0]
        compresses = len(body) >= GZIP_LEAST_BYTES and self.may_compress(media_type, found)
        changed = self.caching_headers(found, media_type)
        tag = found[b"etag"].decode("latin-1") if b"etag" in found else ""
        if is_read := status == 200 and self.inner_scope["method"] == "GET":
            tag = tag or digest_tag(body)
        if tag:
            tag = weaken_tag(tag) if compresses else tag
            changed[b"etag"] = tag.encode("latin-1")
        if is_read and self.is_known(tag):
            await self.send_both(304, unchanged_headers(headers, changed), b"")
            return
        if is_read and media_type in DOCUMENT_TYPES:
            changed[b"accept-ranges"] = b"bytes"
            if (asked := self.asked_range(tag)) is not None:
                await self.send_range(headers, changed, body, asked)
                return
        if compresses:
            body = await compress(body)
            changed[b"content-encoding"] = b"gzip"
            changed[b"content-length"] = b"%d" % len(body)
        await self.send_both(status, replace_headers(headers, changed), body)

    async def send_range(
        self, headers: Headers, changed: dict[bytes, bytes], body: bytes | memoryview, asked: str
    ) -> None:
        """Send the part that is asked for, or say that there is none."""
        size = len(body)
        try:
            part = parse_range(asked, size)
        except RangeNotSatisfiable as problem:
            response = await self.handle_problem(Request(self.inner_scope), problem)
            response.headers["content-range"] = f"bytes */{size}"
            await self.send_both(416, response.raw_headers, response.body)
            return
        if part is None:
            await self.send_both(200, replace_headers(headers, changed), body)
            return
        changed[b"content-range"] = b"bytes %d-%d/%d" % (part.start, part.stop - 1, size)
        changed[b"content-length"] = b"%d" % len(part)
        await self.send_both(206, replace_headers(headers, changed), body[part.start : part.stop])

    async def send_both(self, status: int, headers: Headers, body: bytes | memoryview) -> None:
        await self.send_on({"type": "http.response.start", "status": status, "headers": headers})
        await self.send_on(
            {"type": "http.response.body", "body": b"" if self.method == "HEAD" else body}
        )

    # --- streams -----------------------------------------------------------------------------

    def begin_stream(self, start: Message) -> Message:
        headers = start["headers"]
        found = dict(headers)
        media_type = found.get(b"content-type", b"").partition(b";")[0]
        changed = self.caching_headers(found, media_type)
        if start["status"] == 200 and self.may_compress(media_type, found):
            self.compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, GZIP_WINDOW)
            changed[b"content-encoding"] = b"gzip"
            if b"etag" in found:
                changed[b"etag"] = weaken_tag(found[b"etag"].decode("latin-1")).encode("latin-1")
            headers = [
                header
                for header in headers
                if header[0] not in (b"content-length", b"accept-ranges")
            ]
        return {**start, "headers": replace_headers(headers, changed)}

    async def send_part(self, message: Message) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        if self.method == "HEAD":
            body = b""
        elif self.compressor is not None:
            body = await compress_part(self.compressor, body, more=more)
        if body or not more:
            await self.send_on({"type": "http.response.body", "body": body, "more_body": more})

    # --- what decides ------------------------------------------------------------------------

    def caching_headers(
        self, found: Mapping[bytes, bytes], media_type: bytes
    ) -> dict[bytes, bytes]:
        """`Cache-Control` and `Vary`, where the answer does not bring its own."""
        headers = {}
        if b"cache-control" not in found:
            headers[b"cache-control"] = self.cache_control()
        varying = [found[b"vary"]] if b"vary" in found else []
        if is_compressible(media_type):
            varying.append(b"Accept-Encoding")
        if b"authorization" in self.asked:
            varying.append(b"Authorization")
        if varying:
            headers[b"vary"] = b", ".join(varying)
        return headers

    def cache_control(self) -> bytes:
        endpoint = getattr(self.inner_scope.get("route"), "endpoint", None)
        if getattr(endpoint, "never_changes", False):
            return IMMUTABLE
        return PRIVATE if b"authorization" in self.asked else PUBLIC

    def may_compress(self, media_type: bytes, found: Mapping[bytes, bytes]) -> bool:
        accepted = self.asked.get(b"accept-encoding")
        return (
            accepted is not None
            and is_compressible(media_type)
            and b"content-encoding" not in found
            and accepts_gzip(accepted.decode("latin-1"))
        )

    def is_known(self, tag: str) -> bool:
        """Whether the caller has the content already."""
        condition = self.asked.get(b"if-none-match")
        return condition is not None and is_named(tag, condition.decode("latin-1"))

    def asked_range(self, tag: str) -> str | None:
        """The range that is asked for, unless it is one of another content."""
        asked, condition = self.asked.get(b"range"), self.asked.get(b"if-range")
        if asked is None or self.method == "HEAD":
            return None
        if condition is not None and not is_unchanged(condition.decode("latin-1"), tag):
            return None
        return asked.decode("latin-1")


def is_compressible(media_type: bytes) -> bool:
    return media_type in COMPRESSIBLE_TYPES or media_type.startswith(b"text/")


def accepts_gzip(accepted: str) -> bool:
    """Whether `Accept-Encoding` takes gzip, by its name or, where that is not said, by `*`."""
    codings = {}
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        codings[coding.strip()] = weight.replace(" ", "") not in REFUSED_CODING
    return codings.get("gzip", codings.get("*", False))


def replace_headers(headers: Headers, changed: Mapping[bytes, bytes]) -> Headers:
    return [header for header in headers if header[0] not in changed] + [*changed.items()]


def unchanged_headers(headers: Headers, changed: Mapping[bytes, bytes]) -> Headers:
    """The headers of a 304: those that are not of the body."""
    kept = (header for header in headers if not header[0].startswith(b"content-"))
    return replace_headers([*kept], changed)


async def compress(body: bytes | memoryview) -> bytes:
    if len(body) < THREAD_BYTES:
        return zlib.compress(body, GZIP_LEVEL, GZIP_WINDOW)
    return await asyncio.to_thread(zlib.compress, body, GZIP_LEVEL, GZIP_WINDOW)


async def compress_part(compressor: Any, body: bytes | memoryview, *, more: bool) -> bytes:
    """What a stream has to send after one part more; it may be nothing until there is enough."""

    def run() -> bytes:
        packed: bytes = compressor.compress(body)
        return packed if more else packed + compressor.flush()

    return run() if len(body) < THREAD_BYTES else await asyncio.to_thread(run)

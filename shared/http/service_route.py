"""The route of every operation: what was sent is read strictly, before anything is done with it."""

from email.message import Message as MediaTypeMessage
from typing import ClassVar

from fastapi import Request, Response
from fastapi.params import Form
from starlette.datastructures import FormData
from starlette.types import Message

from shared.http.auth import find_requirements
from shared.http.json_bodies import JsonText, parse_json_text, read_field_strictly
from shared.http.limits import (
    MAX_FIELD_BYTES,
    MAX_FORM_PARTS,
    OTHER_BODIES,
    BodyLimit,
    body_limit,
)
from shared.http.narrow_routes import Handler, NarrowRoute
from shared.http.parameters import (
    KnownParameters,
    check_address,
    check_parameters,
    known_parameters,
    query_fields,
)
from shared.problems import BadRequest, InvalidRequest, Problem

JSON_TYPE, FORM_TYPE = "application/json", "multipart/form-data"


class UnsupportedMediaType(Problem):
    """内容的类型不对

    The content is of another media type.
    """

    status = 415


class BodyTooLarge(Problem):
    """请求内容太大

    The content of the request is too large.
    """

    status = 413


class BodyLate(Problem):
    """请求内容没有及时发完

    The content of the request did not come in time.
    """

    status = 408


class JsonRequest(Request):
    """A request whose JSON stays text, for its model to read."""

    text: JsonText | None = None

    async def json(self) -> JsonText | None:
        return self.text


class ServiceRoute(NarrowRoute):
    """Route of an operation.

    Its caller is asked for first, then the address is judged, and only then a body is read.
    """

    bodies: ClassVar[BodyLimit] = OTHER_BODIES  # of those that declare no other

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        known = known_parameters(query_fields(self.dependant))
        requirements = [*find_requirements(self.dependant)]
        parts = known_parameters(self.dependant.body_params)
        for part in self.dependant.body_params:
            read_field_strictly(part)
        field, limit = self.body_field, body_limit(self.endpoint, self.bodies)
        takes_form = field is not None and isinstance(field.field_info, Form)

        async def handle_form(request: Request) -> Response:
            await check_form(request, parts)
            return await handle(request)

        work = self.wrap_handler(handle_form if takes_form else handle)

        async def answer(request: Request) -> Response:
            for requirement in requirements:
                await requirement(request)
            query = request.scope["query_string"]
            check_address(request.scope.get("raw_path") or b"", query)
            if query:
                check_parameters(request.query_params.multi_items(), known)
            if has_body(request):
                request = bound_body(request, limit)
            if takes_form:
                check_media_type(request, FORM_TYPE)
            elif field is not None:
                request = await read_json(request)
            return await work(request)

        return answer

    def wrap_handler(self, handle: Handler) -> Handler:
        """What a kind of route does around the work, on a request that can be read."""
        return handle


def has_body(request: Request) -> bool:
    headers = request.headers
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


def bound_body(request: Request, limit: BodyLimit) -> Request:
    """The request, whose body cannot be read beyond the limit. Raises BodyTooLarge.

    What its length says is refused before a byte is read; what says none is counted.
    """
    most = limit.max_bytes
    too_large = BodyTooLarge(f"最多 {limit.megabytes} MB", f"At most {limit.megabytes} MB.")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise too_large
    receive, size = request.receive, 0

    async def receive_within() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise too_large
        return message

    return Request(request.scope, receive_within)


async def read_json(request: Request) -> JsonRequest:
    """The request with its JSON. Raises UnsupportedMediaType, BodyTooLarge and BadRequest."""
    read = JsonRequest(request.scope, request.receive)
    content = await read.body()
    if content:
        check_media_type(read, JSON_TYPE)
        read.text = parse_json_text(content)
    return read


async def check_form(request: Request, known: KnownParameters) -> None:
    """Raise InvalidRequest for parts of a form that nobody knows, or that are there twice."""
    form = await read_form(request)
    try:
        check_parameters(form.multi_items(), known)
    except InvalidRequest:
        await form.close()
        raise


async def read_form(request: Request) -> FormData:
    """The form of a request, whose files are on disk. Raises BadRequest."""
    try:
        return await request.form(
            max_files=MAX_FORM_PARTS, max_fields=MAX_FORM_PARTS, max_part_size=MAX_FIELD_BYTES
        )
    except UnicodeError as error:
        raise BadRequest("表单的编码应为 UTF-8", "A form in UTF-8 is expected.") from error


def check_media_type(request: Request, expected: str) -> None:
    """Raise UnsupportedMediaType for content of another type, or in another encoding."""
    sent = request.headers.get("content-type", "")
    if sent == expected or (not sent and request.headers.get("content-length", "0") == "0"):
        return
    message = MediaTypeMessage()
    message["content-type"] = sent
    if message.get_content_type() != expected or message.get_content_charset("utf-8") != "utf-8":
        raise UnsupportedMediaType(
            f"Content-Type 应为 {expected}，UTF-8 编码", f"{expected} in UTF-8 is expected."
        )

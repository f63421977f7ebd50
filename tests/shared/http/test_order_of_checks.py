"""What a request is asked first: who it is from, then what it is; only then is its body read."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, UploadFile
from joserfc.jwk import KeySet

from shared import clock
from shared.database.sessions import create_sessions
from shared.http.app import create_service_app
from shared.http.auth import require_roles
from shared.http.idempotency import AnswerColumns, IdempotentRoute
from shared.http.json_bodies import Body
from shared.http.limits import ATTACHMENTS, IMPORTS, OTHER_BODIES, PHOTOS, BodyLimit, takes_body
from shared.http.service_route import ServiceRoute
from shared.http.tokens import Caller, Issuer, Role
from tests.openapi.documents import NOWHERE

JSON = {"content-type": "application/json"}
FORM = {"content-type": "multipart/form-data; boundary=x"}
TWO_MEGABYTES = BodyLimit(2)
router = APIRouter(route_class=ServiceRoute, dependencies=[require_roles(Role.office)])
writes = APIRouter(route_class=IdempotentRoute, dependencies=[require_roles(Role.office)])


class Note(Body):
    text: str = ""


@writes.post("/notes")
async def send(note: Note) -> str:
    return note.text


@writes.post("/orders")
async def order() -> str:
    return "done"


@router.post("/files")
@takes_body(TWO_MEGABYTES)
async def upload(file: UploadFile) -> int | None:
    return file.size


@router.post("/small-files")
async def upload_small(file: UploadFile) -> int | None:
    return file.size


@pytest.fixture
def app(issuer: Issuer) -> FastAPI:
    return create_service_app(
        "Shell",
        router,
        writes,
        sessions=create_sessions(NOWHERE),
        keys=KeySet([issuer.key]),
        answers=AnswerColumns,
    )


@pytest.fixture
def client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shell")


def bearer(issuer: Issuer, role: Role = Role.office) -> dict[str, str]:
    token = issuer.issue(Caller("甲", role, "9901"), now=clock.now(), lasts=timedelta(hours=1))
    return {"authorization": f"Bearer {token}"}


class Content:
    """A body that comes in parts of 100 kB, and tells how many were taken."""

    def __init__(self, first: bytes, parts: int, last: bytes = b"") -> None:
        self.first, self.parts, self.last, self.taken = first, parts, last, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.first
        for _ in range(self.parts):
            self.taken += 1
            yield b" " * 100_000
        yield self.last


WRONG: list[tuple[str, dict[str, str]]] = [
    ("/notes", JSON),
    ("/notes", {"content-type": "text/plain"}),
    ("/notes?unknown=1", JSON),
    ("/notes?broken=%zz", JSON),
    ("/notes", JSON | {"idempotency-key": "12345678"}),
    ("/notes", JSON | {"content-length": "400000000"}),
    ("/orders", JSON | {"idempotency-key": "12345678"}),
    ("/files", FORM),
    ("/files", FORM | {"content-length": "400000000"}),
]


@pytest.mark.parametrize(("path", "headers"), WRONG)
@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.unit, 403)])
async def test_who_may_not_ask_is_told_so_before_a_byte_is_read(
    app: FastAPI, issuer: Issuer, path: str, headers: dict[str, str], role: Any, status: int
) -> None:
    asked = httpx.Request(
        "POST", f"http://shell{path}", headers=headers | (bearer(issuer, role) if role else {})
    )
    told: list[Any] = []

    async def receive() -> Any:
        raise AssertionError("a body was read")

    async def answer(message: Any) -> None:
        told.append(message)

    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.lower(), value) for name, value in asked.headers.raw],
        "client": None,
    }
    await app(scope, receive, answer)
    assert told[0]["status"] == status


@pytest.mark.parametrize(("path", "headers", "most"), [
    ("/notes", JSON, 1), ("/orders", JSON | {"idempotency-key": "12345678"}, 1),
    ("/files", FORM, 2), ("/small-files", FORM, 1),
])  # fmt: skip
async def test_a_body_is_read_no_further_than_its_limit(
    client: httpx.AsyncClient, issuer: Issuer, path: str, headers: dict[str, str], most: int
) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    content = Content(head if headers is FORM else b"", 100)
    answer = await client.post(path, content=content, headers=headers | bearer(issuer))
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")
    assert answer.json()["detail"] == f"最多 {most} MB"
    assert content.taken == most * 10 + (headers is not FORM)


async def test_a_file_within_its_limit_is_taken(client: httpx.AsyncClient, issuer: Issuer) -> None:
    answer = await client.post(
        "/files", files={"file": ("a", b"x" * 1_900_000)}, headers=bearer(issuer)
    )
    assert (answer.status_code, answer.json()) == (200, 1_900_000)


@pytest.mark.parametrize(
    "form",
    [
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n\r\n' * 2000,
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 2000,
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"x" * 200_000 + b"\r\n",
        b'--x\r\nContent-Disposition: form-data; name="' + b"a" * 20_000 + b'"\r\n\r\n\r\n',
        b"--x\r\n" + b"a: b\r\n" * 2000 + b"\r\n\r\n",
    ],
    ids=["files", "fields", "long field", "long name", "headers"],
)
async def test_a_form_of_too_much_is_refused(
    client: httpx.AsyncClient, issuer: Issuer, form: bytes
) -> None:
    content = form + b"--x--\r\n"
    answer = await client.post("/files", content=content, headers=FORM | bearer(issuer))
    assert answer.status_code == 400, answer.text


def test_the_table_of_limits() -> None:
    limits = (IMPORTS, ATTACHMENTS, PHOTOS, OTHER_BODIES)
    assert [limit.megabytes for limit in limits] == [200, 200, 20, 1]

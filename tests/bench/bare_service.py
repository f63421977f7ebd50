"""The least that can answer what the registry answers: FastAPI and asyncpg, and nothing of ours.

It verifies the same token, sends the same statements in the same transactions (a test sees to
that) and answers the same JSON. It knows no scope but the token's, no problems in two languages, no
idempotency, no versions, no log: what those cost is what the comparison shows.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

import asyncpg  # type: ignore[import-untyped]
from fastapi import Depends, FastAPI, Header, Response
from joserfc import jwt
from joserfc.jwk import KeySet
from pydantic import BaseModel

from services.registry.records import statements
from services.registry.records.list_statements import ListShape, record_page_query
from shared.database.sessions import PLANNER_SETTINGS
from shared.http.tokens import ALGORITHMS, AUDIENCE, ISSUER
from shared.offices import office_code

READ = statements.current_record_query("projects", ("project_id",))
LOOK = statements.write_context_query("progress", ("project_id", "as_of"))
WRITE = statements.record_write_query("progress")
LIST = record_page_query("projects", ListShape())
CONNECTIONS = 10
JSON = "application/json"
CLAIMS = jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": AUDIENCE},
    exp={"essential": True},
)

Prepare = Callable[[Any], Awaitable[None]]


class Report(BaseModel):
    invested_ytd_yuan: int | None = None
    physical_pct: Decimal | None = None
    note: str | None = None
    why: str = ""


async def no_reset(_: Any) -> None:
    """The service sends nothing between two requests either."""


def create_app(
    url: str, keys: KeySet, *, remembers: bool = False, prepare: Prepare | None = None
) -> FastAPI:
    """`remembers`: a token is verified once; `prepare` is told each new connection."""

    def verified(token: str) -> dict[str, Any]:
        return jwt.decode(token, keys, ALGORITHMS).claims

    verify = lru_cache(verified) if remembers else verified

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        settings = {"server_settings": PLANNER_SETTINGS, "init": prepare, "reset": no_reset}
        async with asyncpg.create_pool(
            url, min_size=CONNECTIONS, max_size=CONNECTIONS, **settings
        ) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan)

    async def caller(authorization: Annotated[str, Header()]) -> dict[str, Any]:
        claims = verify(authorization.removeprefix("Bearer "))
        CLAIMS.validate(claims)
        return claims

    Who = Annotated[dict[str, Any], Depends(caller)]

    @app.get("/v1/projects/{project_id}")
    async def read(project_id: str, who: Who) -> Response:
        values = READ.arguments({"project_id": project_id, "office": office(who), **scope(who)})
        async with app.state.pool.acquire() as connection:
            rows = await connection.fetch(READ.text, *values)
        return Response(rows[0]["line"], media_type=JSON)

    @app.get("/v1/projects")
    async def list_them(who: Who, after: int = 0, limit: int = 50) -> Response:
        asked = {"after": after, "limit": limit + 1, **scope(who)}
        async with app.state.pool.acquire() as connection:
            rows = await connection.fetch(LIST.text, *LIST.arguments(asked))
        shown = rows[:limit]
        following = f'"{shown[-1]["version"]}"' if len(rows) > limit else "null"
        items = ",".join(row["line"] for row in shown)
        body = f'{{"items":[{items}],"next":{following},"totals":null}}'
        return Response(body, media_type=JSON)

    @app.put("/v1/projects/{project_id}/progress/{as_of}")
    async def report(project_id: str, as_of: date, sent: Report, who: Who) -> Response:
        asked = {
            **sent.model_dump(),
            **scope(who),
            "project_id": project_id,
            "as_of": as_of,
            "expected": None,
            "replaces": None,
            "office": office(who),
            "office_of_project_id": office(who),
            "id_of_project_id": project_id,
            "reported_by": None,
            "reported_at": None,
            "who": who["sub"],
            "role": who["role"],
            "address": "",
            "request_id": "",
            "recorded_for": who["region"],
            "action": "progress.recorded",
            "subject": f"progress/{project_id}/{as_of}",
        }
        async with app.state.pool.acquire() as connection, connection.transaction():
            seen = await connection.fetchrow(LOOK.text, *LOOK.arguments(asked))
            asked["audit_region"] = seen["of_project_id"]
            asked["voids"] = seen["voids"]
            row = await connection.fetchrow(WRITE.text, *WRITE.arguments(asked))
        return Response(row["line"], 201, media_type=JSON)

    return app


def scope(who: dict[str, Any]) -> dict[str, Any]:
    """A question about the caller's own office, and what it sees of it."""
    return {
        "scope_region": who["region"],
        "scope_office": office(who),
        "scope_role": who["role"],
        "scope_unit": None,
        "scope_authority": None,
        "asked": office(who),
        "rows_of": office(who),
    }


def office(who: dict[str, Any]) -> str:
    return office_code(who["region"])

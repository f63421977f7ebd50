"""Routes answer alike whether a parameter is left out, or looked for and not found."""

from inspect import Parameter, Signature
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Query

from shared.http import narrow_routes
from shared.http.narrow_routes import NarrowRoute

router = APIRouter(route_class=NarrowRoute)


async def get_filters(**columns: Any) -> dict[str, Any]:
    return columns


# Its parameters are in its signature alone, as those of records are.
SHAPE = Parameter("shape", Parameter.KEYWORD_ONLY, default=None, annotation=str | None)
get_filters.__signature__ = Signature([SHAPE])  # type: ignore[attr-defined]


async def get_paging(
    after: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(le=9)] = 5
) -> tuple[int, int]:
    return after, limit


@router.get("/items/{name}")
async def read(
    name: str,
    paging: Annotated[tuple[int, int], Depends(get_paging)],
    filters: Annotated[dict[str, Any], Depends(get_filters)],
    year: int,
    colour: Annotated[str | None, Query(alias="color")] = None,
    days: Annotated[list[int], Query()] = [1],  # noqa: B006
) -> list[Any]:
    return [name, *paging, year, colour, days, filters["shape"]]


@pytest.fixture
def app() -> FastAPI:
    made = FastAPI()
    made.router.routes.extend(router.routes)
    return made


async def ask(app: FastAPI, query: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        return await client.get(f"/items/a?{query}")


QUESTIONS = {
    "year=1": ["a", 0, 5, 1, None, [1], None],
    "year=1&limit=3": ["a", 0, 3, 1, None, [1], None],
    "year=1&color=red&after=2": ["a", 2, 5, 1, "red", [1], None],
    "year=1&color=": ["a", 0, 5, 1, "", [1], None],
    "year=1&days=2&days=3": ["a", 0, 5, 1, None, [2, 3], None],
    "year=1&shape=round": ["a", 0, 5, 1, None, [1], "round"],
    "year=1&unknown=7": ["a", 0, 5, 1, None, [1], None],
}


@pytest.mark.parametrize("handlers", [narrow_routes.MAX_HANDLERS, 0])
async def test_what_is_left_out_has_its_default(
    app: FastAPI, handlers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrow_routes, "MAX_HANDLERS", handlers)
    for _ in range(2):
        assert {each: (await ask(app, each)).json() for each in QUESTIONS} == QUESTIONS


async def test_what_is_named_is_checked(app: FastAPI) -> None:
    assert (await ask(app, "")).json()["detail"][0]["loc"] == ["query", "year"]
    for wrong in ("limit=10", "after=-1", "after=x"):
        answer = await ask(app, f"year=1&{wrong}")
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["query", wrong.partition("=")[0]]


def test_the_document_names_all_parameters(app: FastAPI) -> None:
    operation = app.openapi()["paths"]["/items/{name}"]["get"]
    named = {each["name"] for each in operation["parameters"]}
    assert named == {"name", "after", "limit", "year", "color", "days", "shape"}

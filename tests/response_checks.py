"""Every answer that a test gets is one that the document tells: its status, and what it holds."""

from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from typing import Any

import httpx
import jsonschema_rs
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

JSON = "application/json"
OF_THE_PROTOCOL = "304"  # only for who names a tag; clients would have to type it as no answer
APPS: dict[str, FastAPI] = {}  # one of each service: they describe themselves alike


def documented(app: FastAPI) -> Callable[[httpx.Response], Awaitable[None]]:
    """A hook for a client's answers. Unknown paths and methods are nobody's operation."""
    service = APPS.setdefault(app.title, app).title

    async def check(answer: httpx.Response) -> None:
        method, path = answer.request.method.lower(), answer.request.url.path
        template = next((t for t, matches in templates(service) if matches(path)), None)
        status = str(answer.status_code)
        if template is None or method not in document(service)["paths"][template]:
            return
        if status == OF_THE_PROTOCOL and "if-none-match" in answer.request.headers:
            return
        place = f"{method.upper()} {template}"
        known = document(service)["paths"][template][method]["responses"]
        assert status in known or f"{status[0]}XX" in known, f"{place}: {status} is not documented"
        if answer.headers.get("content-type") == JSON and status in known:
            await answer.aread()
            schema = validator(service, template, method, status)
            errors = [error.message for error in schema.iter_errors(answer.json())]
            assert errors == [], f"{place}: {errors}"

    return check


@cache
def document(service: str) -> Any:
    return APPS[service].openapi()


@cache
def templates(service: str) -> list[tuple[str, Callable[[str], Any]]]:
    return [*matchers(service)]


def matchers(service: str) -> Iterator[tuple[str, Callable[[str], Any]]]:
    """The paths of a service in the order in which they are tried."""
    for route in iter_route_contexts(APPS[service].routes):
        template = route.path_format
        if template is not None and template in document(service)["paths"]:
            yield template, route.path_regex.match


@cache
def validator(service: str, template: str, method: str, status: str) -> Any:
    whole = document(service)
    content = whole["paths"][template][method]["responses"][status]["content"]
    schema = {**content[JSON]["schema"], "components": whole["components"]}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)

"""Parameters are those of the document, and each has its bounds there."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from services.cli.server.all_in_one import SERVICE_NAMES
from shared.http.parameters import known_parameters, query_fields
from shared.http.service_route import ServiceRoute
from tests.openapi.documents import services

SECONDS = ("0", "1664496000", "20220930", "2022-9-30", "2022-09-30T00:00:00")  # no days
NO_MOMENTS = ("0", "1664496000", "2022-09-30", "2022-09-30 08:00:00+08:00", "20220930T080000Z")
BOUNDS = ("maxLength", "pattern", "enum", "const", "format")
made = cache(services)


def routes() -> Iterator[tuple[str, RouteContext, dict[str, Any]]]:
    for service in SERVICE_NAMES:
        app = made()[service]
        document = app.openapi()
        for route in iter_route_contexts(app.routes):
            if isinstance(route.original_route, APIRoute) and route.include_in_schema:
                for method in route.methods or ():
                    operation = document["paths"][route.path_format][method.lower()]
                    yield operation["operationId"], route, operation


ROUTES = {name: (route, operation) for name, route, operation in routes()}


def in_query(operation: dict[str, Any]) -> dict[str, Any]:
    given = operation.get("parameters", ())
    return {each["name"]: each["schema"] for each in given if each["in"] == "query"}


def options(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """What a parameter may be, each of several in its turn."""
    found = [
        option for each in schema.get("anyOf", [schema]) for option in [each.get("items", each)]
    ]
    return [option for option in found if option.get("type") != "null"]


@pytest.mark.parametrize("name", ROUTES)
def test_an_operation_takes_the_parameters_of_its_document(name: str) -> None:
    route, operation = ROUTES[name]
    assert isinstance(route.original_route, ServiceRoute)
    documented = {
        name: schema.get("type") == "array" for name, schema in in_query(operation).items()
    }
    assert dict(known_parameters(query_fields(route.original_route.dependant))) == documented


def fields(route: RouteContext) -> Iterator[Any]:
    """The fields that read the parameters of an operation."""
    waiting = [route.dependant]
    while waiting:
        dependant = waiting.pop()
        yield from (*dependant.path_params, *dependant.query_params, *dependant.header_params)
        waiting += dependant.dependencies


def test_days_and_moments_are_iso_texts() -> None:
    seen, guessed = set(), []
    for name, (route, operation) in ROUTES.items():
        schemas = {each["name"]: each["schema"] for each in operation.get("parameters", ())}
        for field in (each for each in fields(route) if each.field_info.include_in_schema):
            schema = schemas[field.alias]
            formats = {option.get("format") for option in options(schema)}
            seen |= formats
            probes = (SECONDS if "date" in formats else ()) + (
                NO_MOMENTS if "date-time" in formats else ()
            )
            for probe in probes:
                value = [probe] if schema.get("type") == "array" else probe
                if not field.validate(value, {}, loc=("query", field.alias))[1]:
                    guessed.append((name, field.alias, probe))
    assert {"date", "date-time"} <= seen
    assert guessed == []


def test_every_text_of_an_address_or_header_has_a_bound() -> None:
    boundless = {
        (each["in"], each["name"])
        for _, operation in ROUTES.values()
        for each in operation.get("parameters", ())
        for option in options(each["schema"])
        if option.get("type") == "string" and not option.keys() & set(BOUNDS)
    }
    assert boundless == set()

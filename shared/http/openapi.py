"""A service's OpenAPI document: that of FastAPI, with the problems and examples of operations.

A function that a route calls, be it the endpoint or one of its dependencies, declares its problems
by `@raises` (shared.problems). Examples are recorded answers, in a file by operation.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import BaseModel, ConfigDict, Field

from shared.http.binary_content import describe_binary_content
from shared.http.components import name_schemas, require_sent_properties
from shared.http.descriptions.texts import build_info, build_tags, describe_document
from shared.http.service_route import BodyLate, BodyTooLarge, UnsupportedMediaType
from shared.problems import BadRequest, InvalidRequest, Problem, declared_problems

PROBLEM_MEDIA_TYPE = "application/problem+json"
JSON_MEDIA_TYPE = "application/json"
SUCCESS_DESCRIPTION = "成功"
SERVER_ERROR_STATUS = "5XX"  # what nobody foresaw


class WrongField(BaseModel):
    """What is wrong with one field of a request."""

    pointer: str = Field(title="字段")
    code: str = Field(title="代码")
    detail: str = Field(title="说明")


class ProblemBody(BaseModel):
    """Any error, whatever its status (RFC 9457). Some carry more, as their detail says."""

    model_config = ConfigDict(extra="allow", title="Problem")

    type: str = Field(title="代码", examples=["/problems/not-found"])
    title: str = Field(title="错误")
    status: int = Field(title="状态码")
    detail: str = Field(title="说明")
    instance: str = Field(title="请求地址")
    errors: list[WrongField] = Field(default=[], title="要改的字段")


def openapi_document(app: FastAPI, examples: Path | None = None) -> dict[str, Any]:
    """The document of an application, built once."""
    if app.openapi_schema:
        return app.openapi_schema
    document = FastAPI.openapi(app)
    document["info"] = build_info(app.title, app.version)
    document["servers"] = build_servers(app.title)
    document["tags"] = build_tags(document)
    kept: Mapping[str, Any] = json.loads(examples.read_text("utf-8")) if examples else {}
    refusals: dict[str, Any] = {}
    for route, operation in list_operations(app, document):
        operation["responses"] = success_responses(operation["responses"])
        operation.setdefault("security", [])
        for status, problems in problems_by_status(route).items():
            name = ".".join(problem.code() for problem in problems)
            refusals[name] = problem_response(problems)
            operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
        for parameter in operation.get("parameters", ()):
            parameter["schema"] = drop_null(parameter["schema"])
        add_examples(operation, kept.get(operation["operationId"], {}))
    problem = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    components = document.setdefault("components", {})
    for unused in ("HTTPValidationError", "ValidationError"):  # the framework's own form of a 422
        components.get("schemas", {}).pop(unused, None)
    components.setdefault("schemas", {}).update({**problem.pop("$defs"), "Problem": problem})
    components["responses"] = refusals
    name_schemas(document)
    require_sent_properties(document)
    describe_document(document)
    describe_binary_content(document)
    return document


def build_servers(title: str) -> list[dict[str, str]]:
    """The addresses of a service: at the origin of all, and alone."""
    return [
        {"url": f"/{title.lower()}", "description": "网关之后，或 bairi up"},
        {"url": "/", "description": "单独的服务"},
    ]


def list_operations(app: FastAPI, document: Any) -> Iterator[tuple[RouteContext, dict[str, Any]]]:
    """The routes of the document with their operations."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                yield route, document["paths"][route.path_format][method.lower()]


def success_responses(responses: Mapping[str, Any]) -> dict[str, Any]:
    """The responses of success, described in Chinese where the route has no description."""
    return {
        status: answer
        | (
            {"description": SUCCESS_DESCRIPTION}
            if answer["description"] == "Successful Response"
            else {}
        )
        for status, answer in sorted(responses.items())
        if status.startswith("2")
    }


def problems_by_status(route: RouteContext) -> dict[str, list[type[Problem]]]:
    """The problems of an operation by status; anything may fail, too."""
    by_status: dict[str, list[type[Problem]]] = {}
    for problem in sorted({*route_problems(route)}, key=lambda each: (each.status, each.code())):
        by_status.setdefault(str(problem.status), []).append(problem)
    return {**by_status, SERVER_ERROR_STATUS: [Problem]}


def problem_response(problems: list[type[Problem]]) -> dict[str, Any]:
    """The response of a status with several problems."""
    description = "；".join(f"{problem.title()}（{problem.code()}）" for problem in problems)
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {PROBLEM_MEDIA_TYPE: {"schema": schema}}}


def route_problems(route: RouteContext) -> Iterator[type[Problem]]:
    """The problems that endpoint and dependencies declare, and those of reading the request."""
    yield InvalidRequest  # for a parameter that nobody knows, as well
    for called in walk_dependants(route.dependant):
        yield from declared_problems(called.call)
    if route.body_field:
        yield from (BadRequest, BodyLate, BodyTooLarge, UnsupportedMediaType)


def walk_dependants(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for inner in dependant.dependencies:
        yield from walk_dependants(inner)


def drop_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a parameter without null: an address and a header have no way to write it.

    A generated client would write the word.
    """
    kept = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return rest | (kept[0] if len(kept) == 1 else {"anyOf": kept} if kept else {})


def add_examples(operation: dict[str, Any], example: Mapping[str, Any]) -> None:
    """Put a recorded request and its answers into their operation.

    An answer that is not documented any more is left out, until examples are recorded again.
    """
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in example.get("parameters", {}):
            parameter["example"] = example["parameters"][parameter["name"]]
    if "body" in example:
        operation["requestBody"]["content"][JSON_MEDIA_TYPE]["example"] = example["body"]
    for status, answer in example.get("answers", {}).items():
        if status in operation["responses"]:
            operation["responses"][status]["content"][JSON_MEDIA_TYPE]["example"] = answer

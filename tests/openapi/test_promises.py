"""What is promised is sent: recorded answers have every property of their schemas, and no other."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest

from services.cli.server.all_in_one import SERVICE_NAMES
from tests.openapi.documents import close, documents, operations

JSON = "application/json"
made = cache(documents)


def recorded_answers() -> Iterator[tuple[str, str, Any, Any]]:
    """Of each operation: its name, the status, the closed schema, and the recorded answer."""
    for service in SERVICE_NAMES:
        document = made()[service]
        components = close(document["components"], whole=True)
        for name, (_, _, operation) in operations(document).items():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {}).get(JSON, {})
                if "example" in content:
                    schema = {**close(content["schema"], whole=True), "components": components}
                    yield name, status, schema, content["example"]


ANSWERS = {(name, status): rest for name, status, *rest in recorded_answers()}


@pytest.mark.parametrize(("name", "status"), ANSWERS)
def test_an_answer_has_what_its_schema_promises_and_nothing_else(name: str, status: str) -> None:
    schema, answer = ANSWERS[name, status]
    check = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    found = [
        f"{'/'.join(map(str, e.instance_path))}: {e.message}" for e in check.iter_errors(answer)
    ]
    assert found == []


def test_every_operation_that_answers_json_has_a_recorded_answer() -> None:
    lacking = [
        name
        for service in SERVICE_NAMES
        for name, (_, _, operation) in operations(made()[service]).items()
        if any(JSON in answer.get("content", {}) for answer in operation["responses"].values())
        and not any(recorded == name for recorded, _ in ANSWERS)
    ]
    assert lacking == []

"""What the documents say of files and of parameters, by which clients are generated."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI, Response, UploadFile

from services.cli.server.all_in_one import SERVICE_NAMES
from shared.http.binary_content import BINARY_SCHEMA
from shared.http.openapi import openapi_document
from tests.openapi.documents import COMMITTED, committed, operations


def parameters() -> Iterator[tuple[str, dict[str, Any]]]:
    for name in SERVICE_NAMES:
        for key, (_, _, operation) in operations(committed(COMMITTED)[name]).items():
            for parameter in operation.get("parameters", ()):
                yield key, parameter


@pytest.fixture
def document() -> dict[str, Any]:
    app = FastAPI()

    @app.post("/file", response_class=Response, responses={200: {"content": {"image/png": {}}}})
    def _(file: UploadFile, name: str) -> None: ...

    return openapi_document(app)


def test_a_downloaded_file_is_one(document: dict[str, Any]) -> None:
    answers = document["paths"]["/file"]["post"]["responses"]
    assert answers["200"]["content"] == {"image/png": {"schema": BINARY_SCHEMA}}
    assert "binary" not in str(answers["422"])


def test_an_uploaded_file_is_one(document: dict[str, Any]) -> None:
    sent = document["paths"]["/file"]["post"]["requestBody"]["content"]["multipart/form-data"]
    form = document["components"]["schemas"][sent["schema"]["$ref"].rpartition("/")[2]]
    assert form["properties"]["file"] | BINARY_SCHEMA == form["properties"]["file"]


def test_no_parameter_may_be_null() -> None:
    found = [*parameters()]
    assert found
    assert [f"{key} {each['name']}" for key, each in found if "null" in str(each["schema"])] == []

"""Components: one name for one thing, and what is promised is required."""

from typing import Any, Generic, TypeVar

import pytest
from fastapi import FastAPI, UploadFile
from pydantic import BaseModel

from shared.http.components import NameTaken, generic_name, merge_documents
from shared.http.openapi import openapi_document

T = TypeVar("T")


class Pair(BaseModel, Generic[T]):
    both: list[T] = []

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return generic_name(params, "Pair")


class ThingRead(BaseModel):
    id: int
    note: str | None = None


class ThingForm(BaseModel):
    note: str | None = None


def build_app() -> FastAPI:
    app = FastAPI()

    @app.post("/things")
    async def record_thing(form: ThingForm) -> Pair[ThingRead]:
        raise NotImplementedError

    @app.post("/files", operation_id="upload_file")
    async def upload_file(file: UploadFile) -> ThingRead:
        raise NotImplementedError

    return app


def test_schemas_are_called_by_their_classes() -> None:
    schemas = openapi_document(build_app())["components"]["schemas"]
    expected = {"Problem", "WrongField", "ThingForm", "ThingPair", "ThingRead", "UploadFileForm"}
    assert {name: schema["title"] for name, schema in schemas.items()} == {
        name: name for name in expected
    }


def test_an_answer_has_every_property_and_a_body_may_leave_out_what_has_a_default() -> None:
    schemas = openapi_document(build_app())["components"]["schemas"]
    assert schemas["ThingRead"]["required"] == ["id", "note"]
    assert schemas["ThingPair"]["required"] == ["both"]
    assert "required" not in schemas["ThingForm"]
    assert "errors" in schemas["Problem"]["required"]


def test_a_body_with_defaults_that_is_answered_too_is_refused() -> None:
    app = build_app()

    @app.put("/things")
    async def replace_thing(form: ThingForm) -> ThingForm:
        raise NotImplementedError

    with pytest.raises(NameTaken, match="ThingForm"):
        openapi_document(app)


def test_two_classes_of_one_name_are_refused() -> None:
    app, other = build_app(), type("ThingRead", (BaseModel,), {"__annotations__": {"name": str}})

    @app.get("/others", response_model=other)
    async def read_other() -> None:
        raise NotImplementedError

    with pytest.raises(NameTaken, match="ThingRead"):
        openapi_document(app)


def part(path: str, **schemas: Any) -> dict[str, Any]:
    return {"paths": {path: {}}, "components": {"schemas": schemas}}


def test_equal_components_of_several_documents_stand_once() -> None:
    page, role = {"type": "object"}, {"type": "string"}
    parts = {"one": part("/a", Page=page), "two": part("/a", Page=page, Role=role)}
    merged = merge_documents({"paths": {}, "components": {}}, parts)
    assert [*merged["paths"]] == ["/one/a", "/two/a"]
    assert merged["components"]["schemas"] == {"Page": page, "Role": role}


def test_unequal_components_of_one_name_are_refused() -> None:
    parts = {"one": part("/a", Page={"type": "object"}), "two": part("/a", Page={"type": "array"})}
    with pytest.raises(NameTaken, match="Page"):
        merge_documents({"paths": {}, "components": {}}, parts)

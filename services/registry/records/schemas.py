"""Models and parameters of requests and responses, built from the columns of a fact.

FastAPI reads signatures and models; the columns say what is in them.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from inspect import Parameter, Signature
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from fastapi import Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, create_model

from shared.facts.tables import FACT_KINDS
from shared.http.pages import MAX_BIGINT
from shared.ledger.sheets import WRITABLE_PATTERN

PLAIN_TEXT_PATTERN = r"^[^\x00-\x1f\x7f]{1,200}$"
EARLIEST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)  # nothing was recorded before
KnownAt = Annotated[AwareDatetime | None, Query(ge=EARLIEST_MOMENT)]


class Marks(BaseModel):
    """Who recorded it, when, for which region and why; `superseded_at` in a history only."""

    office: str = Field(title="办公室")
    version: int = Field(title="版本")
    recorded_at: datetime = Field(title="登记时刻")
    recorded_by: str = Field(title="登记人")
    recorded_for: str = Field(title="登记人辖区")
    why: str = Field(title="说明")
    superseded_at: datetime | None = Field(title="被取代时刻")


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    why: str = Field(default="", max_length=500, pattern=WRITABLE_PATTERN, title="说明")


def build_read_model(table: str) -> type[BaseModel]:
    fact = FACT_KINDS[table].model
    return create_model(f"{fact.__name__}Read", __base__=(Marks, fact), __doc__=fact.__doc__)


def build_form_model(table: str, singular: str, address_columns: Iterable[str]) -> type[Form]:
    """Build the model of a request body: the fact's fields that are not in the address, and why.

    `singular` is the name of one record (`progress_report`).
    """
    fact = FACT_KINDS[table].model
    fields: dict[str, Any] = {
        name: (field.annotation, field)
        for name, field in fact.model_fields.items()
        if name not in address_columns
    }
    name = "".join(part.title() for part in singular.split("_")) + "Form"
    return create_model(name, __base__=Form, __doc__=fact.__doc__, **fields)


def build_columns_dependency(
    table: str, path: Iterable[str], query: Iterable[str]
) -> Callable[..., Any]:
    """Build a dependency on columns in a path and a query; one left out of the query is None."""

    async def values(**columns: Any) -> dict[str, Any]:
        return columns

    parameters = [build_parameter(table, name, Path()) for name in path]
    parameters += [build_parameter(table, name, Query()) for name in query]
    values.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return values


def build_parameter(table: str, name: str, source: Any) -> Parameter:
    kind: Any = int if name == "version" else FACT_KINDS[table].model.model_fields[name].annotation
    if NoneType in get_args(kind):  # an address has it, and whether it is asked stands below
        (kind,) = (part for part in get_args(kind) if part is not NoneType)
    if get_origin(kind) is tuple:  # a list is narrowed by one of its words
        kind = str
    limits: dict[str, Any] = {}
    if kind is int:
        limits = {"ge": 0, "le": MAX_BIGINT}
    elif kind is str:
        limits = {"pattern": PLAIN_TEXT_PATTERN}
    if isinstance(source, type(Query())):
        kind, default = kind | None, None
    else:
        default = Parameter.empty
    marked = type(source)(**limits, title=field_title(table, name))
    return Parameter(
        name, Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, marked]
    )


def field_title(table: str, name: str) -> str:
    return "版本" if name == "version" else FACT_KINDS[table].model.model_fields[name].title or name

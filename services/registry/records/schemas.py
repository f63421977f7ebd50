"""What is asked and sent, as models and parameters made from the columns of a fact.

FastAPI reads signatures and models, and the columns say what stands in them.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, create_model

from shared.facts.tables import TABLES
from shared.http.pages import LARGEST
from shared.ledger.sheets import WRITABLE

PLAIN = r"^[^\x00-\x1f\x7f]{1,200}$"


class Marks(BaseModel):
    """Who recorded it, when, for which region and why; `superseded_at` in a history only."""

    version: int = Field(title="版本")
    recorded_at: datetime = Field(title="登记时刻")
    recorded_by: str = Field(title="登记人")
    recorded_for: str = Field(title="登记人辖区")
    why: str = Field(title="说明")
    superseded_at: datetime | None = Field(title="被取代时刻")


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    why: str = Field(default="", max_length=500, pattern=WRITABLE, title="说明")


def read_model(table: str) -> type[BaseModel]:
    fact = TABLES[table]
    return create_model(f"{fact.__name__}Read", __base__=(Marks, fact), __doc__=fact.__doc__)


def form_model(table: str, one: str, fixed: Iterable[str]) -> type[Form]:
    """What is sent: the fields of the fact that the address does not say, and why."""
    fact = TABLES[table]
    fields: dict[str, Any] = {
        name: (field.annotation, field)
        for name, field in fact.model_fields.items()
        if name not in fixed
    }
    name = "".join(part.title() for part in one.split("_")) + "Form"
    return create_model(name, __base__=Form, __doc__=fact.__doc__, **fields)


def asked(table: str, path: Iterable[str], query: Iterable[str]) -> Callable[..., Any]:
    """A dependency on the columns in a path and a query; what is not asked for is None."""

    async def values(**given: Any) -> dict[str, Any]:
        return given

    parameters = [parameter(table, name, Path()) for name in path]
    parameters += [parameter(table, name, Query()) for name in query]
    values.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return values


def parameter(table: str, name: str, place: Any) -> Parameter:
    kind: Any = int if name == "version" else TABLES[table].model_fields[name].annotation
    limits: dict[str, Any] = {}
    if kind is int:
        limits = {"ge": 0, "le": LARGEST}
    elif kind in (str, str | None):
        limits = {"pattern": PLAIN}
    if isinstance(place, type(Query())):
        kind, default = kind | None, None
    else:
        default = Parameter.empty
    marked = type(place)(**limits, title=title_of(table, name))
    return Parameter(
        name, Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, marked]
    )


def title_of(table: str, name: str) -> str:
    return "版本" if name == "version" else TABLES[table].model_fields[name].title or name

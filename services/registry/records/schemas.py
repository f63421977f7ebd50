"""Models and parameters of requests and responses, built from the columns of a fact.

FastAPI reads signatures and models; the columns say what is in them.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import reduce
from inspect import Parameter, Signature
from operator import or_
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import AwareDatetime, BaseModel, Field, create_model

from shared.facts.columns import ColumnType
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS
from shared.http.json_bodies import Body
from shared.http.pages import MAX_BIGINT, Page
from shared.http.printable_lines import UNHIDDEN, UNHIDDEN_SCHEMA
from shared.notation import DAY_NOTATION, MOMENT_NOTATION

PLAIN_TEXT_PATTERN = r"^[^\x00-\x1f\x7f]{1,200}$"
EARLIEST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)  # nothing was recorded before
MOMENT_LIMIT = datetime(2200, 1, 1, tzinfo=UTC)
PlainText = Annotated[str, Field(pattern=PLAIN_TEXT_PATTERN)]
Number = Annotated[int, Field(ge=0, le=MAX_BIGINT)]
KnownAt = Annotated[
    Annotated[AwareDatetime, Field(ge=EARLIEST_MOMENT, lt=MOMENT_LIMIT), MOMENT_NOTATION] | None,
    Query(),
]


class VoidMark(BaseModel):
    """The void that withdrew a record, and when it was taken back, if it was."""

    id: int = Field(title="作废编号")
    reason: str = Field(title="作废原因")
    voided_at: datetime = Field(title="作废时刻")
    voided_by: str = Field(title="作废人")
    taken_back_at: datetime | None = Field(title="撤回作废时刻")


class Marks(BaseModel):
    """Who recorded it, when, for which region and why.

    `superseded_at` and `void` are told in a history only. `reported_by` and `reported_at` are of
    what a unit or field officer reported, else blank.
    """

    office: str = Field(title="办公室")
    version: int = Field(title="版本")
    recorded_at: datetime = Field(title="登记时刻")
    recorded_by: str = Field(title="登记人")
    recorded_for: str = Field(title="登记人辖区")
    why: str = Field(title="说明")
    superseded_at: datetime | None = Field(title="被取代时刻")
    reported_by: str | None = Field(title="报送人")
    reported_at: datetime | None = Field(title="报送时刻")
    void: VoidMark | None = Field(title="作废")


class Form(Body):
    why: Annotated[str, UNHIDDEN, UNHIDDEN_SCHEMA] = Field(default="", max_length=500, title="说明")


def build_read_model(table: str) -> type[BaseModel]:
    fact = FACT_KINDS[table].model
    return create_model(f"{fact.__name__}Read", __base__=(Marks, fact), __doc__=fact.__doc__)


def build_page_model(
    table: str,
    sums: Iterable[str],
    views: Iterable[type[BaseModel]],
    waiting: type[BaseModel] | None = None,
    part: str = "",
) -> type[BaseModel]:
    """Build the model of a page of a list, whose records may have other forms.

    `waiting` is the model of what waits beside them, where anything can; `part` the name of one
    record of a part of the kind (`milestone_revision`).
    """
    kind = FACT_KINDS[table]
    fact = kind.model.__name__
    titles = {column.name: column.title for column in kind.columns}
    summed: dict[str, Any] = {
        name: (int | None, Field(title=f"{titles[name]}合计")) for name in sums
    }
    totals = create_model(
        f"{fact}Totals",
        __doc__="Totals of all that is listed, on whichever page; unknown amounts are left out.",
        count=(int, Field(title="条数")),
        **summed,
    )
    item = reduce(or_, views, build_read_model(table))
    beside: dict[str, Any] = {"waiting": (waiting, Field(title="待审核"))} if waiting else {}
    name = name_class(part) or fact
    return create_model(
        f"{name}Page",
        __base__=Page[Any],
        __doc__=Page.__doc__,
        items=(list[item], Field(title="本页")),  # type: ignore[valid-type]
        totals=(totals | None, Field(title="合计")),
        **beside,
    )


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
    name = f"{name_class(singular)}Form"
    return create_model(name, __base__=Form, __doc__=fact.__doc__, **fields)


def name_class(singular: str) -> str:
    return "".join(word.title() for word in singular.split("_"))


def build_columns_dependency(
    table: str, path: Iterable[str], query: Iterable[str], others: Iterable[Parameter] = ()
) -> Callable[..., Any]:
    """Build a dependency on columns in a path and a query; one left out of the query is None.

    `others` are parameters that are no columns.
    """

    async def values(**columns: Any) -> dict[str, Any]:
        return columns

    parameters = [build_parameter(table, name, Path()) for name in path]
    parameters += [build_parameter(table, name, Query()) for name in query]
    parameters += others
    values.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return values


def build_parameter(table: str, name: str, source: Any) -> Parameter:
    kind: Any = parameter_type(table, name)
    default: Any = Parameter.empty
    if isinstance(source, type(Query())):
        kind, default = kind | None, None
    marked = type(source)(title=field_title(table, name))
    return Parameter(
        name, Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, marked]
    )


def parameter_type(table: str, name: str) -> Any:
    """The type of a value of a column in an address; a list is narrowed by one of its words."""
    columns = {column.name: column for column in FACT_COLUMNS[table]}
    kind = columns[name].kind if name in columns else ColumnType.count  # a version
    if kind is ColumnType.day:
        return Annotated[date, DAY_NOTATION]
    if kind in (ColumnType.count, ColumnType.year):
        return Number
    return (columns[name].closed and columns[name].words) or PlainText


def field_title(table: str, name: str) -> str:
    return "版本" if name == "version" else FACT_KINDS[table].model.model_fields[name].title or name

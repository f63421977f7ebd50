"""A kind of fact as a resource of the API: its list, one of it, its history, and how it is written.

The slices differ in their paths, in who may write and in what a list can be narrowed by; all else
is alike, and stands here once.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, create_model

from services.registry.records import reading, writing
from services.registry.records.rules import Step
from services.registry.records.scope import scope_of
from shared.auth import for_roles
from shared.db import Session
from shared.facts import TABLES
from shared.idempotency import Once, OnceRoute
from shared.ledger.sheets import TITLES, WRITABLE
from shared.pages import LARGEST, AskedPage, Page, page
from shared.problems import NotFound
from shared.tokens import Caller, Role

OFFICE = (Role.office,)
READERS = (Role.office, Role.unit, Role.leader, Role.field, Role.inspector)
PLAIN = r"^[^\x00-\x1f\x7f]{1,200}$"
VERSION = r'^"?[0-9]{1,18}"?$'


@dataclass(frozen=True)
class Resource:
    """`path` is the list's, `item` the path of one, `one` its name in operation ids.

    `readers` and `writers` are roles; of what they may, they see what is in their scope.

    Names in paths, `query` and `filters` are columns. `blank` is the part of the key that is
    unknown for the records of this resource. Facts without a key end in `{version}` and are posted
    to the list. `reserved` are the fields that only the office fills.
    """

    table: str
    one: str
    path: str
    item: str
    writers: tuple[Role, ...]
    readers: tuple[Role, ...] = READERS
    query: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    reserved: tuple[str, ...] = ()

    @property
    def keyless(self) -> bool:
        return self.item.endswith("{version}")

    @property
    def fixed(self) -> tuple[str, ...]:
        """The columns that the address says, not the body."""
        at = names_in(self.path) if self.keyless else names_in(self.item)
        return (*at, *self.query, *self.blank)


class Marks(BaseModel):
    """Who recorded it, when, for which region and why; `superseded_at` in a history only."""

    version: int
    recorded_at: datetime
    recorded_by: str
    recorded_for: str
    why: str
    superseded_at: datetime | None


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    why: str = Field(default="", max_length=500, pattern=WRITABLE, title="说明")


def routes(resource: Resource) -> APIRouter:
    """All operations of a kind of fact."""
    router = APIRouter(prefix="/v1", tags=[TITLES[resource.table]], route_class=OnceRoute)
    add_reading(router, resource)
    add_writing(router, resource)
    return router


def add_reading(router: APIRouter, resource: Resource) -> None:
    table, model = resource.table, read_model(resource.table)
    Where = Annotated[dict[str, Any], Depends(asked(resource, resource.path, resource.filters))]
    Key = Annotated[dict[str, Any], Depends(asked(resource, resource.item, resource.query))]
    Reader = Annotated[Caller, for_roles(*resource.readers)]

    @router.get(
        resource.path,
        response_model=Page[model],  # type: ignore[valid-type]
        operation_id=f"list_{resource.one}s",
    )
    async def list_them(where: Where, paging: AskedPage, session: Session, who: Reader) -> Any:
        await refuse_unseen(session, where, resource.path, who)
        found = await reading.current(session, table, where, scope_of(who), paging)
        return page(found, paging, lambda row: int(row["version"]))

    @router.get(resource.item, response_model=model, operation_id=f"read_{resource.one}")
    async def read_one(key: Key, response: Response, session: Session, who: Reader) -> Any:
        row = await reading.find(session, table, key | blank(resource), scope_of(who))
        if row is None:
            raise NotFound("没有这条记录", "There is no such record.")
        response.headers["etag"] = f'"{row["version"]}"'
        return row

    if not resource.keyless:

        @router.get(
            resource.item + "/history",
            response_model=list[model],  # type: ignore[valid-type]
            operation_id=f"list_{resource.one}_history",
        )
        async def list_history(key: Key, session: Session, who: Reader) -> Any:
            """Everything ever recorded, the latest first."""
            found = await reading.history(session, table, key | blank(resource), scope_of(who))
            if not found:
                raise NotFound("没有这条记录", "There is no such record.")
            return found


def add_writing(router: APIRouter, resource: Resource) -> None:
    table, model, form_model = resource.table, read_model(resource.table), form_of(resource)
    List = Annotated[dict[str, Any], Depends(asked(resource, resource.path, ()))]
    Key = Annotated[dict[str, Any], Depends(asked(resource, resource.item, resource.query))]
    Writer = Annotated[Caller, for_roles(*resource.writers)]
    IfMatch = Annotated[str | None, Header(alias="If-Match", pattern=VERSION)]

    async def write(
        session: Session,
        who: Caller,
        place: dict[str, Any],
        key: dict[str, Any] | None,
        form: Form,
        expected: int | None,
        response: Response,
    ) -> Any:
        await refuse_unseen(session, place, resource.path, who)
        says = form.model_dump(exclude={"why"})
        done = await writing.record(
            session,
            table,
            key,
            {**says, **place, **blank(resource)},
            who=who,
            why=form.why,
            expected=expected,
            reserved=resource.reserved,
        )
        response.status_code = 201 if done.step is Step.append else 200
        response.headers["etag"] = f'"{done.row["version"]}"'
        return done.row

    if resource.keyless:

        @router.post(
            resource.path,
            status_code=201,
            response_model=model,
            dependencies=[Once],
            operation_id=f"record_{resource.one}",
        )
        async def add(
            place: List,
            form: form_model,  # type: ignore[valid-type]
            response: Response,
            session: Session,
            who: Writer,
        ) -> Any:
            return await write(session, who, place, None, form, None, response)

    @router.put(
        resource.item,
        response_model=model,
        responses={} if resource.keyless else {201: {"model": model, "description": "新记录"}},
        dependencies=[Once],
        operation_id=f"{'correct' if resource.keyless else 'record'}_{resource.one}",
    )
    async def put(
        key: Key,
        form: form_model,  # type: ignore[valid-type]
        response: Response,
        session: Session,
        who: Writer,
        if_match: IfMatch = None,
    ) -> Any:
        """Record it, or supersede the version that `If-Match` names."""
        expected = int(if_match.strip('"')) if if_match else key.get("version")
        place = {name: value for name, value in key.items() if name != "version"}
        return await write(session, who, place, key | blank(resource), form, expected, response)


async def refuse_unseen(session: Session, place: dict[str, Any], path: str, who: Caller) -> None:
    """Below a project that the caller may not see there is nothing."""
    if "project_id" not in names_in(path):
        return
    project = {"project_id": place["project_id"]}
    if not await reading.find(session, "projects", project, scope_of(who)):
        raise NotFound("没有这个项目", "There is no such project.")


def names_in(path: str) -> tuple[str, ...]:
    return tuple(re.findall(r"{(\w+)}", path))


def blank(resource: Resource) -> dict[str, Any]:
    return dict.fromkeys(resource.blank)


def read_model(table: str) -> type[BaseModel]:
    fact = TABLES[table]
    return create_model(f"{fact.__name__}Read", __base__=(Marks, fact), __doc__=fact.__doc__)


def form_of(resource: Resource) -> type[Form]:
    """What is sent: the fields of the fact that the address does not say, and why."""
    fact = TABLES[resource.table]
    fields: dict[str, Any] = {
        name: (field.annotation, field)
        for name, field in fact.model_fields.items()
        if name not in resource.fixed
    }
    name = "".join(part.title() for part in resource.one.split("_")) + "Form"
    return create_model(name, __base__=Form, __doc__=fact.__doc__, **fields)


def asked(resource: Resource, path: str, query: Iterable[str]) -> Callable[..., Any]:
    """A dependency on the columns in a path and a query; those not asked for are left out.

    FastAPI reads signatures, and the columns say what stands in this one. In the query of a list
    an absent column narrows nothing; in a key it is unknown.
    """
    is_key = path == resource.item

    async def values(**given: Any) -> dict[str, Any]:
        return {n: v for n, v in given.items() if is_key or v is not None}

    parameters = [parameter(resource.table, name, Path()) for name in names_in(path)]
    parameters += [parameter(resource.table, name, Query()) for name in query]
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

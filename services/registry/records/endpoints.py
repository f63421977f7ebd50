"""A kind of fact as a resource of the API: its list, one of it, its history, and how it is written.

The slices differ in their paths, in who may write and in what a list can be narrowed by; all else
is alike, and stands here once. An answer is the text that the database wrote: the models are what
the OpenAPI document says of it, and a test holds the two together.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Response

from services.registry.records import statements
from services.registry.records.ledger_merge import OutsideRegion
from services.registry.records.queries import Asking, Line, found
from services.registry.records.rules import Step
from services.registry.records.schemas import Form, asked, form_model, read_model
from services.registry.records.validation import checked
from services.registry.records.visibility import scope_of
from services.registry.records.writes import Writing, no_project, record
from shared.database.sessions import Reads, Session, straight
from shared.facts.kind import TITLES
from shared.http.auth import for_roles
from shared.http.idempotency import Once, OnceRoute
from shared.http.pages import AskedPage, Page, Paging, page
from shared.http.tokens import Caller, Role
from shared.problems import InvalidRequest, NotFound, Stale, raises

OFFICE = (Role.office,)
READERS = (Role.office, Role.unit, Role.leader, Role.field, Role.inspector)
VERSION = r'^"?[0-9]{1,18}"?$'
PROJECT = statements.one("projects", ("project_id",))


@dataclass(frozen=True)
class Resource:
    """`path` is the list's, `item` the path of one, `one` its name in operation ids.

    `readers` and `writers` are roles; of what they may, they see what is in their scope.

    Names in paths, `query` and `filters` are columns. `blank` is the part of the key that is
    unknown for the records of this resource. Facts without a key end in `{version}` and are posted
    to the list. `reserved` are the fields that only the office fills. `zh` is what a record is
    called where that is not the table's title.
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
    zh: str = ""

    @property
    def title(self) -> str:
        """What a record is called: as its table, where it has no name of its own."""
        return self.zh or TITLES[self.table]

    @property
    def keyless(self) -> bool:
        return self.item.endswith("{version}")

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that say which record it is."""
        return (*names_in(self.item), *self.query, *self.blank)

    @property
    def fixed(self) -> tuple[str, ...]:
        """The columns that the address says, not the body."""
        return names_in(self.path) if self.keyless else self.key

    @property
    def unknown(self) -> dict[str, None]:
        return dict.fromkeys(self.blank)

    @property
    def below_project(self) -> bool:
        return "project_id" in names_in(self.path)


def names_in(path: str) -> tuple[str, ...]:
    return tuple(re.findall(r"{(\w+)}", path))


def routes(resource: Resource) -> APIRouter:
    """All operations of a kind of fact."""
    router = APIRouter(prefix="/v1", tags=[TITLES[resource.table]], route_class=OnceRoute)
    add_reading(router, resource)
    add_writing(router, resource)
    return router


def add_reading(router: APIRouter, resource: Resource) -> None:
    table, model, place = resource.table, read_model(resource.table), names_in(resource.path)
    page = statements.page(table, place, resource.filters)
    one, history = statements.one(table, resource.key), statements.history(table, resource.key)
    Place = Annotated[dict[str, Any], Depends(asked(table, place, resource.filters))]
    Key = Annotated[dict[str, Any], Depends(asked(table, names_in(resource.item), resource.query))]
    Reader = Annotated[Caller, for_roles(*resource.readers)]
    below = (NotFound,) if resource.below_project else ()

    @router.get(
        resource.path,
        response_model=Page[model],  # type: ignore[valid-type]
        operation_id=f"list_{resource.one}s",
        summary=f"列出{resource.title}",
    )
    @raises(*below)
    async def list_them(place: Place, paging: AskedPage, reads: Reads, who: Reader) -> Response:
        values = {**place, "after": paging.after, "limit": paging.limit + 1}
        lines = await found(reads, page, values, scope_of(who))
        if not lines and resource.below_project:
            await refuse_unseen(reads, place, who)
        return answer(page_of(lines, paging))

    @router.get(
        resource.item,
        response_model=model,
        operation_id=f"read_{resource.one}",
        summary=f"读取{resource.title}",
    )
    @raises(NotFound)
    async def read_one(key: Key, reads: Reads, who: Reader) -> Response:
        lines = await found(reads, one, key | resource.unknown, scope_of(who))
        if not lines:
            raise NotFound("没有这条记录", "There is no such record.")
        return answer_with(lines[0])

    if not resource.keyless:

        @router.get(
            resource.item + "/history",
            response_model=list[model],  # type: ignore[valid-type]
            operation_id=f"list_{resource.one}_history",
            summary=f"列出{resource.title}的历次记录",
        )
        @raises(NotFound)
        async def list_history(key: Key, reads: Reads, who: Reader) -> Response:
            """Everything ever recorded, the latest first."""
            lines = await found(reads, history, key | resource.unknown, scope_of(who))
            if not lines:
                raise NotFound("没有这条记录", "There is no such record.")
            return answer(f"[{joined(lines)}]")


def add_writing(router: APIRouter, resource: Resource) -> None:
    table, model = resource.table, read_model(resource.table)
    sent = form_model(table, resource.one, resource.fixed)
    new, known = writing_of(resource, None), writing_of(resource, resource.key)
    Place = Annotated[dict[str, Any], Depends(asked(table, names_in(resource.path), ()))]
    Key = Annotated[dict[str, Any], Depends(asked(table, names_in(resource.item), resource.query))]
    Writer = Annotated[Caller, for_roles(*resource.writers)]
    IfMatch = Annotated[str | None, Header(alias="If-Match", title="所依据的版本", pattern=VERSION)]

    async def write(
        session: Session,
        kind: Writing,
        key: Mapping[str, Any],
        form: Form,
        who: Caller,
        expected: int | None = None,
    ) -> Response:
        says = form.model_dump()
        why = says.pop("why")
        try:
            given = {**key, **checked(table, {**says, **key, **resource.unknown})}
        except InvalidRequest:
            if resource.below_project:
                await refuse_unseen(await straight(session), key, who)
            raise
        done = await record(session, kind, given, who=who, why=why, expected=expected)
        return answer_with(done.row, 201 if done.step is Step.append else 200)

    if resource.keyless:

        @router.post(
            resource.path,
            status_code=201,
            response_model=model,
            dependencies=[Once],
            operation_id=f"record_{resource.one}",
            summary=f"登记{resource.title}",
        )
        @raises(NotFound, OutsideRegion)
        async def add(
            place: Place,
            form: sent,  # type: ignore[valid-type]
            session: Session,
            who: Writer,
        ) -> Response:
            return await write(session, new, place, form, who)

    @router.put(
        resource.item,
        response_model=model,
        responses={} if resource.keyless else {201: {"model": model, "description": "新记录"}},
        dependencies=[Once],
        operation_id=f"{'correct' if resource.keyless else 'record'}_{resource.one}",
        summary=f"{'更正' if resource.keyless else '登记或更正'}{resource.title}",
    )
    @raises(NotFound, OutsideRegion, Stale)
    async def put(
        key: Key,
        form: sent,  # type: ignore[valid-type]
        session: Session,
        who: Writer,
        if_match: IfMatch = None,
    ) -> Response:
        """Record it, or supersede the version that `If-Match` names."""
        expected = int(if_match.strip('"')) if if_match else key.get("version")
        return await write(session, known, key, form, who, expected)


def writing_of(resource: Resource, key: Iterable[str] | None) -> Writing:
    look, write = statements.look(resource.table, key), statements.write(resource.table)
    return Writing(resource.table, look, write, resource.below_project, resource.reserved)


async def refuse_unseen(asking: Asking, place: Mapping[str, Any], who: Caller) -> None:
    """Below a project that the caller may not see there is nothing."""
    if not await found(asking, PROJECT, place, scope_of(who)):
        raise no_project()


def answer(body: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status, headers, "application/json")


def answer_with(line: Line, status: int = 200) -> Response:
    return answer(line["line"], status, {"etag": f'"{line["version"]}"'})


def page_of(lines: Sequence[Line], asked: Paging) -> str:
    """`Page`, from items that are JSON already."""
    found = page(lines, asked, lambda line: int(line["version"]))
    return f'{{"items":[{joined(found["items"])}],"next":{json.dumps(found["next"])}}}'


def joined(lines: Iterable[Line]) -> str:
    return ",".join(line["line"] for line in lines)

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
from services.registry.records.queries import QueryConnection, RecordLine, fetch_records
from services.registry.records.rules import WriteStep
from services.registry.records.schemas import (
    Form,
    build_columns_dependency,
    build_form_model,
    build_read_model,
)
from services.registry.records.validation import validate_fact
from services.registry.records.visibility import caller_scope
from services.registry.records.writes import WriteSpec, missing_project_error, record_fact
from shared.database.sessions import Reads, Session, get_driver_connection
from shared.facts.kind import FACT_TITLES
from shared.http.auth import require_roles
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.http.pages import Page, Paging, PagingParams, build_page
from shared.http.tokens import Caller, Role
from shared.problems import InvalidRequest, NotFound, Stale, raises

OFFICE_ROLES = (Role.office,)
RECORD_READERS = (Role.office, Role.unit, Role.leader, Role.field, Role.inspector)
VERSION_PATTERN = r'^"?[0-9]{1,18}"?$'
PROJECT_QUERY = statements.current_record_query("projects", ("project_id",))


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
    readers: tuple[Role, ...] = RECORD_READERS
    query: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    reserved: tuple[str, ...] = ()
    zh: str = ""

    @property
    def title(self) -> str:
        """What a record is called: as its table, where it has no name of its own."""
        return self.zh or FACT_TITLES[self.table]

    @property
    def keyless(self) -> bool:
        return self.item.endswith("{version}")

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that say which record it is."""
        return (*path_columns(self.item), *self.query, *self.blank)

    @property
    def fixed(self) -> tuple[str, ...]:
        """The columns that the address says, not the body."""
        return path_columns(self.path) if self.keyless else self.key

    @property
    def unknown(self) -> dict[str, None]:
        return dict.fromkeys(self.blank)

    @property
    def below_project(self) -> bool:
        return "project_id" in path_columns(self.path)


def path_columns(path: str) -> tuple[str, ...]:
    return tuple(re.findall(r"{(\w+)}", path))


def build_router(resource: Resource) -> APIRouter:
    """All operations of a kind of fact."""
    router = APIRouter(
        prefix="/v1", tags=[FACT_TITLES[resource.table]], route_class=IdempotentRoute
    )
    add_read_routes(router, resource)
    add_write_routes(router, resource)
    return router


def add_read_routes(router: APIRouter, resource: Resource) -> None:
    table, model, place = (
        resource.table,
        build_read_model(resource.table),
        path_columns(resource.path),
    )
    page = statements.record_page_query(table, place, resource.filters)
    one, history = (
        statements.current_record_query(table, resource.key),
        statements.record_history_query(table, resource.key),
    )
    Place = Annotated[
        dict[str, Any], Depends(build_columns_dependency(table, place, resource.filters))
    ]
    Key = Annotated[
        dict[str, Any],
        Depends(build_columns_dependency(table, path_columns(resource.item), resource.query)),
    ]
    Reader = Annotated[Caller, require_roles(*resource.readers)]
    below = (NotFound,) if resource.below_project else ()

    @router.get(
        resource.path,
        response_model=Page[model],  # type: ignore[valid-type]
        operation_id=f"list_{resource.one}s",
        summary=f"列出{resource.title}",
    )
    @raises(*below)
    async def list_them(place: Place, paging: PagingParams, reads: Reads, who: Reader) -> Response:
        values = {**place, "after": paging.after, "limit": paging.limit + 1}
        lines = await fetch_records(reads, page, values, caller_scope(who))
        if not lines and resource.below_project:
            await refuse_hidden_project(reads, place, who)
        return build_json_response(serialize_page(lines, paging))

    @router.get(
        resource.item,
        response_model=model,
        operation_id=f"read_{resource.one}",
        summary=f"读取{resource.title}",
    )
    @raises(NotFound)
    async def read_one(key: Key, reads: Reads, who: Reader) -> Response:
        lines = await fetch_records(reads, one, key | resource.unknown, caller_scope(who))
        if not lines:
            raise NotFound("没有这条记录", "There is no such record.")
        return build_record_response(lines[0])

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
            lines = await fetch_records(reads, history, key | resource.unknown, caller_scope(who))
            if not lines:
                raise NotFound("没有这条记录", "There is no such record.")
            return build_json_response(f"[{join_record_lines(lines)}]")


def add_write_routes(router: APIRouter, resource: Resource) -> None:
    table, model = resource.table, build_read_model(resource.table)
    sent = build_form_model(table, resource.one, resource.fixed)
    new, known = build_write_spec(resource, None), build_write_spec(resource, resource.key)
    Place = Annotated[
        dict[str, Any], Depends(build_columns_dependency(table, path_columns(resource.path), ()))
    ]
    Key = Annotated[
        dict[str, Any],
        Depends(build_columns_dependency(table, path_columns(resource.item), resource.query)),
    ]
    Writer = Annotated[Caller, require_roles(*resource.writers)]
    IfMatch = Annotated[
        str | None, Header(alias="If-Match", title="所依据的版本", pattern=VERSION_PATTERN)
    ]

    async def write(
        session: Session,
        kind: WriteSpec,
        key: Mapping[str, Any],
        form: Form,
        who: Caller,
        expected: int | None = None,
    ) -> Response:
        says = form.model_dump()
        why = says.pop("why")
        try:
            given = {**key, **validate_fact(table, {**says, **key, **resource.unknown})}
        except InvalidRequest:
            if resource.below_project:
                await refuse_hidden_project(await get_driver_connection(session), key, who)
            raise
        done = await record_fact(session, kind, given, who=who, why=why, expected=expected)
        return build_record_response(done.row, 201 if done.step is WriteStep.append else 200)

    if resource.keyless:

        @router.post(
            resource.path,
            status_code=201,
            response_model=model,
            dependencies=[IdempotencyCheck],
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
        dependencies=[IdempotencyCheck],
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


def build_write_spec(resource: Resource, key: Iterable[str] | None) -> WriteSpec:
    look, write = (
        statements.write_context_query(resource.table, key),
        statements.record_write_query(resource.table),
    )
    return WriteSpec(resource.table, look, write, resource.below_project, resource.reserved)


async def refuse_hidden_project(
    asking: QueryConnection, place: Mapping[str, Any], who: Caller
) -> None:
    """Below a project that the caller may not see there is nothing."""
    if not await fetch_records(asking, PROJECT_QUERY, place, caller_scope(who)):
        raise missing_project_error()


def build_json_response(
    body: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(body, status, headers, "application/json")


def build_record_response(line: RecordLine, status: int = 200) -> Response:
    return build_json_response(line["line"], status, {"etag": f'"{line["version"]}"'})


def serialize_page(lines: Sequence[RecordLine], asked: Paging) -> str:
    """`Page`, from items that are JSON already."""
    found = build_page(lines, asked, lambda line: int(line["version"]))
    return f'{{"items":[{join_record_lines(found["items"])}],"next":{json.dumps(found["next"])}}}'


def join_record_lines(lines: Iterable[RecordLine]) -> str:
    return ",".join(line["line"] for line in lines)

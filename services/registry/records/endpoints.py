"""Endpoints of a kind of fact: its list, one record, its history, and how it is written.

The slices differ in their paths, in who may write and in the filters of their list; all else is
alike, and stands here once. A response is the text that the database wrote: the models only
describe it in the OpenAPI document, and a test holds the two together.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from shared.facts.tables import FACT_KINDS
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
    """Declaration of a kind of fact as a resource.

    `singular` is the name of one record in operation ids. `readers` and `writers` are roles; each
    caller sees the records in its scope only. Names in braces of a path, in `query_key` and in
    `filters` are columns; `null_key` are columns of the key that are NULL in every record of this
    resource. Facts without a key have an `item_path` that ends in `{version}` and are posted to
    the list. `office_fields` are fields that only the office fills. `zh` is the title of a record,
    if not the table's.
    """

    table: str
    singular: str
    list_path: str
    item_path: str
    writers: tuple[Role, ...]
    readers: tuple[Role, ...] = RECORD_READERS
    query_key: tuple[str, ...] = ()
    null_key: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    office_fields: tuple[str, ...] = ()
    zh: str = ""

    @property
    def title(self) -> str:
        """Title of a record: its own, or the table's."""
        return self.zh or FACT_KINDS[self.table].zh

    @property
    def is_keyless(self) -> bool:
        return self.item_path.endswith("{version}")

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that identify a record."""
        return (*path_columns(self.item_path), *self.query_key, *self.null_key)

    @property
    def address_columns(self) -> tuple[str, ...]:
        """Columns that come from the path and the query, not from the body."""
        return path_columns(self.list_path) if self.is_keyless else self.key

    @property
    def null_key_values(self) -> dict[str, None]:
        return dict.fromkeys(self.null_key)

    @property
    def is_below_project(self) -> bool:
        return "project_id" in path_columns(self.list_path)


def path_columns(path: str) -> tuple[str, ...]:
    return tuple(re.findall(r"{(\w+)}", path))


def build_router(resource: Resource) -> APIRouter:
    """Build the router with all operations of a kind of fact."""
    router = APIRouter(
        prefix="/v1", tags=[FACT_KINDS[resource.table].zh], route_class=IdempotentRoute
    )
    add_read_routes(router, resource)
    add_write_routes(router, resource)
    return router


def add_read_routes(router: APIRouter, resource: Resource) -> None:
    table, model = resource.table, build_read_model(resource.table)
    list_columns = path_columns(resource.list_path)
    page_query = statements.record_page_query(table, list_columns, resource.filters)
    item_query = statements.current_record_query(table, resource.key)
    history_query = statements.record_history_query(table, resource.key)
    ListColumns = Annotated[
        dict[str, Any], Depends(build_columns_dependency(table, list_columns, resource.filters))
    ]
    ItemKey = Annotated[dict[str, Any], Depends(build_key_dependency(resource))]
    Reader = Annotated[Caller, require_roles(*resource.readers)]
    below = (NotFound,) if resource.is_below_project else ()

    @router.get(
        resource.list_path,
        response_model=Page[model],  # type: ignore[valid-type]
        operation_id=f"list_{resource.singular}s",
        summary=f"列出{resource.title}",
    )
    @raises(*below)
    async def list_them(
        columns: ListColumns, paging: PagingParams, reads: Reads, who: Reader
    ) -> Response:
        values = {**columns, "after": paging.after, "limit": paging.limit + 1}
        lines = await fetch_records(reads, page_query, values, caller_scope(who))
        if not lines and resource.is_below_project:
            await refuse_hidden_project(reads, columns, who)
        return build_json_response(serialize_page(lines, paging))

    @router.get(
        resource.item_path,
        response_model=model,
        operation_id=f"read_{resource.singular}",
        summary=f"读取{resource.title}",
    )
    @raises(NotFound)
    async def read_one(key: ItemKey, reads: Reads, who: Reader) -> Response:
        values = key | resource.null_key_values
        lines = await fetch_records(reads, item_query, values, caller_scope(who))
        if not lines:
            raise NotFound("没有这条记录", "There is no such record.")
        return build_record_response(lines[0])

    if not resource.is_keyless:

        @router.get(
            resource.item_path + "/history",
            response_model=list[model],  # type: ignore[valid-type]
            operation_id=f"list_{resource.singular}_history",
            summary=f"列出{resource.title}的历次记录",
        )
        @raises(NotFound)
        async def list_history(key: ItemKey, reads: Reads, who: Reader) -> Response:
            """Everything ever recorded, the latest first."""
            values = key | resource.null_key_values
            lines = await fetch_records(reads, history_query, values, caller_scope(who))
            if not lines:
                raise NotFound("没有这条记录", "There is no such record.")
            return build_json_response(f"[{join_record_lines(lines)}]")


def add_write_routes(router: APIRouter, resource: Resource) -> None:
    table, model = resource.table, build_read_model(resource.table)
    form_model = build_form_model(table, resource.singular, resource.address_columns)
    post_spec, put_spec = build_write_spec(resource, None), build_write_spec(resource, resource.key)
    list_columns = path_columns(resource.list_path)
    ListColumns = Annotated[
        dict[str, Any], Depends(build_columns_dependency(table, list_columns, ()))
    ]
    ItemKey = Annotated[dict[str, Any], Depends(build_key_dependency(resource))]
    Writer = Annotated[Caller, require_roles(*resource.writers)]
    IfMatch = Annotated[
        str | None, Header(alias="If-Match", title="所依据的版本", pattern=VERSION_PATTERN)
    ]

    async def write(
        session: Session,
        spec: WriteSpec,
        address: Mapping[str, Any],
        form: Form,
        who: Caller,
        expected: int | None = None,
    ) -> Response:
        fields = form.model_dump()
        why = fields.pop("why")
        try:
            fact = validate_fact(table, {**fields, **address, **resource.null_key_values})
        except InvalidRequest:
            if resource.is_below_project:
                await refuse_hidden_project(await get_driver_connection(session), address, who)
            raise
        values = {**address, **fact}
        result = await record_fact(session, spec, values, who=who, why=why, expected=expected)
        return build_record_response(result.row, 201 if result.step is WriteStep.append else 200)

    if resource.is_keyless:

        @router.post(
            resource.list_path,
            status_code=201,
            response_model=model,
            dependencies=[IdempotencyCheck],
            operation_id=f"record_{resource.singular}",
            summary=f"登记{resource.title}",
        )
        @raises(NotFound, OutsideRegion)
        async def add(
            columns: ListColumns,
            form: form_model,  # type: ignore[valid-type]
            session: Session,
            who: Writer,
        ) -> Response:
            return await write(session, post_spec, columns, form, who)

    @router.put(
        resource.item_path,
        response_model=model,
        responses={} if resource.is_keyless else {201: {"model": model, "description": "新记录"}},
        dependencies=[IdempotencyCheck],
        operation_id=f"{'correct' if resource.is_keyless else 'record'}_{resource.singular}",
        summary=f"{'更正' if resource.is_keyless else '登记或更正'}{resource.title}",
    )
    @raises(NotFound, OutsideRegion, Stale)
    async def put(
        key: ItemKey,
        form: form_model,  # type: ignore[valid-type]
        session: Session,
        who: Writer,
        if_match: IfMatch = None,
    ) -> Response:
        """Record it, or supersede the version that `If-Match` names."""
        expected = int(if_match.strip('"')) if if_match else key.get("version")
        return await write(session, put_spec, key, form, who, expected)


def build_write_spec(resource: Resource, key: Iterable[str] | None) -> WriteSpec:
    return WriteSpec(
        resource.table,
        statements.write_context_query(resource.table, key),
        statements.record_write_query(resource.table),
        resource.is_below_project,
        resource.office_fields,
    )


def build_key_dependency(resource: Resource) -> Callable[..., Any]:
    """Build a dependency on the key columns of one record."""
    columns = path_columns(resource.item_path)
    return build_columns_dependency(resource.table, columns, resource.query_key)


async def refuse_hidden_project(
    connection: QueryConnection, address: Mapping[str, Any], who: Caller
) -> None:
    """Raise NotFound below a project that the caller may not see."""
    if not await fetch_records(connection, PROJECT_QUERY, address, caller_scope(who)):
        raise missing_project_error()


def build_json_response(
    body: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(body, status, headers, "application/json")


def build_record_response(line: RecordLine, status: int = 200) -> Response:
    return build_json_response(line["line"], status, {"etag": f'"{line["version"]}"'})


def serialize_page(lines: Sequence[RecordLine], paging: Paging) -> str:
    """JSON of a `Page`, from items that are JSON already."""
    page = build_page(lines, paging, lambda line: int(line["version"]))
    return f'{{"items":[{join_record_lines(page["items"])}],"next":{json.dumps(page["next"])}}}'


def join_record_lines(lines: Iterable[RecordLine]) -> str:
    return ",".join(line["line"] for line in lines)

"""Endpoints of a kind of fact: its list, one record, its history, and how it is written.

The slices differ in their paths, in who may write and in the filters of their list; all else is
alike, and stands here once. A response is the text that the database wrote: the models only
describe it in the OpenAPI document, and a test holds the two together.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import reduce
from inspect import Parameter
from operator import or_
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from services.registry.records import statements
from services.registry.records.addresses import (
    RecordQuestion,
    parse_address,
    resolve_record_question,
)
from services.registry.records.ledger_merge import OutsideRegion
from services.registry.records.list_parameters import list_parameters, view_parameters
from services.registry.records.list_requests import (
    fetch_page,
    fetch_totals,
    find_view,
    read_list_request,
    serialize_page,
)
from services.registry.records.queries import QueryConnection, RecordLine, fetch_records
from services.registry.records.report_schemas import ReportRead, WaitingReports
from services.registry.records.report_statements import last_void_query, report_context_query
from services.registry.records.report_writes import ReportSpec, WaitingReport, report_fact
from services.registry.records.resource import REPORTERS, VERSION, Resource, path_columns
from services.registry.records.rules import WriteStep
from services.registry.records.schemas import (
    Form,
    build_columns_dependency,
    build_form_model,
    build_page_model,
    build_read_model,
)
from services.registry.records.validation import validate_fact
from services.registry.records.writes import WriteSpec, missing_record_error, record_fact
from shared.clock import Today
from shared.database.sessions import Reads, Session, get_driver_connection
from shared.facts.belonging import PROJECT_ID, PROJECTS
from shared.http.auth import require_roles
from shared.http.conditions import IfMatch
from shared.http.entity_tags import parse_version, version_tag
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.http.pages import CursorPagingParams
from shared.http.questions import QuestionParam, QuestionParameters
from shared.http.tokens import Caller
from shared.problems import InvalidRequest, NotFound, Stale, declared_problems, raises

Responses = dict[int | str, dict[str, Any]]
WAITS: Responses = {202: {"model": ReportRead, "description": "待办公室审核，尚未登记"}}
PROJECT_QUERY = statements.current_record_query(PROJECTS, (PROJECT_ID,))


def build_router(resource: Resource) -> APIRouter:
    """Build the router with all operations of a kind of fact."""
    router = APIRouter(prefix="/v1", tags=[resource.kind.zh], route_class=IdempotentRoute)
    add_read_routes(router, resource)
    add_write_routes(router, resource)
    return router


def add_read_routes(router: APIRouter, resource: Resource) -> None:
    kind, table = resource.kind, resource.kind.name
    model, views = build_read_model(table), [view.model for view in resource.views]
    waiting = WaitingReports if resource.is_reported else None
    page_model = build_page_model(
        table, resource.sums, views, waiting, resource.part.singular if resource.part else ""
    )
    item_queries = {
        view: statements.current_record_query(table, resource.key, view)
        for view in (None, *resource.views)
    }
    history_query = statements.record_history_query(table, resource.key)
    list_them_by = build_columns_dependency(
        table, path_columns(resource.list_path), resource.filters, list_parameters(resource)
    )
    ListParameters = Annotated[dict[str, Any], Depends(list_them_by)]
    ItemKey = Annotated[dict[str, Any], Depends(build_key_dependency(resource))]
    read_one_by = build_key_dependency(resource, view_parameters(resource))
    ItemParameters = Annotated[dict[str, Any], Depends(read_one_by)]
    Reader = Annotated[Caller, require_roles(*resource.readers)]
    below = (NotFound,) if resource.is_below_project else ()

    @router.get(
        resource.list_path,
        response_model=page_model,
        operation_id=f"list_{resource.name}s",
        summary=f"列出{resource.title}",
    )
    @raises(*below)
    async def list_them(
        sent: ListParameters,
        asks: QuestionParam,
        paging: CursorPagingParams,
        reads: Reads,
        who: Reader,
    ) -> Response:
        question = resolve_record_question(asks, who)
        asked = read_list_request(resource, sent, paging, question, who)
        lines = await fetch_page(reads, asked, question)
        if not lines and resource.is_below_project:
            await refuse_hidden_project(reads, asked.values, question)
        totals = await fetch_totals(reads, asked, question)
        return build_json_response(serialize_page(asked, lines, totals))

    @router.get(
        resource.item_path,
        response_model=reduce(or_, views, model),
        operation_id=f"read_{resource.name}",
        summary=f"读取{resource.title}",
    )
    @raises(NotFound)
    async def read_one(
        sent: ItemParameters, asks: QuestionParam, reads: Reads, who: Reader
    ) -> Response:
        question, view = resolve_record_question(asks, who), find_view(resource, sent)
        values = parse_address(kind, sent, question, who) | resource.blank_values
        lines = await fetch_records(reads, item_queries[view], values, question)
        if not lines:
            raise NotFound("没有这条记录", "There is no such record.")
        # A view has no version of its own: what hangs on the record may change, too.
        return build_json_response(lines[0]["line"]) if view else build_record_response(lines[0])

    if not resource.is_keyless:

        @router.get(
            resource.item_path + "/history",
            response_model=list[model],  # type: ignore[valid-type]
            operation_id=f"list_{resource.name}_history",
            summary=f"列出{resource.title}的历次记录",
        )
        @raises(NotFound)
        async def list_history(
            key: ItemKey, asks: QuestionParam, reads: Reads, who: Reader
        ) -> Response:
            """Everything ever recorded, the latest first."""
            question = resolve_record_question(asks, who)
            values = parse_address(kind, key, question, who) | resource.blank_values
            lines = await fetch_records(reads, history_query, values, question)
            if not lines:
                raise NotFound("没有这条记录", "There is no such record.")
            return build_json_response(f"[{join_record_lines(lines)}]")


def add_write_routes(router: APIRouter, resource: Resource) -> None:
    kind, table = resource.kind, resource.kind.name
    model = build_read_model(table)
    form_model = build_form_model(table, resource.name, resource.address_columns)
    post_spec, put_spec = build_write_spec(resource, None), build_write_spec(resource, resource.key)
    list_columns = path_columns(resource.list_path)
    ListColumns = Annotated[
        dict[str, Any], Depends(build_columns_dependency(table, list_columns, ()))
    ]
    ItemKey = Annotated[dict[str, Any], Depends(build_key_dependency(resource))]
    Writer = Annotated[Caller, require_roles(*resource.writers)]
    new: Responses = {201: {"model": model, "description": "新记录"}}
    waits: Responses = WAITS if resource.is_reported else {}

    async def write(
        session: Session,
        spec: ReportSpec,
        address: Mapping[str, Any],
        form: Form,
        asks: QuestionParameters,
        who: Caller,
        today: date,
        expected: int | None = None,
    ) -> Response:
        fields = form.model_dump()
        why = fields.pop("why")
        question = resolve_record_question(asks, who)
        place = parse_address(kind, address, question, who) | resource.blank_values
        if resource.check_write is not None:
            await resource.check_write(session, place, who, why=why, today=today)
        try:
            fact = validate_fact(table, {**fields, **place})
        except InvalidRequest:
            if resource.is_below_project:
                await refuse_hidden_project(await get_driver_connection(session), place, question)
            raise
        asked: dict[str, Any] = {"who": who, "why": why, "expected": expected}
        if who.role not in REPORTERS:
            result = await record_fact(session, spec.write, {**place, **fact}, question, **asked)
        else:
            reported = await report_fact(
                session, spec, {**place, **fact}, question, today=today, **asked
            )
            if isinstance(reported, WaitingReport):
                return build_waiting_response(reported)
            result = reported
        return build_record_response(result.row, 201 if result.step is WriteStep.append else 200)

    if resource.is_keyless:

        @router.post(
            resource.list_path,
            status_code=201,
            response_model=model,
            responses=waits,
            dependencies=[IdempotencyCheck],
            operation_id=f"record_{resource.name}",
            summary=f"登记{resource.title}",
        )
        @raises(NotFound, OutsideRegion)
        async def add(
            columns: ListColumns,
            form: form_model,  # type: ignore[valid-type]
            asks: QuestionParam,
            session: Session,
            who: Writer,
            today: Today,
        ) -> Response:
            return await write(session, post_spec, columns, form, asks, who, today)

    @router.put(
        resource.item_path,
        response_model=model,
        responses=waits if resource.is_keyless else {**new, **waits},
        dependencies=[IdempotencyCheck],
        operation_id=f"{'correct' if resource.is_keyless else 'record'}_{resource.name}",
        summary=f"{'更正' if resource.is_keyless else '登记或更正'}{resource.title}",
    )
    @raises(NotFound, OutsideRegion, Stale, *declared_problems(resource.check_write))
    async def put(
        key: ItemKey,
        form: form_model,  # type: ignore[valid-type]
        asks: QuestionParam,
        session: Session,
        who: Writer,
        today: Today,
        if_match: IfMatch = None,
    ) -> Response:
        """Record it, or supersede the version that `If-Match` names."""
        expected = parse_version(if_match) if if_match else key.get(VERSION)
        return await write(session, put_spec, key, form, asks, who, today, expected)


def build_write_spec(resource: Resource, key: Iterable[str] | None) -> ReportSpec:
    name = resource.kind.name
    columns = None if key is None else tuple(key)
    write = WriteSpec(
        resource.kind,
        statements.write_context_query(name, columns),
        statements.record_write_query(name),
        resource.above,
        resource.office_fields,
    )
    return ReportSpec(write, report_context_query(name, columns), last_void_query(name, columns))


def build_key_dependency(
    resource: Resource, others: Iterable[Parameter] = ()
) -> Callable[..., Any]:
    """Build a dependency on the key columns of one record, and on other parameters."""
    columns = path_columns(resource.item_path)
    return build_columns_dependency(resource.kind.name, columns, resource.query_key, others)


async def refuse_hidden_project(
    connection: QueryConnection, address: Mapping[str, Any], question: RecordQuestion
) -> None:
    """Raise NotFound below a project that the caller may not see."""
    if not await fetch_records(connection, PROJECT_QUERY, address, question):
        raise missing_record_error()


def build_json_response(
    body: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(body, status, headers, "application/json")


def build_record_response(line: RecordLine, status: int = 200) -> Response:
    return build_json_response(line["line"], status, {"etag": version_tag(line["version"])})


def build_waiting_response(report: WaitingReport) -> Response:
    """Accepted, and nothing recorded: the report says why, and what becomes of it."""
    return build_json_response(report.line, 202, {"location": f"/v1/reports/{report.id}"})


def join_record_lines(lines: Iterable[RecordLine]) -> str:
    return ",".join(line["line"] for line in lines)

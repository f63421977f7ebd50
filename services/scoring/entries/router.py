"""Targets of units and marks by hand over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.scoring.engine.points.manual_entries import EnteredMistake
from services.scoring.entries import service
from services.scoring.entries.schemas import EntriesAsk, EntriesRead, EntryKind, EntryRead
from services.scoring.registry_client import Registry
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.visibility import PROJECT_READERS
from services.scoring.wire_types import Day, Name, SchemeName, operation_id
from shared.clock import Now
from shared.database.sessions import Session
from shared.http.auth import require_roles
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.http.pages import Page, PagingParams, build_page
from shared.http.questions import QuestionParam
from shared.http.tokens import Caller, Role
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1/entries",
    tags=["目标与打分"],
    route_class=IdempotentRoute,
    generate_unique_id_function=operation_id,
)


@router.post("", status_code=201, dependencies=[IdempotencyCheck], summary="录入目标和打分")
@raises(NotFound, EnteredMistake)
async def record_entries(
    request: EntriesAsk,
    session: Session,
    registry: Registry,
    who: Annotated[Caller, require_roles(Role.office)],
    now: Now,
) -> EntriesRead:
    """All of them or none: what is wrong is told item by item. Nothing is overwritten.

    A target holds from its day on until another is entered; a mark is for a run of its day alone.
    Of the same unit, metric and day what was entered last counts.
    """
    rows = await service.store_entries(session, registry, request, who, now=now)
    return EntriesRead(items=[EntryRead.model_validate(row) for row in rows])


@router.get("", summary="列出目标和打分")
@raises(NotFound)
async def list_entries(
    session: Session,
    who: Annotated[Caller, require_roles(*PROJECT_READERS)],
    paging: PagingParams,
    asks: QuestionParam,
    scheme: SchemeName = DEFAULT_SCHEME,
    unit_id: Name | None = None,
    kind: EntryKind | None = None,
    standing_on: Annotated[Day | None, Query(title="哪日有效")] = None,
) -> Page[EntryRead]:
    """Everything that was entered for the scheme, or with `standing_on` what a run of it takes."""
    filters = service.EntryFilter(scheme, asks, unit_id, kind, standing_on)
    rows = await service.list_entries(session, filters, who, paging)
    page = build_page(rows, paging, lambda row: row.id or 0)
    items = [EntryRead.model_validate(row) for row in page["items"]]
    return Page(items=items, next=page["next"])

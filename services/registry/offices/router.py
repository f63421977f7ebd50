"""Routes of offices: their settings, who made them and when."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from services.registry.offices import service
from services.registry.offices.schemas import OfficeAddress, OfficeForm, OfficeRead
from services.registry.records.ledger_merge import OutsideRegion
from services.registry.records.resource import OFFICE, READERS
from services.registry.records.rules import NotYet, WriteStep
from services.registry.records.schemas import KnownAt
from shared.database.sessions import Session
from shared.http.auth import require_roles
from shared.http.conditions import IfMatch
from shared.http.entity_tags import parse_version, version_tag
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.http.pages import Page, PagingParams, build_page
from shared.http.tokens import REGION_PREFIX, Caller
from shared.offices import office_code
from shared.problems import NotFound, Stale, raises

router = APIRouter(prefix="/v1/offices", tags=["办公室"], route_class=IdempotentRoute)
OfficeReaders = Annotated[Caller, require_roles(*READERS)]
RegionParam = Annotated[
    str | None,
    Query(pattern=f"^{REGION_PREFIX.pattern}$", title="行政区划"),
]


@router.get(
    "", response_model=Page[OfficeRead], operation_id="list_offices", summary="列出办公室的设置"
)
@raises(NotFound)
async def list_offices(
    session: Session, who: OfficeReaders, paging: PagingParams, region: RegionParam = None
) -> Any:
    """Offices within the region or above it that have settings, or records of their own."""
    asked = who.region if region is None else region
    offices = await service.list_offices(session, asked, who, paging)
    return build_page(offices, paging, lambda each: service.page_number(each.office))


@router.get("/{office}", operation_id="read_office", summary="读取办公室的设置")
@raises(NotFound, NotYet)
async def read_office(
    office: OfficeAddress,
    session: Session,
    who: OfficeReaders,
    response: Response,
    known_at: KnownAt = None,
) -> OfficeRead:
    """The settings in force, or those that were at a moment; else names derived from its region."""
    found = await service.load_office(session, office_code(office), known_at=known_at, who=who)
    add_etag(response, found)
    return found


@router.get("/{office}/history", operation_id="list_office_history", summary="列出办公室的历次设置")
@raises(NotFound)
async def list_office_history(
    office: OfficeAddress, session: Session, who: OfficeReaders
) -> list[OfficeRead]:
    """Everything that it ever set, the latest first."""
    return await service.list_history(session, office_code(office), who)


@router.put(
    "/{office}",
    responses={201: {"model": OfficeRead, "description": "首次设置"}},
    dependencies=[IdempotencyCheck],
    operation_id="record_office",
    summary="设置办公室",
)
@raises(NotFound, OutsideRegion, Stale)
async def record_office(
    office: OfficeAddress,
    form: OfficeForm,
    session: Session,
    who: Annotated[Caller, require_roles(*OFFICE)],
    response: Response,
    if_match: IfMatch = None,
) -> OfficeRead:
    """Replace all settings of the caller's own office; `If-Match` names the version replaced."""
    expected = parse_version(if_match) or None if if_match else None
    written = await service.store_settings(
        session, office_code(office), form, who=who, why=form.why, expected=expected
    )
    add_etag(response, written.office)
    if written.step is WriteStep.append:
        response.status_code = 201
    return written.office


def add_etag(response: Response, office: OfficeRead) -> None:
    """The tag of what an office has set; what is derived for it has the version 0."""
    state = "superseded" if office.superseded_at else ""
    response.headers["etag"] = version_tag(office.version or 0, state)

"""Campaigns over HTTP: recorded by the office, published, followed day by day, summed up."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response

from services.scoring.campaigns import lists, rules, service
from services.scoring.campaigns.rules import CampaignNotOver, CurrentCampaign
from services.scoring.campaigns.schemas import (
    CampaignCorrection,
    CampaignForm,
    CampaignProgress,
    CampaignRead,
    CampaignSummary,
    CommitmentRead,
    CommitmentsForm,
    TargetRead,
    TargetsForm,
    build_campaign_read,
)
from services.scoring.engine.campaigns.campaign import (
    CampaignHead,
    CampaignMistake,
)
from services.scoring.execution.duckdb import QUERY_PROBLEMS
from services.scoring.registry_client import Registry
from services.scoring.visibility import PROJECT_READERS, RESULT_READERS
from services.scoring.wire_types import Day, Name, operation_id
from shared.clock import Now, Today
from shared.database.sessions import Session
from shared.http.auth import require_roles
from shared.http.conditions import IfMatch
from shared.http.entity_tags import parse_version, version_tag
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.http.list_orders import ListOrder, OrderParam
from shared.http.pages import (
    MAX_BIGINT,
    Page,
    Paging,
    PagingParams,
)
from shared.http.tokens import Caller, Role
from shared.problems import InvalidRequest, NotFound, Stale, raises

router = APIRouter(
    prefix="/v1/campaigns",
    tags=["攻坚行动"],
    route_class=IdempotentRoute,
    generate_unique_id_function=operation_id,
)

CampaignId = Annotated[int, Path(ge=1, le=MAX_BIGINT)]
OfficeRole = Annotated[Caller, require_roles(Role.office)]
CampaignReaders = Annotated[Caller, require_roles(*RESULT_READERS)]
CampaignFollowers = Annotated[Caller, require_roles(*PROJECT_READERS)]
UnitFilter = Annotated[Name | None, Query(title="单位编号")]


@raises(NotFound, CampaignMistake, Stale)
async def prepare_correction(
    campaign_id: CampaignId,
    session: Session,
    registry: Registry,
    who: OfficeRole,
    now: Now,
    if_match: IfMatch = None,
) -> service.CorrectionContext:
    expected_version = parse_version(if_match) if if_match else None
    return service.CorrectionContext(campaign_id, session, registry, who, now, expected_version)


CorrectionParams = Annotated[service.CorrectionContext, Depends(prepare_correction)]


@router.post("", status_code=201, dependencies=[IdempotencyCheck], summary="登记攻坚行动")
@raises(NotFound, CampaignMistake)
async def record_campaign(
    form: CampaignForm,
    session: Session,
    registry: Registry,
    who: OfficeRole,
    now: Now,
    response: Response,
) -> CampaignRead:
    """Name, scheme, days, population, targets, commitments; a draft until it is published."""
    return respond_with_etag(
        response, await service.record_campaign(session, registry, form, who, now)
    )


@router.get("", summary="列出攻坚行动")
async def list_campaigns(
    session: Session,
    who: CampaignReaders,
    paging: PagingParams,
    order: OrderParam = ListOrder.recorded,
) -> Page[CampaignRead]:
    return await lists.list_campaigns(session, who, paging, order)


@router.get("/{campaign_id}", summary="读取攻坚行动")
@raises(NotFound)
async def read_campaign(
    campaign_id: CampaignId, session: Session, who: CampaignReaders, response: Response
) -> CampaignRead:
    return respond_with_etag(
        response, await service.load_visible_campaign(session, campaign_id, who)
    )


@router.put("/{campaign_id}", dependencies=[IdempotencyCheck], summary="更正攻坚行动")
async def correct_campaign(
    form: CampaignCorrection, correction: CorrectionParams, response: Response
) -> CampaignRead:
    """All but targets and commitments, which stay. Supersedes the version of `If-Match`."""
    head = {field: getattr(form, field) for field in CampaignHead.model_fields}
    return respond_with_etag(response, await service.correct_campaign(correction, head, form.why))


@router.get("/{campaign_id}/targets", summary="列出攻坚行动的目标")
@raises(NotFound)
async def list_campaign_targets(
    campaign_id: CampaignId,
    session: Session,
    who: CampaignReaders,
    paging: PagingParams,
    response: Response,
    unit_id: UnitFilter = None,
) -> Page[TargetRead]:
    """Those in force, in the order in which they were written. `after` is a place, from 1."""
    current = await service.load_visible_campaign(session, campaign_id, who)
    set_etag(response, current)
    targets = rules.lines_of_unit(current, current.campaign.targets, unit_id)
    return page_by_index(targets, paging)


@router.put("/{campaign_id}/targets", dependencies=[IdempotencyCheck], summary="下达攻坚行动的目标")
async def record_campaign_targets(
    form: TargetsForm, correction: CorrectionParams, response: Response
) -> CampaignRead:
    """All targets: of units and of the whole, by month, quarter or year: each with a due day."""
    return respond_with_etag(
        response, await service.correct_campaign(correction, {"targets": form.items}, form.why)
    )


@router.get("/{campaign_id}/commitments", summary="列出攻坚行动的承诺")
@raises(NotFound)
async def list_campaign_commitments(
    campaign_id: CampaignId,
    session: Session,
    who: CampaignReaders,
    paging: PagingParams,
    response: Response,
    unit_id: UnitFilter = None,
) -> Page[CommitmentRead]:
    """What was promised, by whom, until when. `after` is a place, from 1."""
    current = await service.load_visible_campaign(session, campaign_id, who)
    set_etag(response, current)
    commitments = rules.lines_of_unit(current, current.campaign.commitments, unit_id)
    return page_by_index(commitments, paging)


@router.put(
    "/{campaign_id}/commitments", dependencies=[IdempotencyCheck], summary="登记攻坚行动的承诺"
)
async def record_campaign_commitments(
    form: CommitmentsForm, correction: CorrectionParams, response: Response
) -> CampaignRead:
    """All commitments; one with a metric is kept when the target of the same day is met."""
    return respond_with_etag(
        response, await service.correct_campaign(correction, {"commitments": form.items}, form.why)
    )


@router.get(
    "/{campaign_id}/progress", response_model=CampaignProgress, summary="读取攻坚行动的进展"
)
@raises(NotFound, *QUERY_PROBLEMS, InvalidRequest)
async def read_campaign_progress(
    campaign_id: CampaignId,
    session: Session,
    registry: Registry,
    who: CampaignFollowers,
    today: Today,
    on: Day | None = None,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
) -> dict[str, Any]:
    """Each day asked: countdown, and every target against its line. Units see their own."""
    return await service.report_campaign_progress(
        session,
        registry,
        campaign_id,
        who,
        lambda campaign: rules.requested_days(campaign, on, first, last, today),
    )


@router.get("/{campaign_id}/summary", response_model=CampaignSummary, summary="读取攻坚行动的总结")
@raises(NotFound, CampaignNotOver, *QUERY_PROBLEMS)
async def read_campaign_summary(
    campaign_id: CampaignId,
    session: Session,
    registry: Registry,
    who: CampaignFollowers,
    today: Today,
) -> dict[str, Any]:
    """The first day against the last, targets met and missed, promises kept, projects begun."""
    return await service.report_campaign_summary(session, registry, campaign_id, who, today)


@router.post("/{campaign_id}/publish", dependencies=[IdempotencyCheck], summary="公布攻坚行动")
@raises(NotFound)
async def publish_campaign(
    campaign_id: CampaignId, session: Session, who: OfficeRole, now: Now, response: Response
) -> CampaignRead:
    """Open it to the units of its region and to the public; again changes nothing."""
    return respond_with_etag(
        response, await service.publish_campaign(session, campaign_id, who, now)
    )


def set_etag(response: Response, current: CurrentCampaign) -> None:
    state = "published" if current.published_at else ""
    response.headers["etag"] = version_tag(current.version, state)


def respond_with_etag(response: Response, current: CurrentCampaign) -> CampaignRead:
    set_etag(response, current)
    return build_campaign_read(current)


def page_by_index(items: list[Any], paging: Paging) -> Page[Any]:
    """A page of items that have no number but their index."""
    end = paging.after + paging.limit
    return Page(items=items[paging.after : end], next=str(end) if end < len(items) else None)

"""Campaigns over HTTP: written by the office, published, followed day by day, summed up."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Response

from services.scoring.campaigns import rules, service
from services.scoring.campaigns.rules import CampaignNotOver, Kept
from services.scoring.campaigns.schemas import (
    CampaignCorrection,
    CampaignForm,
    CampaignRead,
    CommitmentsForm,
    ProgressRead,
    SummaryRead,
    TargetsForm,
    read,
)
from services.scoring.engine.campaigns.campaign import (
    CampaignHead,
    CampaignMistake,
    Commitment,
    Target,
)
from services.scoring.execution.duckdb import FiguresTooLarge
from services.scoring.registry_client import Registry
from services.scoring.visibility import OF_PROJECTS, READERS
from services.scoring.wire_types import Day, Name, name
from shared.clock import Now, Today
from shared.database.sessions import Session
from shared.http.auth import for_roles
from shared.http.idempotency import Once, OnceRoute
from shared.http.pages import LARGEST, AskedPage, Page, Paging, page
from shared.http.tokens import Caller, Role
from shared.problems import InvalidRequest, NotFound, Stale, raises

router = APIRouter(
    prefix="/v1/campaigns",
    tags=["攻坚行动"],
    route_class=OnceRoute,
    generate_unique_id_function=name,
)

CampaignId = Annotated[int, Path(ge=1, le=LARGEST)]
Office = Annotated[Caller, for_roles(Role.office)]
Reader = Annotated[Caller, for_roles(*READERS)]
Follower = Annotated[Caller, for_roles(*OF_PROJECTS)]
IfMatch = Annotated[
    str | None, Header(alias="If-Match", title="所依据的版本", pattern=r'^"?[0-9]{1,18}"?$')
]
OfUnit = Annotated[Name | None, Query(title="单位编号")]


@raises(NotFound, CampaignMistake, Stale)
async def correcting(
    campaign_id: CampaignId,
    session: Session,
    registry: Registry,
    who: Office,
    now: Now,
    if_match: IfMatch = None,
) -> service.Correcting:
    expected = int(if_match.strip('"')) if if_match else None
    return service.Correcting(campaign_id, session, registry, who, now, expected)


Correction = Annotated[service.Correcting, Depends(correcting)]


@router.post("", status_code=201, dependencies=[Once], summary="登记攻坚行动")
@raises(NotFound, CampaignMistake)
async def record_campaign(
    form: CampaignForm,
    session: Session,
    registry: Registry,
    who: Office,
    now: Now,
    response: Response,
) -> CampaignRead:
    """Name, scheme, days, population, targets, commitments; a draft until it is published."""
    return tagged(response, await service.record(session, registry, form, who, now))


@router.get("", summary="列出攻坚行动")
async def list_campaigns(session: Session, who: Reader, asked: AskedPage) -> Page[CampaignRead]:
    found = page(await service.list_campaigns(session, who, asked), asked, lambda each: each.id)
    return Page(items=[read(each) for each in found["items"]], next=found["next"])


@router.get("/{campaign_id}", summary="读取攻坚行动")
@raises(NotFound)
async def read_campaign(
    campaign_id: CampaignId, session: Session, who: Reader, response: Response
) -> CampaignRead:
    return tagged(response, await service.campaign_seen(session, campaign_id, who))


@router.put("/{campaign_id}", dependencies=[Once], summary="更正攻坚行动")
async def correct_campaign(
    form: CampaignCorrection, correction: Correction, response: Response
) -> CampaignRead:
    """All but targets and commitments, which stay. Supersedes the version of `If-Match`."""
    head = {field: getattr(form, field) for field in CampaignHead.model_fields}
    return tagged(response, await service.correct(correction, head, form.why))


@router.get("/{campaign_id}/targets", summary="列出攻坚行动的目标")
@raises(NotFound)
async def list_campaign_targets(
    campaign_id: CampaignId,
    session: Session,
    who: Reader,
    asked: AskedPage,
    response: Response,
    unit_id: OfUnit = None,
) -> Page[Target]:
    """Those in force, in the order in which they were written. `after` is a place, from 1."""
    found = await service.campaign_seen(session, campaign_id, who)
    etag(response, found)
    return placed([t for t in found.campaign.targets if unit_id in (None, t.unit_id)], asked)


@router.put("/{campaign_id}/targets", dependencies=[Once], summary="下达攻坚行动的目标")
async def record_campaign_targets(
    form: TargetsForm, correction: Correction, response: Response
) -> CampaignRead:
    """All targets: of units and of the whole, by month, quarter or year: each with a due day."""
    return tagged(response, await service.correct(correction, {"targets": form.items}, form.why))


@router.get("/{campaign_id}/commitments", summary="列出攻坚行动的承诺")
@raises(NotFound)
async def list_campaign_commitments(
    campaign_id: CampaignId,
    session: Session,
    who: Reader,
    asked: AskedPage,
    response: Response,
    unit_id: OfUnit = None,
) -> Page[Commitment]:
    """What was promised, by whom, until when. `after` is a place, from 1."""
    found = await service.campaign_seen(session, campaign_id, who)
    etag(response, found)
    return placed([c for c in found.campaign.commitments if unit_id in (None, c.unit_id)], asked)


@router.put("/{campaign_id}/commitments", dependencies=[Once], summary="登记攻坚行动的承诺")
async def record_campaign_commitments(
    form: CommitmentsForm, correction: Correction, response: Response
) -> CampaignRead:
    """All commitments; one with a metric is kept when the target of the same day is met."""
    return tagged(
        response, await service.correct(correction, {"commitments": form.items}, form.why)
    )


@router.get("/{campaign_id}/progress", response_model=ProgressRead, summary="读取攻坚行动的进展")
@raises(NotFound, FiguresTooLarge, InvalidRequest)
async def read_campaign_progress(
    campaign_id: CampaignId,
    session: Session,
    registry: Registry,
    who: Follower,
    today: Today,
    on: Day | None = None,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
) -> dict[str, Any]:
    """Each day asked: countdown, and every target against its line. Units see their own."""
    return await service.progress_of(
        session,
        registry,
        campaign_id,
        who,
        lambda campaign: rules.days_between(campaign, on, first, last, today),
    )


@router.get("/{campaign_id}/summary", response_model=SummaryRead, summary="读取攻坚行动的总结")
@raises(NotFound, CampaignNotOver, FiguresTooLarge)
async def read_campaign_summary(
    campaign_id: CampaignId, session: Session, registry: Registry, who: Follower, today: Today
) -> dict[str, Any]:
    """The first day against the last, targets met and missed, promises kept, projects begun."""
    return await service.summary_of(session, registry, campaign_id, who, today)


@router.post("/{campaign_id}/publish", dependencies=[Once], summary="公布攻坚行动")
@raises(NotFound)
async def publish_campaign(
    campaign_id: CampaignId, session: Session, who: Office, now: Now, response: Response
) -> CampaignRead:
    """Open it to the units of its region and to the public; again changes nothing."""
    return tagged(response, await service.publish(session, campaign_id, who, now))


def etag(response: Response, found: Kept) -> None:
    response.headers["etag"] = f'"{found.version}"'


def tagged(response: Response, found: Kept) -> CampaignRead:
    etag(response, found)
    return read(found)


def placed(lines: list[Any], asked: Paging) -> Page[Any]:
    """A page of lines that have no number but their place."""
    end = asked.after + asked.limit
    return Page(items=lines[asked.after : end], next=end if end < len(lines) else None)

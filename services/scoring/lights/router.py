"""Lights of projects on several days, for the notifier, and colours judged by offices."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.scoring.engine.lights.office_judgements import JudgementMistake
from services.scoring.execution.duckdb import QUERY_PROBLEMS
from services.scoring.lights import service
from services.scoring.lights.schemas import JudgementAsk, JudgementRead, LightsRead
from services.scoring.registry_client import Registry
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.visibility import PROJECT_READERS
from services.scoring.wire_types import (
    Colour,
    Day,
    Moment,
    Name,
    SchemeName,
    operation_id,
)
from shared.clock import Now, Today
from shared.database.sessions import Session, SessionFactory
from shared.http.auth import require_roles
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.http.list_orders import TotalsParam
from shared.http.pages import Page, PagingParams, build_page
from shared.http.questions import QuestionParam
from shared.http.tokens import Caller, Role
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1",
    tags=["红黄绿灯"],
    route_class=IdempotentRoute,
    generate_unique_id_function=operation_id,
)


@router.get(
    "/lights",
    response_model=LightsRead,
    summary="列出各日的红黄绿灯",
)
@raises(NotFound, *QUERY_PROBLEMS)
async def list_lights(
    sessions: SessionFactory,
    registry: Registry,
    who: Annotated[Caller, require_roles(Role.office, Role.inspector)],
    as_of: Annotated[list[Day], Query(min_length=1, max_length=60)],
    asks: QuestionParam,
    scheme: SchemeName = DEFAULT_SCHEME,
    known_at: Moment | None = None,
    axis: Annotated[Name | None, Query(examples=["progress"])] = None,
    colour: Colour | None = None,
    totals: TotalsParam = False,
) -> dict[str, object]:
    """The lights of one day or of several, over the facts of one moment; nothing is stored.

    `colour` alone chooses by the overall light, with `axis` by the light on that axis; both by what
    was computed. What an office judged stands beside it.
    """
    query = service.LightsQuery(as_of, scheme, known_at, asks, axis, colour, totals)
    return await service.lights_of_days(sessions, registry, query, who)


@router.post(
    "/judgements", status_code=201, dependencies=[IdempotencyCheck], summary="人工判定灯色"
)
@raises(NotFound, JudgementMistake)
async def record_judgement(
    request: JudgementAsk,
    session: Session,
    registry: Registry,
    who: Annotated[Caller, require_roles(Role.office)],
    now: Now,
    today: Today,
) -> JudgementRead:
    """Set a colour with a reason. It stands beside the computed one and never replaces it.

    Only for a project of the caller's own office.
    """
    return await service.store_judgement(session, registry, request, who, now=now, today=today)


@router.get("/judgements", summary="列出人工判定")
@raises(NotFound)
async def list_judgements(
    session: Session,
    who: Annotated[Caller, require_roles(*PROJECT_READERS)],
    paging: PagingParams,
    asks: QuestionParam,
    unit_id: Name | None = None,
    project_id: Name | None = None,
) -> Page[JudgementRead]:
    """Every one as it was made; of a project's axis the latest stands."""
    judgements = await service.list_judgements(
        session, who, paging, asks=asks, unit_id=unit_id, project_id=project_id
    )
    return Page(**build_page(judgements, paging, lambda judgement: judgement.id))

"""Corrections over HTTP: begun, and what they changed."""

from typing import Any

from fastapi import APIRouter, Response

from services.scoring.corrections import service
from services.scoring.corrections.rules import NotPublished
from services.scoring.corrections.schemas import CorrectionAsk, CorrectionsRead
from services.scoring.execution.duckdb import QUERY_PROBLEMS
from services.scoring.publications.rules import AlreadyCorrected
from services.scoring.runs.router import (
    STORED_RUN_RESPONSES,
    OfficeRole,
    RunId,
    RunReaders,
    RunSourcesParam,
)
from services.scoring.runs.rules import NothingChanged
from services.scoring.runs.schemas import RunRead
from services.scoring.wire_types import operation_id
from shared.clock import Now
from shared.database.sessions import Session
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1/runs/{run_id}/corrections",
    tags=["计分"],
    route_class=IdempotentRoute,
    generate_unique_id_function=operation_id,
)


@router.post(
    "",
    status_code=201,
    responses=STORED_RUN_RESPONSES,
    dependencies=[IdempotencyCheck],
    summary="更正一次已公布的计分",
)
@raises(NotFound, NotPublished, AlreadyCorrected, NothingChanged, *QUERY_PROBLEMS)
async def begin_correction(
    run_id: RunId,
    request: CorrectionAsk,
    sources: RunSourcesParam,
    session: Session,
    who: OfficeRole,
    now: Now,
    response: Response,
) -> RunRead:
    """A draft by the same scheme, rows and day; published, it corrects the run, and both stay."""
    run, is_new = await service.begin_correction(sources, session, run_id, request, who, now=now)
    response.status_code = 201 if is_new else 200
    return run


@router.get("", response_model=CorrectionsRead, summary="列出一次计分的更正")
@raises(NotFound)
async def list_corrections(run_id: RunId, session: Session, who: RunReaders) -> dict[str, Any]:
    """What changed of units: ranks, totals, values and points of items, each before and after."""
    return await service.list_corrections(session, run_id, who)

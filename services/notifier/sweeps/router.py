"""Sweeps over HTTP: issue what is due today, or see what would go out on a day."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from services.notifier.letters.schemas import Day
from services.notifier.registry_client import Registry
from services.notifier.scoring_client import Scoring
from services.notifier.sweeps import service
from services.notifier.sweeps.schemas import Preview, SweepAsk, SweepRead
from shared.clock import Now, Today
from shared.database.sessions import Session
from shared.http.auth import for_roles
from shared.http.idempotency import Once, OnceRoute
from shared.http.tokens import Caller, Role
from shared.problems import raises

router = APIRouter(
    prefix="/v1",
    tags=["发函"],
    route_class=OnceRoute,
    generate_unique_id_function=lambda route: route.name,
)


def sources_of(request: Request, registry: Registry, scoring: Scoring) -> service.Sources:
    return service.Sources(registry, scoring, request.app.state.office)


Sources = Annotated[service.Sources, Depends(sources_of)]
Office = Annotated[Caller, for_roles(Role.office)]
Auditor = Annotated[Caller, for_roles(Role.office, Role.inspector)]


@router.post("/sweeps", dependencies=[Once], summary="发出到期函件")
@raises(service.NotToday)
async def issue_letters_due(
    session: Session,
    sources: Sources,
    who: Office,
    now: Now,
    today: Today,
    ask: SweepAsk | None = None,
) -> SweepRead:
    """Issue every letter that is due, once each; again adds nothing.

    Other days than today, one or several in a row, only where the office's setting allows it.
    """
    asked = ask or SweepAsk()
    return await service.sweep(session, sources, asked, who, now=now, today=today)


@router.post("/preview", summary="预览某日应发函件")
async def preview_letters_due(
    session: Session, sources: Sources, who: Auditor, on: Annotated[Day, Query()]
) -> Preview:
    """What would go out on a day; nothing is issued."""
    return await service.preview(session, sources, on, who)

"""Routes of sweeps: issue the letters that are due today, or preview those of a day."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from services.notifier.registry_client import RegistryParam
from services.notifier.scoring_client import ScoringParam
from services.notifier.sweeps import service
from services.notifier.sweeps.schemas import Preview, SweepAsk, SweepRead
from shared.clock import Now, Today
from shared.database.sessions import Session
from shared.http.auth import require_roles
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute, SeparateReadSession
from shared.http.questions import QuestionParam
from shared.http.tokens import Caller, Role
from shared.notation import LedgerDay
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1",
    tags=["发函"],
    route_class=IdempotentRoute,
    generate_unique_id_function=lambda route: route.name,
)


def build_sweep_sources(
    request: Request, registry: RegistryParam, scoring: ScoringParam
) -> service.SweepSources:
    return service.SweepSources(registry, scoring, request.app.state.office)


SweepSourcesParam = Annotated[service.SweepSources, Depends(build_sweep_sources)]
LetterIssuers = Annotated[Caller, require_roles(Role.office)]
PreviewReaders = Annotated[Caller, require_roles(Role.office, Role.inspector)]


@router.post("/sweeps", dependencies=[IdempotencyCheck], summary="发出到期函件")
@raises(service.NotToday, service.AnotherOffice, NotFound)
async def issue_letters_due(
    session: Session,
    reads: SeparateReadSession,
    sources: SweepSourcesParam,
    who: LetterIssuers,
    now: Now,
    today: Today,
    ask: SweepAsk | None = None,
) -> SweepRead | list[SweepRead]:
    """Issue every letter of an office that is due, once each; again adds nothing.

    Of a region one sweep for each of its offices, as a list. The letters have their numbers then,
    their documents a moment later. Other days than today, one or several in a row, only where the
    setting allows it.
    """
    asked = ask or SweepAsk()
    swept = await service.run_sweeps(session, reads, sources, asked, who, now=now, today=today)
    return swept[0] if asked.region is None else swept


@router.post("/preview", summary="预览某日应发函件")
@raises(NotFound)
async def preview_letters_due(
    session: Session,
    sources: SweepSourcesParam,
    who: PreviewReaders,
    on: Annotated[LedgerDay, Query()],
    asks: QuestionParam,
) -> Preview | list[Preview]:
    """What would go out on a day from an office, one's own or one below; nothing is issued.

    Of a region the preview of each of its offices, as a list.
    """
    previews = await service.preview_sweeps(session, sources, on, asks, who)
    return previews[0] if asks.region is None else previews

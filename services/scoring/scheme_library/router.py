"""Schemes over HTTP: the built-in ones, and an office's own."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from services.scoring.engine.scheme.model import HIGHEST_VERSION, SchemeMistake
from services.scoring.scheme_library import service
from services.scoring.scheme_library.schemas import (
    SchemeAsk,
    SchemeChecked,
    SchemeRead,
    SchemeText,
    SchemeWords,
)
from services.scoring.visibility import DRAFT_READERS, PROJECT_READERS
from services.scoring.wire_types import SchemeName, operation_id
from shared.clock import Now
from shared.database.sessions import Session
from shared.http.auth import require_roles
from shared.http.heavy_work import HeavyWorkParam
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.http.pages import Page, PagingParams
from shared.http.questions import QuestionParam
from shared.http.tokens import Caller, Role
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1/schemes",
    tags=["计分方案"],
    route_class=IdempotentRoute,
    generate_unique_id_function=operation_id,
)

OfficeRole = Annotated[Caller, require_roles(Role.office)]
SchemeCheckers = Annotated[Caller, require_roles(*DRAFT_READERS)]
SchemeReaders = Annotated[Caller, require_roles(*PROJECT_READERS)]
SchemeVersion = Annotated[int, Path(ge=1, le=HIGHEST_VERSION)]


@router.get("", summary="列出计分方案")
@raises(NotFound)
async def list_schemes(
    session: Session, who: SchemeReaders, paging: PagingParams, asks: QuestionParam
) -> Page[SchemeRead]:
    """Those that a run of the office or region can be made by, in their last version.

    `after` is a place.
    """
    schemes = await service.list_schemes(session, asks.resolve_whole(who).region)
    end = paging.after + paging.limit
    return Page(items=schemes[paging.after : end], next=str(end) if end < len(schemes) else None)


@router.post(
    "",
    status_code=201,
    responses={200: {"model": SchemeRead, "description": "已有同样的原文"}},
    dependencies=[IdempotencyCheck],
    summary="录入本地方案",
)
@raises(NotFound, SchemeMistake, service.BuiltIn, service.SchemeChanged)
async def record_scheme(
    request: SchemeAsk,
    session: Session,
    work: HeavyWorkParam,
    who: OfficeRole,
    now: Now,
    response: Response,
) -> SchemeRead:
    """Keep a scheme of an office's own; a version that a run has used is never another text."""
    scheme, is_new = await service.store_scheme(session, request, work, who, now=now)
    response.status_code = 201 if is_new else 200
    return scheme


@router.post("/validate", summary="检查方案")
async def check_scheme(
    request: SchemeText, work: HeavyWorkParam, who: SchemeCheckers
) -> SchemeChecked:
    """Every mistake with line and column; nothing is stored."""
    return await service.validate_scheme(request.text, work, who)


@router.get("/{scheme_id}", summary="读取计分方案")
@raises(NotFound)
async def read_scheme(
    scheme_id: SchemeName, session: Session, who: SchemeReaders, asks: QuestionParam
) -> SchemeRead:
    """The last version, of the nearest region that has one."""
    return await service.read_scheme(session, scheme_id, asks.resolve_whole(who).region)


@router.get("/{scheme_id}/words", summary="读取计分方案的文字")
@raises(NotFound)
async def read_scheme_words(
    scheme_id: SchemeName, session: Session, who: SchemeReaders, asks: QuestionParam
) -> SchemeWords:
    """The last version in plain words, its lights included, as `bairi schemes` prints it."""
    return await service.describe_scheme(session, scheme_id, asks.resolve_whole(who).region)


@router.get("/{scheme_id}/versions", summary="列出计分方案的版本")
@raises(NotFound)
async def list_scheme_versions(
    scheme_id: SchemeName,
    session: Session,
    who: SchemeReaders,
    paging: PagingParams,
    asks: QuestionParam,
) -> Page[SchemeRead]:
    """From the first on; `after` is a version."""
    region = asks.resolve_whole(who).region
    versions = await service.list_scheme_versions(session, scheme_id, region)
    later = [scheme for scheme in versions if scheme.version > paging.after]
    items = later[: paging.limit]
    return Page(items=items, next=str(items[-1].version) if len(later) > paging.limit else None)


@router.get("/{scheme_id}/versions/{scheme_version}", summary="读取计分方案的一个版本")
@raises(NotFound)
async def read_scheme_version(
    scheme_id: SchemeName,
    scheme_version: SchemeVersion,
    session: Session,
    who: SchemeReaders,
    asks: QuestionParam,
) -> SchemeRead:
    region = asks.resolve_whole(who).region
    return await service.read_scheme(session, scheme_id, region, scheme_version)


@router.get("/{scheme_id}/versions/{scheme_version}/words", summary="读取计分方案一个版本的文字")
@raises(NotFound)
async def read_scheme_version_words(
    scheme_id: SchemeName,
    scheme_version: SchemeVersion,
    session: Session,
    who: SchemeReaders,
    asks: QuestionParam,
) -> SchemeWords:
    region = asks.resolve_whole(who).region
    return await service.describe_scheme(session, scheme_id, region, scheme_version)

"""Routes of invitations, for the office that invites."""

import io
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Request, Response

from services.registry.accounts.office import OfficeParam
from services.registry.accounts.rules import AccountDisabled
from services.registry.accounts.schemas import Id
from services.registry.invitations import service
from services.registry.invitations.rules import InvitationClosed
from services.registry.invitations.schemas import (
    InvitationForm,
    InvitationRead,
    IssuedInvitationRead,
)
from services.registry.origins import read_origin
from shared.clock import Now
from shared.database.sessions import Session
from shared.http.auth import require_roles
from shared.http.pages import Page, PagingParams, build_page
from shared.http.service_route import ServiceRoute
from shared.http.tokens import REGION_WIDE, Caller
from shared.problems import NotFound, raises

# No answer is kept for a key: the code would be in the database.
router = APIRouter(prefix="/v1/invitations", tags=["账号"], route_class=ServiceRoute)


@router.post("", status_code=201, operation_id="issue_invitation", summary="邀请一个人")
@raises(AccountDisabled, NotFound)
async def issue_invitation(
    form: InvitationForm,
    request: Request,
    response: Response,
    session: Session,
    who: OfficeParam,
    now: Now,
) -> IssuedInvitationRead:
    """A link for one person, good once and for seven days; it is told in this answer only."""
    invitation, code = await service.issue_invitation(session, form, who=who, now=now)
    link = f"{read_origin(request)}/#/invitation/{code}"
    response.headers["cache-control"] = "no-store"
    return IssuedInvitationRead(
        **invitation.model_dump(), code=code, link=link, qr=draw_qr_code(link)
    )


@router.get(
    "",
    response_model=Page[InvitationRead],
    operation_id="list_invitations",
    summary="列出邀请",
)
async def list_invitations(
    session: Session,
    who: Annotated[Caller, require_roles(*REGION_WIDE)],
    paging: PagingParams,
    now: Now,
) -> Any:
    found = await service.list_invitations(session, who, paging, now)
    return build_page(found, paging, lambda each: each.id)


@router.post("/{invitation_id}/revoke", operation_id="revoke_invitation", summary="撤销邀请")
@raises(InvitationClosed, NotFound)
async def revoke_invitation(
    invitation_id: Id, session: Session, who: OfficeParam, now: Now
) -> InvitationRead:
    return await service.revoke_invitation(session, invitation_id, who=who, now=now)


def draw_qr_code(link: str) -> str:
    """The code as an SVG document."""
    sink = io.BytesIO()
    code = segno.make(link, error="m", micro=False)
    code.save(sink, kind="svg", xmldecl=False, omitsize=True, nl=False)
    return sink.getvalue().decode()

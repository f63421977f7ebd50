"""Routes of signing in elsewhere, by a single sign-on."""

from fastapi import APIRouter, Response

from services.registry.invitations.rules import InvitationUnusable
from services.registry.sessions.browsers import BrowserParam, OwnOrigin, SessionRoute, SessionsOn
from services.registry.sessions.rules import OidcUnavailable
from services.registry.sessions.schemas import OidcAddressRead, OidcForm
from shared.clock import Now
from shared.database.sessions import Session
from shared.problems import raises

router = APIRouter(prefix="/v1/session", tags=["登录"], route_class=SessionRoute)
WRITES = [OwnOrigin, SessionsOn]


@router.post("/oidc", dependencies=WRITES, operation_id="begin_oidc_session", summary="到别处登录")
@raises(OidcUnavailable, InvitationUnusable)
async def begin_oidc_session(
    form: OidcForm, session: Session, browser: BrowserParam, response: Response, now: Now
) -> OidcAddressRead:
    """Where to go to sign in, also to accept an invitation; from there one comes back here."""
    raise OidcUnavailable("没有设置统一身份认证", "No single sign-on is set up.")

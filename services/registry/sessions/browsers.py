"""The browser of a request: its origin, its cookie, and what a route asks of both first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.openapi.models import APIKey, APIKeyIn
from fastapi.security.base import SecurityBase

from services.registry.account_tables import Account, Device
from services.registry.accounts.rules import NotSignedIn
from services.registry.accounts.service import Liveness
from services.registry.origins import Origin, read_origin
from services.registry.sessions import devices
from services.registry.sessions.rules import ForeignOrigin, SessionsOff
from services.registry.settings import SessionSettings
from shared import clock
from shared.http.auth import Requirement
from shared.http.limits import SIGN_IN_BODIES
from shared.http.narrow_routes import Handler
from shared.http.service_route import ServiceRoute
from shared.http.tokens import Issuer
from shared.problems import NotReady, raises

COOKIE = "bairi_session"
PATH = "/v1/session"  # below which the cookie is sent, and nowhere else


class SessionRoute(ServiceRoute):
    """Route of a session: small bodies, and answers that nobody keeps."""

    bodies = SIGN_IN_BODIES

    def wrap_handler(self, handle: Handler) -> Handler:
        async def answer(request: Request) -> Response:
            response = await handle(request)
            response.headers["cache-control"] = "no-store"
            return response

        return answer


@dataclass(frozen=True)
class Browser:
    """Where a request comes from, and the secret in its cookie, blank where it has none."""

    origin: Origin
    address: str
    secret: str
    settings: SessionSettings

    def liveness(self, now: datetime) -> Liveness:
        return Liveness(now, self.settings.idle)

    def keep_cookie(self, response: Response, secret: str, *, lasts_seconds: int) -> None:
        response.set_cookie(COOKIE, secret, max_age=lasts_seconds, **self.cookie_attributes)

    def drop_cookie(self, response: Response) -> None:
        response.delete_cookie(COOKIE, **self.cookie_attributes)

    @property
    def cookie_attributes(self) -> dict[str, Any]:
        """Attributes with which it is neither read by a page nor sent from another's."""
        return {
            "path": self.origin.base + PATH,
            "secure": self.origin.is_secure,
            "httponly": True,
            "samesite": "strict",
        }


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, and on which device."""

    account: Account
    device: Device


class OwnOriginRequirement(Requirement):
    """Dependency on a request that a page of this very origin sent, where it may change anything.

    Browsers say where a request comes from, and no page can make them say otherwise.
    """

    raises = (ForeignOrigin,)

    async def __call__(self, request: Request) -> None:
        expected, sent = str(read_origin(request)), request.headers.get("origin", "")
        if sent != expected:
            shown = sent[:100] or "—"
            raise ForeignOrigin(
                f"Origin 应为 {expected}，不是 {shown}；经网关访问的，设置 REGISTRY_PUBLIC_URL",
                f"Origin should be {expected}, not {shown}; behind a gateway, set"
                " REGISTRY_PUBLIC_URL.",
            )


class SessionRequirement(Requirement, SecurityBase):
    """Dependency on a browser that is signed in; its value is who is."""

    model = APIKey.model_validate({"in": APIKeyIn.cookie, "name": COOKIE})
    scheme_name = "SessionCookie"
    raises = (NotSignedIn, NotReady)

    async def __call__(self, request: Request) -> SignedIn:
        found: SignedIn | None = getattr(request.state, "signed_in", None)
        if found is None:
            browser, now = await get_browser(request), clock.now()
            async with request.app.state.sessions.begin() as session:
                account, device = await devices.touch(
                    session, browser.secret, idle=browser.settings.idle, now=now
                )
            found = request.state.signed_in = SignedIn(account, device)
        return found


@raises(NotReady)
async def find_signed_in(request: Request) -> SignedIn | None:
    """Who is signed in, if anybody is."""
    try:
        return await SessionRequirement()(request)
    except NotSignedIn:
        return None


async def get_browser(request: Request) -> Browser:
    return Browser(
        read_origin(request),
        request.client.host if request.client else "",
        request.cookies.get(COOKIE, ""),
        request.app.state.session_settings,
    )


@raises(SessionsOff)
async def get_issuer(request: Request) -> Issuer:
    issuer: Issuer | None = request.app.state.issuer
    if issuer is None:
        raise SessionsOff(
            "没有签发令牌的密钥（REGISTRY_SIGNING_KEY）",
            "There is no key to sign tokens with (REGISTRY_SIGNING_KEY).",
        )
    return issuer


BrowserParam = Annotated[Browser, Depends(get_browser)]
IssuerParam = Annotated[Issuer, Depends(get_issuer)]
OwnOrigin = Depends(OwnOriginRequirement())
SessionsOn = Depends(get_issuer)
OptionalSignedInParam = Annotated[SignedIn | None, Depends(find_signed_in)]
SignedInParam = Annotated[SignedIn, Depends(SessionRequirement())]

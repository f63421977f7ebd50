"""Routes of signing in elsewhere: on the way out, and on the way back."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from services.registry.accounts.rules import AccountDisabled
from services.registry.invitations.rules import InvitationUnusable
from services.registry.sessions import identities
from services.registry.sessions.browsers import (
    PATH,
    Browser,
    BrowserParam,
    OwnOrigin,
    SessionRoute,
    SessionsOn,
    get_browser,
    get_issuer,
)
from services.registry.sessions.oidc import Errand, OidcProvider
from services.registry.sessions.rules import (
    CHALLENGE_LASTS,
    OidcErrandLost,
    OidcRefused,
    OidcUnavailable,
    TooManySignIns,
)
from services.registry.sessions.schemas import OidcAddressRead, OidcForm
from shared import clock
from shared.clock import Now
from shared.database.sessions import Session
from shared.problems import Problem, raises

COOKIE = "bairi_oidc"
HOME, SIGN_IN = "/#/", "/#/sign-in?problem="  # nobody is sent anywhere else
router = APIRouter(prefix=PATH, tags=["登录"], route_class=SessionRoute)
# Where a browser goes and comes back: no document has them, and who sends one back may say more.
pages = APIRouter(prefix=PATH, route_class=APIRoute, include_in_schema=False)
WRITES = [OwnOrigin, SessionsOn]


@raises(OidcUnavailable)
async def get_provider(request: Request) -> OidcProvider:
    provider: OidcProvider | None = request.app.state.oidc
    if provider is None:
        raise OidcUnavailable("没有设置统一身份认证", "No single sign-on is set up.")
    return provider


ProviderParam = Annotated[OidcProvider, Depends(get_provider)]


@router.post("/oidc", dependencies=WRITES, operation_id="begin_oidc_session", summary="到别处登录")
@raises(InvitationUnusable, AccountDisabled, TooManySignIns)
async def begin_oidc_session(
    form: OidcForm,
    session: Session,
    browser: BrowserParam,
    provider: ProviderParam,
    response: Response,
    now: Now,
) -> OidcAddressRead:
    """Where to go to sign in, also to accept an invitation; from there one comes back here."""
    address, errand = await identities.begin_errand(session, provider, browser, now, code=form.code)
    keep_errand(response, browser, errand)
    return OidcAddressRead(address=address)


@pages.get("/oidc")
async def go_to_provider(request: Request) -> Response:
    """Go and sign in."""
    browser = await get_browser(request)
    try:
        provider = await get_provider(request)
        await get_issuer(request)
        async with request.app.state.sessions.begin() as session:
            address, errand = await identities.begin_errand(session, provider, browser, clock.now())
    except Problem as problem:
        return redirect(SIGN_IN + problem.code())
    response = redirect(address)
    keep_errand(response, browser, errand)
    return response


@pages.get("/oidc/callback")
async def come_back(request: Request) -> Response:
    """Come back from signing in; what went wrong the page is told by its code."""
    browser, asked = await get_browser(request), request.query_params
    try:
        provider = await get_provider(request)
        await get_issuer(request)
        if "error" in asked:
            raise OidcRefused("那里没有登录", "Nobody signed in there.")
        if len(asked.get("state", "")) > 100 or len(asked.get("code", "")) > 5000:
            raise OidcErrandLost("请重来一次", "Begin again.")
        begun = await identities.finish_errand(
            request.app.state.sessions,
            provider,
            browser,
            clock.now(),
            secret=request.cookies.get(COOKIE, ""),
            state=asked.get("state", ""),
            code=asked.get("code", ""),
        )
    except Problem as problem:
        response = redirect(SIGN_IN + problem.code())
    else:
        response = redirect(HOME)
        begun.keep(response, browser)
    response.delete_cookie(COOKIE, **errand_attributes(browser))
    return response


def redirect(address: str) -> Response:
    return RedirectResponse(address, 303, {"cache-control": "no-store"})


def keep_errand(response: Response, browser: Browser, errand: Errand) -> None:
    """Keep the secret of an errand in a cookie of its own.

    It comes back from another site, where a browser sends no cookie that is strictly of this one.
    """
    lasts = int(CHALLENGE_LASTS.total_seconds())
    response.set_cookie(COOKIE, errand.secret, max_age=lasts, **errand_attributes(browser))


def errand_attributes(browser: Browser) -> dict[str, Any]:
    path = f"{browser.origin.base}{PATH}/oidc"
    return {**browser.cookie_attributes, "path": path, "samesite": "lax"}

"""Routes of sessions: invitations accepted, people signed in, the cookie exchanged for a token."""

from fastapi import APIRouter, Response

from services.registry.accounts import service as accounts
from services.registry.accounts.rules import AccountDisabled
from services.registry.accounts.schemas import DeviceRead, Id
from services.registry.invitations.rules import InvitationUnusable
from services.registry.sessions import acceptance, password_change, service, sign_in
from services.registry.sessions.browsers import (
    BrowserParam,
    IssuerParam,
    OptionalSignedInParam,
    OwnOrigin,
    SessionRoute,
    SessionsOn,
    SignedInParam,
)
from services.registry.sessions.oidc_router import pages as oidc_pages
from services.registry.sessions.oidc_router import router as oidc
from services.registry.sessions.passkey_router import router as passkeys
from services.registry.sessions.rules import (
    PasskeyRefused,
    SignInBusy,
    SignInLocked,
    SignInNameTaken,
    SignInNotFresh,
    SignInRefused,
)
from services.registry.sessions.schemas import (
    AcceptForm,
    InvitationCode,
    OpenedInvitationRead,
    PasswordChangeForm,
    PasswordForm,
    SessionRead,
    SessionTokenRead,
    SignInMethodsRead,
)
from shared.clock import Now
from shared.database.sessions import Session, SessionFactory
from shared.problems import NotFound, raises

router = APIRouter(prefix="/v1/session", tags=["登录"], route_class=SessionRoute)
ROUTERS = (router, passkeys, oidc, oidc_pages)
WRITES = [OwnOrigin, SessionsOn]


@router.get("", operation_id="read_session", summary="谁在登录")
async def read_session(
    session: Session, signed_in: OptionalSignedInParam, browser: BrowserParam, now: Now
) -> SessionRead:
    """Who is signed in at this browser; it is no error that nobody is."""
    return await service.read_session(session, signed_in, browser, now)


@router.get("/sign-in-methods", operation_id="list_sign_in_methods", summary="列出登录方式")
async def list_sign_in_methods(methods: service.SignInMethodsParam) -> SignInMethodsRead:
    """The methods that there are at this address; none where nobody signs in."""
    return methods


@router.post("/invitation", dependencies=WRITES, operation_id="read_invitation", summary="读取邀请")
@raises(InvitationUnusable)
async def read_invitation(form: InvitationCode, session: Session, now: Now) -> OpenedInvitationRead:
    """To what a code invites. Nothing is used by it: who looks has not accepted."""
    return await acceptance.read_invitation(session, form.code, now)


@router.post(
    "/accept", dependencies=WRITES, operation_id="accept_invitation", summary="接受邀请并登录"
)
@raises(InvitationUnusable, SignInNameTaken, AccountDisabled, SignInBusy, PasskeyRefused)
async def accept_invitation(
    form: AcceptForm,
    sessions: SessionFactory,
    browser: BrowserParam,
    response: Response,
    now: Now,
) -> SessionRead:
    """An account with a password or a passkey, signed in on this device; the code is used up."""
    begun = await acceptance.accept(sessions, form, browser, now)
    return begun.keep(response, browser)


@router.post(
    "/password", dependencies=WRITES, operation_id="begin_password_session", summary="用密码登录"
)
@raises(SignInRefused, SignInLocked, SignInBusy, AccountDisabled)
async def begin_password_session(
    form: PasswordForm,
    sessions: SessionFactory,
    browser: BrowserParam,
    response: Response,
    now: Now,
) -> SessionRead:
    """Failures are counted by name and address; each beyond the fifth locks for twice as long."""
    begun = await sign_in.sign_in_with_password(sessions, form, browser, now)
    return begun.keep(response, browser)


@router.post(
    "/password-change", dependencies=WRITES, operation_id="change_password", summary="更改密码"
)
@raises(SignInRefused, SignInLocked, SignInBusy, PasskeyRefused, SignInNotFresh, AccountDisabled)
async def change_password(
    form: PasswordChangeForm,
    sessions: SessionFactory,
    browser: BrowserParam,
    signed_in: SignedInParam,
    response: Response,
    now: Now,
) -> SessionRead:
    """The account is signed out on all other devices, and has a new session on this one."""
    begun = await password_change.change_password(sessions, form, browser, signed_in, now)
    return begun.keep(response, browser)


@router.post(
    "/token", dependencies=[OwnOrigin], operation_id="issue_session_token", summary="换取令牌"
)
async def issue_session_token(
    session: Session,
    signed_in: SignedInParam,
    issuer: IssuerParam,
    names: service.TokenNamesParam,
    browser: BrowserParam,
    now: Now,
) -> SessionTokenRead:
    """A token of the account's claims, good for five minutes, and whose it is."""
    return await service.issue_token(session, signed_in, issuer, names, browser.liveness(now))


@router.post("/end", dependencies=[OwnOrigin], operation_id="end_session", summary="退出")
async def end_session(
    session: Session, browser: BrowserParam, signed_in: SignedInParam, response: Response, now: Now
) -> SessionRead:
    """Sign out on this device."""
    await service.end_session(session, browser, signed_in, now)
    browser.drop_cookie(response)
    return service.NOBODY


@router.get("/devices", operation_id="list_session_devices", summary="列出我的设备")
async def list_session_devices(
    session: Session, signed_in: SignedInParam, browser: BrowserParam, now: Now
) -> list[DeviceRead]:
    account, device = signed_in.account, signed_in.device
    return await accounts.list_devices(
        session, account.id or 0, browser.liveness(now), current=device.id
    )


@router.post(
    "/devices/{device_id}/revoke",
    dependencies=[OwnOrigin],
    operation_id="revoke_session_device",
    summary="撤销我的一台设备",
)
@raises(NotFound)
async def revoke_session_device(
    device_id: Id, session: Session, browser: BrowserParam, signed_in: SignedInParam, now: Now
) -> DeviceRead:
    """Sign it out, and remove the passkeys that were used on it."""
    return await service.revoke_device(session, device_id, browser, signed_in, now)

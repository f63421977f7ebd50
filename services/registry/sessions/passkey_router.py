"""Routes of passkeys: asked for, used to sign in, added, removed."""

from fastapi import APIRouter, Response

from services.registry.accounts.rules import AccountDisabled
from services.registry.accounts.schemas import Id
from services.registry.invitations.rules import InvitationUnusable
from services.registry.sessions import own_passkeys, passkeys, sign_in
from services.registry.sessions.browsers import (
    BrowserParam,
    OptionalSignedInParam,
    OwnOrigin,
    SessionRoute,
    SessionsOn,
    SignedInParam,
)
from services.registry.sessions.rules import (
    PasskeyRefused,
    PasskeysUnavailable,
    SignInBusy,
    SignInLocked,
    SignInNotFresh,
    SignInRefused,
    TooManySignIns,
)
from services.registry.sessions.schemas import (
    NewPasskeyForm,
    PasskeyForm,
    PasskeyOptionsRead,
    PasskeyRead,
    PasskeyRegistrationForm,
    SessionRead,
)
from shared.clock import Now
from shared.database.sessions import Session, SessionFactory
from shared.problems import Forbidden, NotFound, raises

router = APIRouter(prefix="/v1/session", tags=["登录"], route_class=SessionRoute)
WRITES = [OwnOrigin, SessionsOn]


@router.post(
    "/passkey-registration",
    dependencies=WRITES,
    operation_id="issue_passkey_registration",
    summary="开始登记通行密钥",
)
@raises(InvitationUnusable, AccountDisabled, PasskeysUnavailable, TooManySignIns, Forbidden)
async def issue_passkey_registration(
    form: PasskeyRegistrationForm,
    session: Session,
    browser: BrowserParam,
    signed_in: OptionalSignedInParam,
    now: Now,
) -> PasskeyOptionsRead:
    """Options to make a passkey with, for whoever the code invites, else for who is signed in."""
    return await own_passkeys.issue_registration(session, form, browser, signed_in, now)


@router.post(
    "/passkey-options",
    dependencies=WRITES,
    operation_id="issue_passkey_options",
    summary="开始用通行密钥登录",
)
@raises(PasskeysUnavailable, TooManySignIns)
async def issue_passkey_options(
    session: Session, browser: BrowserParam, now: Now
) -> PasskeyOptionsRead:
    """Options to sign in with, by whichever passkey there is: no name is asked for."""
    return await passkeys.issue_options(session, browser, now)


@router.post(
    "/passkey",
    dependencies=WRITES,
    operation_id="begin_passkey_session",
    summary="用通行密钥登录",
)
@raises(PasskeyRefused, AccountDisabled)
async def begin_passkey_session(
    form: PasskeyForm,
    sessions: SessionFactory,
    browser: BrowserParam,
    response: Response,
    now: Now,
) -> SessionRead:
    begun = await sign_in.sign_in_with_passkey(sessions, form, browser, now)
    return begun.keep(response, browser)


@router.get("/passkeys", operation_id="list_passkeys", summary="列出我的通行密钥")
async def list_passkeys(session: Session, signed_in: SignedInParam) -> list[PasskeyRead]:
    return await own_passkeys.list_passkeys(session, signed_in.account)


@router.post(
    "/passkeys",
    dependencies=WRITES,
    status_code=201,
    operation_id="record_passkey",
    summary="增加一个通行密钥",
)
@raises(PasskeyRefused, SignInRefused, SignInLocked, SignInBusy, SignInNotFresh, AccountDisabled)
async def record_passkey(
    form: NewPasskeyForm,
    sessions: SessionFactory,
    browser: BrowserParam,
    signed_in: SignedInParam,
    now: Now,
) -> PasskeyRead:
    """A passkey more for who is signed in, made with the options of the registration."""
    return await own_passkeys.record_passkey(sessions, form, browser, signed_in, now)


@router.post(
    "/passkeys/{passkey_id}/remove",
    dependencies=[OwnOrigin],
    operation_id="remove_passkey",
    summary="去掉一个通行密钥",
)
@raises(NotFound)
async def remove_passkey(
    passkey_id: Id, session: Session, browser: BrowserParam, signed_in: SignedInParam, now: Now
) -> PasskeyRead:
    """It signs in no more; devices that it signed in stay so."""
    return await own_passkeys.remove_passkey(session, passkey_id, browser, signed_in, now)

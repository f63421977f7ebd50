"""People whom a single sign-on knows: their accounts here, by invitation or by their claims."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.account_tables import Account, Invitation
from services.registry.account_words import SignInMethodKind
from services.registry.accounts import service as accounts
from services.registry.accounts.rules import explain_unfit_name
from services.registry.accounts.schemas import PersonName
from services.registry.invitations.schemas import UNIT_ROLES, PlainUnitId
from services.registry.invitations.service import load_invitation
from services.registry.sessions import acceptance
from services.registry.sessions.browsers import PATH, Browser
from services.registry.sessions.challenges import Purpose, issue_challenge, take_challenge
from services.registry.sessions.oidc import Errand, IdentityClaims, OidcProvider
from services.registry.sessions.rules import OidcErrandLost, OidcLinked, OidcNobody
from services.registry.sessions.session_reads import BegunSession
from services.registry.sessions.sign_in import begin, refuse_disabled
from services.registry.settings import OidcSettings
from shared.database.sessions import Sessions
from shared.http.tokens import REGION_PREFIX, Role
from shared.offices import office_code

DEVICE = "浏览器"
NAME_CLAIMS = ("preferred_username", "email")


@dataclass(frozen=True)
class ClaimedPlace:
    """Role, region and unit that claims give."""

    role: Role
    region: str
    unit_id: str | None


def redirect_uri(browser: Browser) -> str:
    return f"{browser.origin}{browser.origin.base}{PATH}/oidc/callback"


async def begin_errand(
    session: AsyncSession,
    provider: OidcProvider,
    browser: Browser,
    now: datetime,
    *,
    code: str | None = None,
) -> tuple[str, Errand]:
    """The address to sign in at, and the errand for the cookie.

    Raises OidcUnavailable, InvitationUnusable, AccountDisabled, TooManySignIns.
    """
    invitation = (await load_invitation(session, code, now))[0] if code else None
    errand = Errand.begin()
    address = await provider.build_address(errand, redirect_uri(browser), now)
    await issue_challenge(
        session,
        Purpose.oidc,
        address=browser.address,
        now=now,
        challenge=errand.state.encode(),
        invitation_id=invitation.id if invitation else None,
    )
    return address, errand


async def finish_errand(
    sessions: Sessions,
    provider: OidcProvider,
    browser: Browser,
    now: datetime,
    *,
    secret: str,
    state: str,
    code: str,
) -> BegunSession:
    """Sign in whoever came back. Raises OidcErrandLost, OidcRefused, OidcUnavailable, OidcNobody,
    OidcLinked, InvitationUnusable, AccountDisabled, SignInNameTaken.
    """
    errand = Errand(secret)
    async with sessions.begin() as session:
        taken = await take_challenge(session, state.encode(), Purpose.oidc, now)
    if not secret or taken is None or not errand.is_answered_by(state):
        raise OidcErrandLost("请重来一次", "Begin again.")
    claims = await provider.identify(errand, code, redirect_uri(browser), now)
    async with sessions.begin() as session:
        if taken.invitation_id is not None:
            return await accept_for(session, taken.invitation_id, claims, browser, now)
        account = await find_or_claim_account(session, provider.settings, claims, browser, now)
        return await begin(session, account, SignInMethodKind.oidc, DEVICE, browser, now)


async def find_account_of(session: AsyncSession, claims: IdentityClaims) -> Account | None:
    query = select(Account).where(Account.issuer == claims.iss, Account.subject == claims.sub)
    return (await session.exec(query.with_for_update())).one_or_none()


async def accept_for(
    session: AsyncSession,
    invitation_id: int,
    claims: IdentityClaims,
    browser: Browser,
    now: datetime,
) -> BegunSession:
    """Accept the invitation that somebody opened before going to sign in."""
    invitation = await session.get_one(Invitation, invitation_id)
    linked = await find_account_of(session, claims)
    if linked is not None and linked.id != invitation.account_id:
        raise OidcLinked("请用那个账号登录", "Sign in to that account.")
    credentials = acceptance.Credentials(
        SignInMethodKind.oidc, issuer=claims.iss, subject=claims.sub
    )
    name = invitation.name if invitation.account_id else choose_name(claims)
    return await acceptance.take_invitation(
        session, invitation.code_hash, DEVICE, name, credentials, browser, now
    )


async def find_or_claim_account(
    session: AsyncSession,
    settings: OidcSettings,
    claims: IdentityClaims,
    browser: Browser,
    now: datetime,
) -> Account:
    """The account of somebody; who was never invited has what the claims say, each time anew."""
    account = await find_account_of(session, claims)
    if account is not None:
        refuse_disabled(account)
        accepted = select(Invitation.id).where(Invitation.accepted_by == account.id).limit(1)
        if (await session.exec(accepted)).first() is not None:
            return account
    place = await read_place(session, settings, claims)
    if place is None:
        raise OidcNobody("请向办公室要一个邀请链接", "Ask the office for an invitation.")
    if account is None:
        return await create_claimed_account(session, claims, place, browser, now)
    before = {"role": account.role, "region_code": account.region_code, "unit_id": account.unit_id}
    after = {"role": place.role, "region_code": place.region, "unit_id": place.unit_id}
    if before != after:
        for name, value in (after | {"office": office_code(place.region)}).items():
            setattr(account, name, value)
        session.add(account)
        await session.flush()
        who = accounts.build_account_caller(account, browser.address)
        subject, action = f"accounts/{account.id}", "account.claimed"
        await accounts.audit(
            session, action, subject, who, account, now, after=after, before=before
        )
    return account


async def create_claimed_account(
    session: AsyncSession,
    claims: IdentityClaims,
    place: ClaimedPlace,
    browser: Browser,
    now: datetime,
) -> Account:
    credentials = acceptance.Credentials(
        SignInMethodKind.oidc, issuer=claims.iss, subject=claims.sub
    )
    sign_in_name = choose_name(claims)
    account = await acceptance.create_account(
        session,
        sign_in_name,
        as_name(claims.others.get("name")) or sign_in_name,
        (place.role, place.region, place.unit_id),
        credentials,
        handle=accounts.hash_secret(Errand.begin().secret),
        now=now,
    )
    who = accounts.build_account_caller(account, browser.address)
    after = {"role": place.role, "region_code": place.region, "unit_id": place.unit_id}
    subject = f"accounts/{account.id}"
    await accounts.audit(session, "account.claimed", subject, who, account, now, after=after)
    return account


async def read_place(
    session: AsyncSession, settings: OidcSettings, claims: IdentityClaims
) -> ClaimedPlace | None:
    """Role, region and unit of the claims; None where they are missing or mean nothing here.

    Nobody has the whole country by a claim.
    """
    role, region = claims.others.get(settings.role_claim), claims.others.get(settings.region_claim)
    unit = claims.others.get(settings.unit_claim)
    if not isinstance(role, str) or role not in [*Role] or not isinstance(region, str):
        return None
    if not region or not REGION_PREFIX.fullmatch(region):
        return None
    if role not in UNIT_ROLES:
        return ClaimedPlace(Role(role), region, None)
    if not isinstance(unit, str) or not is_valid(PlainUnitId, unit):
        return None
    if await accounts.load_unit_name(session, office_code(region), unit) is None:
        return None
    return ClaimedPlace(Role(role), region, unit)


def choose_name(claims: IdentityClaims) -> str:
    """The name that somebody is called by there, as a sign-in name here; else the subject."""
    said = [*(claims.others.get(claim) for claim in NAME_CLAIMS), claims.sub[:60]]
    names = (name for each in said if (name := as_name(each)))
    name = next((each for each in names if explain_unfit_name(each) is None), None)
    if name is None:
        raise OidcNobody("没有可用的登录名", "There is no name to sign in by.")
    return name


def as_name(value: Any) -> str | None:
    """A claim as a name, None where it is none."""
    return str(value).strip() if isinstance(value, str) and is_valid(PersonName, value) else None


def is_valid(kind: Any, value: str) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True

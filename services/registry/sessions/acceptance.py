"""Invitations accepted: an account with a way to sign in, and its first session."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.account_tables import Account, Device, Invitation, Passkey
from services.registry.account_words import EndReason, SignInMethodKind
from services.registry.accounts import service as accounts
from services.registry.accounts.rules import explain_unfit_name, name_key
from services.registry.invitations.rules import InvitationUnusable
from services.registry.invitations.service import (
    find_invitation,
    load_invitation,
    refuse_unfit,
)
from services.registry.offices import service as offices
from services.registry.sessions import devices, passkeys, passwords
from services.registry.sessions.browsers import Browser
from services.registry.sessions.rules import SignInNameTaken, is_weak
from services.registry.sessions.schemas import AcceptForm, OpenedInvitationRead
from services.registry.sessions.session_reads import (
    BegunSession,
    build_begun_session,
    name_region,
)
from shared.database.sessions import Sessions
from shared.http.field_errors import FieldError, build_field_problem
from shared.offices import office_code
from shared.problems import InvalidRequest


@dataclass(frozen=True)
class Credentials:
    """How an account will sign in: one of them, verified or hashed already."""

    method: SignInMethodKind
    password: str | None = None
    passkey: passkeys.NewPasskey | None = None
    issuer: str | None = None
    subject: str | None = None


async def read_invitation(session: AsyncSession, code: str, now: datetime) -> OpenedInvitationRead:
    """Read to what a code invites; nothing is used by it. Raises InvitationUnusable."""
    row, account = await load_invitation(session, code, now)
    unit = row.unit_id and await accounts.load_unit_name(session, row.office, row.unit_id)
    return OpenedInvitationRead.model_validate(
        {
            **row.model_dump(),
            "region_name": name_region(row.region_code),
            "office_name": await offices.load_office_name(session, row.office),
            "unit_name": unit,
            "sign_in_name": account.sign_in_name if account else row.name,
            "is_new": account is None,
        }
    )


async def accept(
    sessions: Sessions, form: AcceptForm, browser: Browser, now: datetime
) -> BegunSession:
    """Accept an invitation by a password or a passkey, and sign in.

    Raises InvitationUnusable, AccountDisabled, InvalidRequest, SignInNameTaken, SignInBusy,
    PasskeyRefused; then the invitation is as good as before.
    """
    async with sessions.begin() as session:
        row, account = await load_invitation(session, form.code, now)
    name = account.sign_in_name if account else form.sign_in_name or row.name
    check_ways(form, name)
    if account is None:
        check_name(name)

    if form.password is not None:
        password = await passwords.hash_password(form.password, browser.address)
        credentials = Credentials(SignInMethodKind.password, password=password)
    else:
        passkey = await passkeys.verify_registration(
            sessions,
            form.credential or "",
            browser,
            now,
            account_id=account.id if account else None,
            invitation_id=row.id,
        )
        credentials = Credentials(SignInMethodKind.passkey, passkey=passkey)

    async with sessions.begin() as session:
        code_hash = accounts.hash_secret(form.code)
        return await take_invitation(
            session, code_hash, form.device, name, credentials, browser, now
        )


def check_ways(form: AcceptForm, name: str) -> None:
    """Raise InvalidRequest unless there is one way to sign in, and no weak one."""
    if (form.password is None) is (form.credential is None):
        zh, en = "password 和 credential 写一个", "Send a password or a credential."
        raise build_field_problem(InvalidRequest, [FieldError((), "one_way", zh, en)])
    if form.password is not None:
        check_password(form.password, name, "password")


def check_name(name: str) -> None:
    """Raise InvalidRequest for a name that would pass for another's in the audit trail."""
    if reason := explain_unfit_name(name):
        error = FieldError(("sign_in_name",), "unfit_name", *reason)
        raise build_field_problem(InvalidRequest, [error])


def check_password(password: str, name: str, field: str) -> None:
    """Raise InvalidRequest for a password that would be guessed early."""
    if is_weak(password, name):
        zh = "至少 8 个字符，不能是常见密码，也不能与登录名相同"
        en = "At least 8 characters, no common password, and not the sign-in name."
        raise build_field_problem(InvalidRequest, [FieldError((field,), "weak_password", zh, en)])


async def take_invitation(
    session: AsyncSession,
    code_hash: bytes,
    device_name: str,
    name: str,
    credentials: Credentials,
    browser: Browser,
    now: datetime,
) -> BegunSession:
    """Use an invitation up, of several at once one; and sign its account in."""
    row = await close_invitation(session, code_hash, now)
    account = await find_or_create_account(session, row, name, credentials, now)
    if row.account_id:  # whatever it signed in by until now
        why = EndReason.invited_again
        await accounts.end_devices(session, Device.account_id == account.id, why=why, now=now)
        await accounts.remove_passkeys(session, Passkey.account_id == account.id, now=now)
    await note_acceptance(session, row, account)
    device, secret = await devices.begin_session(
        session,
        account,
        method=credentials.method,
        name=device_name,
        address=browser.address,
        replaced=browser.secret,
        lasts=browser.settings.lasts,
        now=now,
    )
    if credentials.passkey is not None:
        await passkeys.store_passkey(session, credentials.passkey, account, device, now)
    at = browser.liveness(now)
    begun = await build_begun_session(session, account, device, secret, at)

    who = accounts.build_account_caller(account, browser.address)
    after = {"account_id": account.id, "sign_in_name": account.sign_in_name}
    subject = f"invitations/{row.id}"
    await accounts.audit(session, "invitation.accepted", subject, who, account, now, after=after)
    await devices.audit_beginning(session, account, device, now)
    return begun


async def close_invitation(session: AsyncSession, code_hash: bytes, now: datetime) -> Invitation:
    """Mark an invitation as accepted; of several who try at once, one does. Raises
    InvitationUnusable.
    """
    change = (
        update(Invitation)
        .where(
            col(Invitation.code_hash) == code_hash,
            col(Invitation.accepted_at).is_(None),
            col(Invitation.revoked_at).is_(None),
            col(Invitation.expires_at) > now,
        )
        .values(accepted_at=now)
        .returning(Invitation)
    )
    row: Invitation | None = (await session.exec(change)).scalar_one_or_none()
    if row is None:
        await find_invitation(session, code_hash, now)  # tells why
        raise InvitationUnusable("请向办公室再要一个", "Ask the office for another.")
    return row


async def find_or_create_account(
    session: AsyncSession,
    row: Invitation,
    name: str,
    credentials: Credentials,
    now: datetime,
) -> Account:
    """The account of an invitation, with its new way to sign in, which is the only one.

    Raises SignInNameTaken, AccountDisabled, InvitationUnusable. A link to a single sign-on stays.
    """
    if row.account_id:
        account = await session.get_one(Account, row.account_id, with_for_update=True)
        refuse_unfit(row, account)
        account.password = credentials.password
        if credentials.subject:
            account.issuer, account.subject = credentials.issuer, credentials.subject
        session.add(account)
        await session.flush()
        return account
    claims = (row.role, row.region_code, row.unit_id)
    return await create_account(
        session, name, row.name, claims, credentials, handle=passkeys.build_handle(row), now=now
    )


async def create_account(
    session: AsyncSession,
    sign_in_name: str,
    name: str,
    claims: tuple[str, str, str | None],
    credentials: Credentials,
    *,
    handle: bytes,
    now: datetime,
) -> Account:
    """Create an account with its claims: role, region and unit. Raises SignInNameTaken."""
    role, region, unit = claims
    values = {
        "sign_in_name": sign_in_name,
        "sign_in_key": name_key(sign_in_name),
        "name": name,
        "role": role,
        "region_code": region,
        "office": office_code(region),
        "unit_id": unit,
        "handle": handle,
        "password": credentials.password,
        "issuer": credentials.issuer,
        "subject": credentials.subject,
        "created_at": now,
    }
    added = insert(Account).values(values).on_conflict_do_nothing().returning(Account)
    account: Account | None = (await session.exec(added)).scalar_one_or_none()
    if account is None:
        raise SignInNameTaken("请换一个登录名", "Choose another sign-in name.")
    return account


async def note_acceptance(session: AsyncSession, row: Invitation, account: Account) -> None:
    row.accepted_by = account.id
    session.add(row)
    await session.flush()

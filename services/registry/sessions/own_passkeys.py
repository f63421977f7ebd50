"""Passkeys of a person: one asked for, added, listed, removed."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.account_tables import Account, Device, Passkey
from services.registry.accounts import service as accounts
from services.registry.invitations.service import load_invitation
from services.registry.sessions.browsers import Browser, SignedIn
from services.registry.sessions.failures import forget_failures
from services.registry.sessions.passkeys import (
    build_handle,
    build_registration,
    store_passkey,
    verify_registration,
)
from services.registry.sessions.proofs import check_proof, hold_proved
from services.registry.sessions.schemas import (
    NewPasskeyForm,
    PasskeyOptionsRead,
    PasskeyRead,
    PasskeyRegistrationForm,
)
from shared.database.sessions import Sessions
from shared.problems import Forbidden, NotFound


async def issue_registration(
    session: AsyncSession,
    form: PasskeyRegistrationForm,
    browser: Browser,
    signed_in: SignedIn | None,
    now: datetime,
) -> PasskeyOptionsRead:
    """Options to make a passkey with: for whoever is invited, else for who is signed in.

    Raises InvitationUnusable, AccountDisabled, Forbidden, PasskeysUnavailable, TooManySignIns.
    """
    invitation = None
    account = signed_in.account if signed_in else None
    if form.code is not None:
        invitation, account = await load_invitation(session, form.code, now)
    if account is not None:
        handle, names = account.handle, (account.sign_in_name, account.name)
    elif invitation is not None:
        handle = build_handle(invitation)
        names = (form.sign_in_name or invitation.name, invitation.name)
    else:
        raise Forbidden("请先登录，或用邀请码", "Sign in first, or send a code.")
    return await build_registration(
        session,
        browser,
        now,
        handle=handle,
        names=names,
        account_id=account.id if account else None,
        invitation_id=invitation.id if invitation else None,
    )


async def record_passkey(
    sessions: Sessions, form: NewPasskeyForm, browser: Browser, signed_in: SignedIn, now: datetime
) -> PasskeyRead:
    """Add a passkey to who is signed in, and proves it.

    Raises SignInRefused, SignInLocked, SignInBusy, PasskeyRefused, SignInNotFresh,
    AccountDisabled, NotSignedIn.
    """
    device = signed_in.device
    proof = await check_proof(sessions, form, browser, signed_in, now)
    made = await verify_registration(
        sessions, form.credential, browser, now, account_id=proof.account.id
    )
    async with sessions.begin() as session:
        account = await hold_proved(session, proof, device, now)
        if proof.account.password is not None:
            await forget_failures(session, account.sign_in_name, browser.address)
        row = await store_passkey(session, made, account, device, now)
        await audit_passkey(session, "passkey.recorded", row, browser, account, now)
    return build_passkey_read(row, device.name)


async def list_passkeys(session: AsyncSession, account: Account) -> list[PasskeyRead]:
    query = (
        select(Passkey, Device.name)
        .join(Device, col(Device.id) == Passkey.device_id)
        .where(Passkey.account_id == account.id, col(Passkey.removed_at).is_(None))
        .order_by(col(Passkey.id))
    )
    return [build_passkey_read(row, name) for row, name in await session.exec(query)]


async def remove_passkey(
    session: AsyncSession, passkey_id: int, browser: Browser, signed_in: SignedIn, now: datetime
) -> PasskeyRead:
    """Remove a passkey of who is signed in. Raises NotFound."""
    account = signed_in.account
    query = select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account.id)
    row = (await session.exec(query.with_for_update())).one_or_none()
    if row is None:
        raise NotFound("没有这个通行密钥", "There is no such passkey.")
    device = await session.get_one(Device, row.device_id)
    if row.removed_at is None:
        row.removed_at = now
        session.add(row)
        await session.flush()
        await audit_passkey(session, "passkey.removed", row, browser, account, now)
    return build_passkey_read(row, device.name)


def build_passkey_read(row: Passkey, device: str) -> PasskeyRead:
    return PasskeyRead.model_validate({**row.model_dump(), "device": device})


async def audit_passkey(
    session: AsyncSession,
    action: str,
    row: Passkey,
    browser: Browser,
    account: Account,
    now: datetime,
) -> None:
    who = accounts.build_account_caller(account, browser.address)
    subject, after = f"accounts/{account.id}", {"passkey_id": row.id}
    await accounts.audit(session, action, subject, who, account, now, after=after)

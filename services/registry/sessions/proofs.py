"""Proofs that whoever is signed in is who signed in: before there is one way in more.

A cookie alone proves nothing: it may have been stolen.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.account_tables import Account, Device, Passkey
from services.registry.sessions import devices, passkeys
from services.registry.sessions.browsers import Browser, SignedIn
from services.registry.sessions.rules import (
    FRESH_SIGN_IN_LASTS,
    PasskeyRefused,
    SignInNotFresh,
)
from services.registry.sessions.schemas import ProofForm
from services.registry.sessions.sign_in import check_password_of, refuse_changed, refuse_disabled
from shared.database.sessions import Sessions


@dataclass(frozen=True)
class Proof:
    """What was proved: the account as it was, by a passkey or otherwise."""

    account: Account
    passkey: passkeys.UsedPasskey | None = None


async def check_proof(
    sessions: Sessions, form: ProofForm, browser: Browser, signed_in: SignedIn, now: datetime
) -> Proof:
    """Check the password of an account; where it has none a passkey; else that it just signed in.

    Raises SignInRefused, SignInLocked, SignInBusy, PasskeyRefused, SignInNotFresh.
    """
    account = signed_in.account
    if account.password is not None:
        name, password = account.sign_in_name, form.password or ""
        return Proof(await check_password_of(sessions, name, password, browser, now))
    async with sessions.begin() as session:
        has_passkeys = bool(await passkeys.load_passkeys(session, account.id or 0))
    if has_passkeys:
        used = await passkeys.verify_sign_in(sessions, form.proof or "", browser, now)
        if used.account_id != account.id:
            raise PasskeyRefused("它是另一个账号的", "It is another account's.")
        return Proof(account, used)
    if now - signed_in.device.signed_in_at > FRESH_SIGN_IN_LASTS:
        raise SignInNotFresh("请退出后重新登录，十分钟之内再来", "Sign out and in, then come back.")
    return Proof(account)


async def hold_proved(
    session: AsyncSession, proof: Proof, device: Device, now: datetime
) -> Account:
    """The account, held with the device until the transaction ends; what was proved still stands.

    Raises AccountDisabled, SignInRefused, NotSignedIn, PasskeyRefused.
    """
    account = await session.get_one(Account, proof.account.id, with_for_update=True)
    refuse_disabled(account)
    refuse_changed(account, proof.account)
    await devices.require_held(session, device)
    if proof.passkey is not None:
        await passkeys.note_use(session, proof.passkey, device, now)
    return account


async def move_passkeys(session: AsyncSession, *, before: Device, after: Device) -> None:
    """Say of the passkeys of a device that they are of the one that it has become."""
    change = update(Passkey).where(col(Passkey.device_id) == before.id)
    await session.exec(change.values(device_id=after.id))

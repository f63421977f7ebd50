"""Devices that sign in, stay signed in, and are signed out."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.account_tables import Account, Device
from services.registry.account_words import EndReason, SignInMethodKind
from services.registry.accounts.rules import NotSignedIn
from services.registry.accounts.service import (
    audit,
    build_account_caller,
    end_devices,
    hash_secret,
)
from services.registry.sessions.rules import explain_end


async def touch(
    session: AsyncSession, secret: str, *, idle: timedelta, now: datetime
) -> tuple[Account, Device]:
    """Find who is signed in by the secret of a cookie, and note that it was used.

    One statement: while a device is being revoked it waits, and then finds none.
    Raises NotSignedIn.
    """
    if not secret:
        raise NotSignedIn("请先登录", "Sign in first.")
    change = (
        update(Device)
        .where(
            col(Device.secret_hash) == hash_secret(secret),
            col(Device.ended_at).is_(None),
            col(Device.expires_at) > now,
            col(Device.used_at) > now - idle,
            col(Account.id) == col(Device.account_id),
            col(Account.disabled_at).is_(None),
        )
        .values(used_at=now)
        .returning(Device, Account)
    )
    found = (await (await session.connection()).execute(change)).one_or_none()
    query = select(Device, Account).join(Account).where(Device.secret_hash == hash_secret(secret))
    both = (await session.exec(query)).one_or_none()
    if both is None:
        raise NotSignedIn("请重新登录", "Sign in again.")
    device, account = both
    if found is None:
        why = explain_end(
            end_reason=device.end_reason,
            is_disabled=account.disabled_at is not None,
            expires_at=device.expires_at,
            used_at=device.used_at,
            idle=idle,
            now=now,
        )
        raise NotSignedIn(*(why or ("请重新登录", "Sign in again.")))
    return account, device


async def require_held(session: AsyncSession, device: Device) -> None:
    """Hold a device until the transaction ends. Raises NotSignedIn for one that has ended.

    Whoever writes anything lasting holds it first: its revocation waits, or was before.
    """
    row = await session.get_one(Device, device.id, with_for_update=True)
    if row.ended_at is not None:
        raise NotSignedIn("请重新登录", "Sign in again.")


async def begin_session(
    session: AsyncSession,
    account: Account,
    *,
    method: SignInMethodKind,
    name: str,
    address: str,
    replaced: str,
    lasts: timedelta,
    now: datetime,
) -> tuple[Device, str]:
    """Sign a browser in, with a new secret; the session that it had before has ended.

    Nothing that a browser brings along becomes a session. The audit row is the caller's last.
    """
    if replaced:
        await end_devices(
            session,
            Device.secret_hash == hash_secret(replaced),
            why=EndReason.replaced,
            now=now,
        )
    secret = secrets.token_urlsafe(32)
    assert account.id is not None
    device = Device(
        account_id=account.id,
        secret_hash=hash_secret(secret),
        name=name,
        method=method,
        address=address,
        signed_in_at=now,
        used_at=now,
        expires_at=now + lasts,
    )
    session.add(device)
    await session.flush()
    return device, secret


async def audit_beginning(
    session: AsyncSession, account: Account, device: Device, now: datetime
) -> None:
    who = build_account_caller(account, device.address)
    after = {"device_id": device.id, "device": device.name, "method": device.method}
    await audit(session, "session.begun", f"accounts/{account.id}", who, account, now, after=after)


async def end_session(
    session: AsyncSession, account: Account, device: Device, *, address: str, now: datetime
) -> None:
    """Sign a device out, on it."""
    ended = await end_devices(session, Device.id == device.id, why=EndReason.signed_out, now=now)
    if ended:
        who = build_account_caller(account, address)
        after = {"device_id": device.id, "device": device.name}
        subject = f"accounts/{account.id}"
        await audit(session, "session.ended", subject, who, account, now, after=after)

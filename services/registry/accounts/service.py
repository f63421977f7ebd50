"""Accounts: listed, disabled, enabled; and the devices that they are signed in on."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.account_tables import Account, Device, Invitation, Passkey
from services.registry.account_words import EndReason
from services.registry.accounts.schemas import AccountRead, DeviceRead
from services.registry.tables import RECORD_TABLES, Audit
from shared.database.audit import write_audit_row
from shared.http.pages import Paging
from shared.http.tokens import Caller, Role
from shared.problems import NotFound

LATEST_DEVICES = 100  # of an account, in a list


@dataclass(frozen=True)
class Liveness:
    """Which devices are signed in: a moment, and how long one may go unused."""

    now: datetime
    idle: timedelta

    @property
    def conditions(self) -> tuple[Any, ...]:
        return (
            col(Device.ended_at).is_(None),
            col(Device.expires_at) > self.now,
            col(Device.used_at) > self.now - self.idle,
        )

    def holds(self, device: Device) -> bool:
        is_used = device.used_at > self.now - self.idle
        return device.ended_at is None and device.expires_at > self.now and is_used


def hash_secret(secret: str) -> bytes:
    """What is stored of a code or a cookie, which have 256 bits of their own."""
    return hashlib.sha256(secret.encode()).digest()


# --- accounts ------------------------------------------------------------------------------------


async def list_accounts(
    session: AsyncSession, who: Caller, paging: Paging, at: Liveness
) -> list[AccountRead]:
    """List the accounts of the caller's region, one more than a page has."""
    query = select(Account).where(*within(Account, who), col(Account.id) > paging.after)
    rows = (await session.exec(query.order_by(col(Account.id)).limit(paging.limit + 1))).all()
    return await build_account_reads(session, rows, at)


async def read_account(
    session: AsyncSession, account_id: int, who: Caller, at: Liveness
) -> AccountRead:
    """Read an account of the caller's region. Raises NotFound."""
    found = await find_account(session, account_id, who)
    return (await build_account_reads(session, [found], at))[0]


async def find_account(
    session: AsyncSession, account_id: int, who: Caller, *, locked: bool = False
) -> Account:
    """Find an account of the caller's region. Raises NotFound."""
    query = select(Account).where(*within(Account, who), Account.id == account_id)
    if locked:
        query = query.with_for_update()
    row = (await session.exec(query)).one_or_none()
    if row is None:
        raise NotFound("没有这个账号", "There is no such account.")
    return row


async def build_account_reads(
    session: AsyncSession, rows: Sequence[Account], at: Liveness
) -> list[AccountRead]:
    """Build the responses of accounts, with their devices and passkeys counted at once."""
    ids = [row.id for row in rows]
    connection = await session.connection()
    devices = sa.select(
        col(Device.account_id),
        sa.func.count().filter(*at.conditions).label("devices"),
        sa.func.max(Device.used_at).label("used_at"),
    ).where(col(Device.account_id).in_(ids))
    passkeys = sa.select(col(Passkey.account_id), sa.func.count().label("passkeys")).where(
        col(Passkey.account_id).in_(ids), col(Passkey.removed_at).is_(None)
    )
    counts: dict[int, dict[str, Any]] = {}
    for query, column in ((devices, Device.account_id), (passkeys, Passkey.account_id)):
        for found in (await connection.execute(query.group_by(col(column)))).mappings():
            counts.setdefault(found["account_id"], {}).update(found)
    nothing = {"devices": 0, "used_at": None, "passkeys": 0}
    return [
        AccountRead.model_validate(
            {
                **row.model_dump(),
                **nothing,
                **counts.get(row.id or 0, {}),
                "has_password": row.password is not None,
                "is_linked": row.subject is not None,
            }
        )
        for row in rows
    ]


async def set_disabled(
    session: AsyncSession, account_id: int, *, is_disabled: bool, who: Caller, at: Liveness
) -> AccountRead:
    """Disable an account, which signs it out everywhere, or enable it. Raises NotFound."""
    row = await find_account(session, account_id, who, locked=True)
    if bool(row.disabled_at) is not is_disabled:
        row.disabled_at, row.disabled_by = (at.now, who.name) if is_disabled else (None, None)
        session.add(row)
        await session.flush()
        if is_disabled:
            await end_devices(
                session, Device.account_id == row.id, why=EndReason.account_disabled, now=at.now
            )
        action = "account.disabled" if is_disabled else "account.enabled"
        await audit(session, action, f"accounts/{row.id}", who, row, at.now)
    return (await build_account_reads(session, [row], at))[0]


# --- devices -------------------------------------------------------------------------------------


async def list_devices(
    session: AsyncSession, account_id: int, at: Liveness, *, current: int | None = None
) -> list[DeviceRead]:
    """List the devices of an account, the latest first; `current` is the one that asks."""
    query = select(Device).where(Device.account_id == account_id)
    rows = await session.exec(query.order_by(col(Device.id).desc()).limit(LATEST_DEVICES))
    return [build_device_read(row, at, current) for row in rows]


async def revoke_device(
    session: AsyncSession,
    account: Account,
    device_id: int,
    *,
    who: Caller,
    at: Liveness,
    current: int | None = None,
) -> DeviceRead:
    """Sign a device out, and remove the passkeys that it used last. Raises NotFound."""
    query = select(Device).where(Device.id == device_id, Device.account_id == account.id)
    row = (await session.exec(query.with_for_update())).one_or_none()
    if row is None:
        raise NotFound("没有这台设备", "There is no such device.")
    removed = await remove_passkeys(session, Passkey.device_id == device_id, now=at.now)
    if row.ended_at is None or removed:
        if row.ended_at is None:
            row.ended_at, row.end_reason = at.now, EndReason.revoked
            session.add(row)
            await session.flush()
        after = {"device_id": device_id, "device": row.name, "passkeys_removed": removed}
        await audit(
            session, "device.revoked", f"accounts/{account.id}", who, account, at.now, after=after
        )
    return build_device_read(row, at, current)


def build_device_read(row: Device, at: Liveness, current: int | None = None) -> DeviceRead:
    marks = {"is_current": row.id == current, "is_signed_in": at.holds(row)}
    return DeviceRead.model_validate({**row.model_dump(), **marks})


async def end_devices(
    session: AsyncSession, *conditions: Any, why: EndReason, now: datetime
) -> int:
    """Sign out the devices that are signed in; how many there were."""
    change = sa.update(Device).where(*conditions, col(Device.ended_at).is_(None))
    done = await (await session.connection()).execute(change.values(ended_at=now, end_reason=why))
    return done.rowcount


async def remove_passkeys(session: AsyncSession, *conditions: Any, now: datetime) -> int:
    change = sa.update(Passkey).where(*conditions, col(Passkey.removed_at).is_(None))
    done = await (await session.connection()).execute(change.values(removed_at=now))
    return done.rowcount


# --- for all of them -----------------------------------------------------------------------------


def within(table: type[Account] | type[Invitation], who: Caller) -> tuple[Any, ...]:
    """Conditions for what is of the caller's region."""
    return (col(table.region_code).startswith(who.region, autoescape=True),)


async def load_unit_name(session: AsyncSession, office: str, unit_id: str) -> str | None:
    units = RECORD_TABLES["units"].c
    query = sa.select(units.name).where(
        units.office == office, units.unit_id == unit_id, units.superseded_at.is_(None)
    )
    name: str | None = await (await session.connection()).scalar(query)
    return name


async def audit(
    session: AsyncSession,
    action: str,
    subject: str,
    who: Caller,
    row: Account | Invitation,
    now: datetime,
    *,
    after: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
) -> None:
    """Write the audit row of a change, in the chain of the account's own office."""
    region, office, states = row.region_code, row.office, {"after": after or {}}
    if before is not None:
        states["before"] = before
    await write_audit_row(
        session, Audit, action, subject, region, who, now, office=office, **states
    )


def build_account_caller(account: Account, address: str) -> Caller:
    """Build the caller that an account is, in tokens and in audit rows."""
    role = Role(account.role)
    return Caller(account.sign_in_name, role, account.region_code, account.unit_id, address)

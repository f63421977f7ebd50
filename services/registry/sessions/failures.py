"""Failed sign-ins: counted before a password is looked at, forgotten when one was right.

Locked is a name at an address. A name that fails from everywhere is locked for all but the
addresses that it has signed in from, so nobody can keep its owner out for ever.
"""

import hashlib
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.account_tables import Account, Device, SignInFailures
from services.registry.accounts.rules import name_key
from services.registry.sessions.rules import (
    FORGOTTEN_AFTER,
    FREE_FAILURES,
    FREE_FAILURES_ANYWHERE,
    SignInLocked,
    address_group,
    count_failure,
    lock_after,
)

ANYWHERE = ""  # instead of an address: all of them together
TURN_SQL = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def hash_name(sign_in_name: str) -> bytes:
    """What is stored of a name: it may be a password that was typed into the wrong field."""
    return hashlib.sha256(name_key(sign_in_name).encode()).digest()


async def charge_failure(
    session: AsyncSession, sign_in_name: str, account: Account | None, address: str, now: datetime
) -> None:
    """Count a failure, which a right password takes back. Raises SignInLocked.

    It is counted first, so that many guesses at once are as many guesses.
    """
    name, group = hash_name(sign_in_name), address_group(address)
    await (await session.connection()).execute(TURN_SQL, {"name": name.hex()})
    query = select(SignInFailures).where(SignInFailures.name_hash == name)
    query = query.where(col(SignInFailures.address).in_((group, ANYWHERE)))
    found = {row.address: row for row in await session.exec(query)}
    is_known = account is not None and await has_signed_in(session, account, group)
    for place, free in ((group, FREE_FAILURES), (ANYWHERE, FREE_FAILURES_ANYWHERE)):
        row = found.get(place)
        is_exempt = place == ANYWHERE and is_known
        if row and row.locked_until and now < row.locked_until and not is_exempt:
            seconds = int((row.locked_until - now).total_seconds()) + 1
            raise SignInLocked(
                f"请 {seconds} 秒后再试；已登录的设备不受影响",
                f"Try again in {seconds} seconds; devices that are signed in are not affected.",
                retry_after=seconds,
            )
        failures = count_failure(row.failures, row.last_at, now) if row else 1
        lock = lock_after(failures, free)
        counted = {
            "failures": failures,
            "last_at": now,
            "locked_until": now + lock if lock else None,
        }
        upsert = insert(SignInFailures).values(name_hash=name, address=place, **counted)
        await (await session.connection()).execute(
            upsert.on_conflict_do_update(index_elements=["name_hash", "address"], set_=counted)
        )
    await session.exec(
        delete(SignInFailures).where(col(SignInFailures.last_at) < now - FORGOTTEN_AFTER)
    )


async def has_signed_in(session: AsyncSession, account: Account, group: str) -> bool:
    query = select(Device.address).where(Device.account_id == account.id).distinct()
    return group in {address_group(address) for address in await session.exec(query)}


async def forget_failures(session: AsyncSession, sign_in_name: str, address: str) -> None:
    """Forget what failed from an address, also among the failures from everywhere."""
    name, group = hash_name(sign_in_name), address_group(address)
    await (await session.connection()).execute(TURN_SQL, {"name": name.hex()})
    of_name = col(SignInFailures.name_hash) == name
    gone = delete(SignInFailures).where(of_name, col(SignInFailures.address) == group)
    own = (await session.exec(gone.returning(col(SignInFailures.failures)))).scalar() or 0
    left = col(SignInFailures.failures) - own
    await session.exec(
        update(SignInFailures)
        .where(of_name, col(SignInFailures.address) == ANYWHERE)
        .values(failures=left, locked_until=None)
    )

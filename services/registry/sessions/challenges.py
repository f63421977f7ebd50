"""Challenges: each is answered once, within minutes; of it only the sha256 is stored.

Those of one address are bounded. The newest is refused, so nobody takes away what a neighbour has
been asked.
"""

import hashlib
import secrets
from datetime import datetime

from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.account_tables import Challenge
from services.registry.sessions.rules import CHALLENGE_LASTS, TooManySignIns, address_group
from shared.facts.words import Word

OPEN_OF_ONE = 100  # challenges of an address, for each purpose


class Purpose(Word):
    """What a challenge is for."""

    registration = "registration", "登记通行密钥"
    sign_in = "sign_in", "用通行密钥登录"
    oidc = "oidc", "在别处登录"


async def issue_challenge(
    session: AsyncSession,
    purpose: Purpose,
    *,
    address: str,
    now: datetime,
    challenge: bytes | None = None,
    account_id: int | None = None,
    invitation_id: int | None = None,
) -> bytes:
    """A new challenge, and nothing kept that is out of date. Raises TooManySignIns."""
    challenge = challenge or secrets.token_bytes(32)
    group = address_group(address)
    await session.exec(delete(Challenge).where(col(Challenge.expires_at) <= now))
    await refuse_too_many(session, purpose, group, now)
    session.add(
        Challenge(
            hash=hash_challenge(challenge),
            purpose=purpose,
            account_id=account_id,
            invitation_id=invitation_id,
            address=group,
            expires_at=now + CHALLENGE_LASTS,
        )
    )
    await session.flush()
    return challenge


async def refuse_too_many(
    session: AsyncSession, purpose: Purpose, group: str, now: datetime
) -> None:
    query = select(func.count(), func.min(Challenge.expires_at)).where(
        Challenge.address == group, Challenge.purpose == purpose
    )
    count, next_ends_at = (await session.exec(query)).one()
    if count >= OPEN_OF_ONE:
        seconds = int((next_ends_at - now).total_seconds()) + 1
        raise TooManySignIns(
            f"请 {seconds} 秒后再试，或换一种方式登录",
            f"Try again in {seconds} seconds, or sign in another way.",
            retry_after=seconds,
        )


async def take_challenge(
    session: AsyncSession, challenge: bytes, purpose: Purpose, now: datetime
) -> Challenge | None:
    """The challenge, if it was issued for this and is still open; from here on it is not."""
    taken = delete(Challenge).where(col(Challenge.hash) == hash_challenge(challenge))
    row = (await session.exec(taken.returning(Challenge))).scalar_one_or_none()
    return row if row and row.purpose == purpose and now < row.expires_at else None


def hash_challenge(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()

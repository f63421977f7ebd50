"""Challenges: each is answered once, within minutes; of it only the sha256 is stored."""

import hashlib
import secrets
from datetime import datetime

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.account_tables import Challenge
from services.registry.sessions.rules import CHALLENGE_LASTS, address_group
from shared.facts.words import Word

OPEN_OF_ONE = 100  # challenges of an address; the oldest give way


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
    """A new challenge, and nothing kept that is out of date."""
    challenge = challenge or secrets.token_bytes(32)
    group = address_group(address)
    latest = (
        select(Challenge.hash)
        .where(Challenge.address == group)
        .order_by(col(Challenge.expires_at).desc())
        .limit(OPEN_OF_ONE - 1)
    )
    too_many = (col(Challenge.address) == group) & col(Challenge.hash).not_in(latest)
    await session.exec(delete(Challenge).where((col(Challenge.expires_at) <= now) | too_many))
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


async def take_challenge(
    session: AsyncSession, challenge: bytes, purpose: Purpose, now: datetime
) -> Challenge | None:
    """The challenge, if it was issued for this and is still open; from here on it is not."""
    taken = delete(Challenge).where(col(Challenge.hash) == hash_challenge(challenge))
    row = (await session.exec(taken.returning(Challenge))).scalar_one_or_none()
    return row if row and row.purpose == purpose and now < row.expires_at else None


def hash_challenge(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()

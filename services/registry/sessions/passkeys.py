"""Passkeys (WebAuthn): made and used at one origin, whose host they are bound to."""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import webauthn
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.registry.account_tables import Account, Device, Invitation, Passkey
from services.registry.sessions.browsers import Browser
from services.registry.sessions.challenges import Purpose, issue_challenge, take_challenge
from services.registry.sessions.rules import (
    CHALLENGE_LASTS,
    PasskeyRefused,
    PasskeysUnavailable,
)
from services.registry.sessions.schemas import PasskeyOptionsRead
from shared.database.sessions import Sessions

log = logging.getLogger(__name__)
RELYING_PARTY = "百日"
# What reading a credential of somebody else's making may end in.
UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, RecursionError)


@dataclass(frozen=True)
class NewPasskey:
    """A passkey that was made, verified and not stored yet."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True)
class UsedPasskey:
    """A passkey that was used, and how often it says it was."""

    id: int
    account_id: int
    sign_count: int


# --- options -------------------------------------------------------------------------------------


async def build_registration(
    session: AsyncSession,
    browser: Browser,
    now: datetime,
    *,
    handle: bytes,
    names: tuple[str, str],
    account_id: int | None = None,
    invitation_id: int | None = None,
) -> PasskeyOptionsRead:
    """Options to make a passkey with; `names` are the sign-in name and the person's."""
    check_host(browser)
    challenge = await issue_challenge(
        session,
        Purpose.registration,
        address=browser.address,
        now=now,
        account_id=account_id,
        invitation_id=invitation_id,
    )
    adds = account_id is not None and invitation_id is None  # an invitation removes the others
    known = await load_passkeys(session, account_id) if account_id and adds else []
    options = webauthn.generate_registration_options(
        rp_id=browser.origin.hostname,
        rp_name=RELYING_PARTY,
        user_id=handle,
        user_name=names[0],
        user_display_name=names[1],
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(row.credential_id) for row in known],
    )
    return build_options_read(options, now)


async def issue_options(
    session: AsyncSession, browser: Browser, now: datetime
) -> PasskeyOptionsRead:
    """Options to sign in with by any passkey. Raises PasskeysUnavailable, TooManySignIns."""
    check_host(browser)
    challenge = await issue_challenge(session, Purpose.sign_in, address=browser.address, now=now)
    options = webauthn.generate_authentication_options(
        rp_id=browser.origin.hostname,
        challenge=challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return build_options_read(options, now)


def build_options_read(options: Any, now: datetime) -> PasskeyOptionsRead:
    document = json.loads(webauthn.options_to_json(options))
    return PasskeyOptionsRead(options=document, expires_at=now + CHALLENGE_LASTS)


def check_host(browser: Browser) -> None:
    if not browser.origin.may_have_passkeys:
        raise PasskeysUnavailable(
            "要用域名和 https 访问，或在本机用 localhost",
            "They need a domain name and https, or localhost on this machine.",
        )


# --- what comes back -----------------------------------------------------------------------------


async def verify_registration(
    sessions: Sessions,
    credential: str,
    browser: Browser,
    now: datetime,
    *,
    account_id: int | None = None,
    invitation_id: int | None = None,
) -> NewPasskey:
    """Verify a passkey that was made for an account or an invitation. Raises PasskeyRefused."""
    document, challenge = parse_credential(credential)
    async with sessions.begin() as session:  # whatever comes of it, the challenge is used
        taken = await take_challenge(session, challenge, Purpose.registration, now)
    if taken is None or (taken.account_id, taken.invitation_id) != (account_id, invitation_id):
        raise too_late()
    try:
        made = webauthn.verify_registration_response(
            credential=document,
            expected_challenge=challenge,
            expected_rp_id=browser.origin.hostname,
            expected_origin=str(browser.origin),
            require_user_verification=True,
        )
    except UNREADABLE as error:
        raise refuse(error) from None
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


async def verify_sign_in(
    sessions: Sessions, credential: str, browser: Browser, now: datetime
) -> UsedPasskey:
    """Verify a passkey that was used to sign in. Raises PasskeyRefused."""
    document, challenge = parse_credential(credential)
    async with sessions.begin() as session:
        taken = await take_challenge(session, challenge, Purpose.sign_in, now)
        row = await find_passkey(session, document)
    if taken is None:
        raise too_late()
    if row is None:
        raise PasskeyRefused("这里没有登记过它", "It is not known here.")
    try:
        used = webauthn.verify_authentication_response(
            credential=document,
            expected_challenge=challenge,
            expected_rp_id=browser.origin.hostname,
            expected_origin=str(browser.origin),
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except UNREADABLE as error:
        raise refuse(error) from None
    assert row.id is not None
    return UsedPasskey(row.id, row.account_id, used.new_sign_count)


def parse_credential(credential: str) -> tuple[dict[str, Any], bytes]:
    """The credential as a document, and the challenge that it answers. Raises PasskeyRefused."""
    try:
        document: dict[str, Any] = json.loads(credential)
        content = base64url_to_bytes(document["response"]["clientDataJSON"])
        return document, parse_client_data_json(content).challenge
    except UNREADABLE as error:
        raise refuse(error) from None


def refuse(error: Exception) -> PasskeyRefused:
    log.info("passkey", extra={"data": {"error": type(error).__name__}})
    return PasskeyRefused("应答不对，请重来一次", "The answer is wrong; begin again.")


def too_late() -> PasskeyRefused:
    return PasskeyRefused("已过五分钟，或已经用过，请重来一次", "Too late, or used; begin again.")


async def find_passkey(session: AsyncSession, document: dict[str, Any]) -> Passkey | None:
    try:
        credential_id = base64url_to_bytes(document["rawId"])
    except UNREADABLE as error:
        raise refuse(error) from None
    query = select(Passkey).where(
        Passkey.credential_id == credential_id, col(Passkey.removed_at).is_(None)
    )
    return (await session.exec(query)).one_or_none()


# --- stored --------------------------------------------------------------------------------------


async def store_passkey(
    session: AsyncSession, made: NewPasskey, account: Account, device: Device, now: datetime
) -> Passkey:
    """Store a passkey of an account. Raises PasskeyRefused for one that is known already."""
    values = {
        "account_id": account.id,
        "device_id": device.id,
        "credential_id": made.credential_id,
        "public_key": made.public_key,
        "sign_count": made.sign_count,
        "recorded_at": now,
    }
    added = insert(Passkey).values(values).on_conflict_do_nothing().returning(Passkey)
    row: Passkey | None = (await session.exec(added)).scalar_one_or_none()
    if row is None:
        raise PasskeyRefused("它已经登记过", "It is registered already.")
    return row


async def note_use(session: AsyncSession, used: UsedPasskey, device: Device, now: datetime) -> None:
    """Note a use: with its device a passkey is removed when that is revoked.

    Raises PasskeyRefused where it was removed, or used meanwhile by a copy of it.
    """
    change = update(Passkey).where(
        col(Passkey.id) == used.id,
        col(Passkey.removed_at).is_(None),
        (col(Passkey.sign_count) < used.sign_count) | (col(Passkey.sign_count) == 0),
    )
    values = {"sign_count": used.sign_count, "used_at": now, "device_id": device.id}
    if not (await session.exec(change.values(**values))).rowcount:
        raise PasskeyRefused("它已去掉，请用别的方式登录", "It was removed; sign in otherwise.")


async def load_passkeys(session: AsyncSession, account_id: int) -> Sequence[Passkey]:
    query = select(Passkey).where(
        Passkey.account_id == account_id, col(Passkey.removed_at).is_(None)
    )
    return (await session.exec(query.order_by(col(Passkey.id)))).all()


def build_handle(row: Invitation) -> bytes:
    """What authenticators call the account that an invitation will make: nothing about anybody."""
    return hashlib.sha256(b"handle " + row.code_hash).digest()

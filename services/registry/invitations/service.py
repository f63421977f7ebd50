"""Invitations: issued, listed, revoked; and accepted once, by whoever has the code."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.account_tables import Account, Invitation
from services.registry.account_words import InvitationState
from services.registry.accounts.office import refuse_own
from services.registry.accounts.rules import AccountDisabled
from services.registry.accounts.service import (
    audit,
    find_account,
    hash_secret,
    load_unit_name,
    within,
)
from services.registry.invitations.rules import (
    INVITATION_LASTS,
    InvitationClosed,
    InvitationUnusable,
    decide_state,
    invited_region,
    may_be_office,
)
from services.registry.invitations.schemas import UNIT_ROLES, InvitationForm, InvitationRead
from shared.http.field_errors import FieldError, build_field_problem
from shared.http.pages import Paging
from shared.http.tokens import Caller, Role
from shared.offices import office_code
from shared.problems import InvalidRequest, NotFound
from shared.reference import region_codes

PLACE = ("role", "region_code", "office", "unit_id")  # what an account is for


async def issue_invitation(
    session: AsyncSession, form: InvitationForm, *, who: Caller, now: datetime
) -> tuple[InvitationRead, str]:
    """Invite somebody; the code is returned beside and stored nowhere.

    Raises InvalidRequest, NotFound, AccountDisabled.
    """
    invited = await resolve_invited(session, form, who)
    code = secrets.token_urlsafe(32)
    row = Invitation(
        **invited,
        code_hash=hash_secret(code),
        invited_by=who.name,
        invited_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    session.add(row)
    await session.flush()
    after = {**invited, "expires_at": row.expires_at.isoformat()}
    await audit(session, "invitation.issued", f"invitations/{row.id}", who, row, now, after=after)
    return build_invitation_read(row, now), code


async def resolve_invited(
    session: AsyncSession, form: InvitationForm, who: Caller
) -> dict[str, Any]:
    """Who is invited, as the columns that an invitation shares with an account."""
    if form.account_id is not None:
        check_fields(form, required=(), absent=("name", "role", "unit_id", "region_code"))
        account = await find_account(session, form.account_id, who)
        await refuse_own(session, account.id, who)
        if account.disabled_at:
            raise AccountDisabled("请先启用这个账号", "Enable the account first.")
        same = {name: getattr(account, name) for name in ("name", *PLACE)}
        return same | {"account_id": account.id}
    needs_unit = form.role in UNIT_ROLES
    check_fields(
        form,
        required=("name", "role", *(("unit_id",) if needs_unit else ())),
        absent=() if needs_unit or form.role is None else ("unit_id",),
    )
    region = invited_region(form.region_code, who.region)
    if region is None:
        raise wrong_field("region_code", "outside_region", "应在本辖区之内", "Not in your region.")
    if form.role is Role.office and not may_be_office(region, who.region, region_codes()):
        zh, en = "不是省、市、县的行政区划代码", "It is no code of a province, city or county."
        raise wrong_field("region_code", "unknown_reference", zh, en)
    office = office_code(region)
    if form.unit_id and await load_unit_name(session, office, form.unit_id) is None:
        zh, en = f"{office} 没有这个责任单位", f"{office} has no such unit."
        raise wrong_field("unit_id", "unknown_reference", zh, en)
    return {
        "name": form.name,
        "role": form.role,
        "region_code": region,
        "office": office,
        "unit_id": form.unit_id,
    }


def check_fields(form: InvitationForm, *, required: Iterable[str], absent: Iterable[str]) -> None:
    """Raise InvalidRequest for fields that are missing, or make no sense beside the others."""
    missing = [name for name in required if getattr(form, name) is None]
    needless = [name for name in absent if getattr(form, name) is not None]
    errors = [FieldError((n,), "missing", "不能缺少", "Field required") for n in missing]
    errors += [
        FieldError((n,), "needless", "这种邀请不写这一项", "Not for such an invitation.")
        for n in needless
    ]
    if errors:
        raise build_field_problem(InvalidRequest, errors)


def wrong_field(name: str, code: str, zh: str, en: str) -> InvalidRequest:
    return build_field_problem(InvalidRequest, [FieldError((name,), code, zh, en)])


async def list_invitations(
    session: AsyncSession, who: Caller, paging: Paging, now: datetime
) -> list[InvitationRead]:
    """List the invitations of the caller's region, one more than a page has."""
    query = select(Invitation).where(*within(Invitation, who), col(Invitation.id) > paging.after)
    rows = await session.exec(query.order_by(col(Invitation.id)).limit(paging.limit + 1))
    return [build_invitation_read(row, now) for row in rows]


async def revoke_invitation(
    session: AsyncSession, invitation_id: int, *, who: Caller, now: datetime
) -> InvitationRead:
    """Revoke an invitation that is still open. Raises NotFound, InvitationClosed."""
    query = select(Invitation).where(*within(Invitation, who), Invitation.id == invitation_id)
    row = (await session.exec(query.with_for_update())).one_or_none()
    if row is None:
        raise NotFound("没有这个邀请", "There is no such invitation.")
    state = build_invitation_read(row, now).state
    if state is not InvitationState.open:
        raise InvitationClosed(state.label, f"It is {state}.")
    row.revoked_at, row.revoked_by = now, who.name
    session.add(row)
    await session.flush()
    await audit(session, "invitation.revoked", f"invitations/{row.id}", who, row, now)
    return build_invitation_read(row, now)


def build_invitation_read(row: Invitation, now: datetime) -> InvitationRead:
    state = decide_state(
        accepted_at=row.accepted_at, revoked_at=row.revoked_at, expires_at=row.expires_at, now=now
    )
    return InvitationRead.model_validate({**row.model_dump(), "state": state})


def explain_unusable(row: Invitation | None, now: datetime) -> tuple[str, str] | None:
    """Why an invitation cannot be accepted, in both languages; None where it can."""
    if row is None:
        return "没有这个邀请，请核对链接", "There is no such invitation; check the link."
    state = build_invitation_read(row, now).state
    if state is InvitationState.open:
        return None
    return f"{state.label}，请向办公室再要一个", f"It is {state}; ask the office for another."


async def load_invitation(
    session: AsyncSession, code: str, now: datetime
) -> tuple[Invitation, Account | None]:
    """Load an open invitation, and the account that it is of.

    Raises InvitationUnusable, AccountDisabled.
    """
    row = await find_invitation(session, hash_secret(code), now)
    account = await session.get(Account, row.account_id) if row.account_id else None
    if account is not None:
        refuse_unfit(row, account)
    return row, account


def refuse_unfit(row: Invitation, account: Account) -> None:
    """Raise for an account that is disabled, or is another than the one that was invited."""
    if account.disabled_at:
        raise AccountDisabled("请与办公室联系", "Ask the office.")
    if any(getattr(row, name) != getattr(account, name) for name in PLACE):
        raise InvitationUnusable(
            "账号的角色、辖区或单位已变，请向办公室再要一个",
            "The account's role, region or unit has changed; ask the office for another.",
        )


async def find_invitation(session: AsyncSession, code_hash: bytes, now: datetime) -> Invitation:
    """Find an open invitation. Raises InvitationUnusable."""
    query = select(Invitation).where(Invitation.code_hash == code_hash)
    row = (await session.exec(query)).one_or_none()
    if reason := explain_unusable(row, now):
        raise InvitationUnusable(*reason)
    assert row is not None
    return row

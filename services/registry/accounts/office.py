"""The office that changes accounts and invitations: whoever was sent away changes none of them."""

from typing import Annotated

from fastapi import Depends
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.account_tables import Account, Device
from services.registry.accounts.rules import NotSignedIn
from shared.database.sessions import Session
from shared.http.auth import require_roles
from shared.http.tokens import Caller, Role
from shared.problems import Forbidden, raises


@raises(NotSignedIn)
async def get_office(
    session: Session, who: Annotated[Caller, require_roles(Role.office)]
) -> Caller:
    """The caller, whose session holds if its token is of one."""
    await require_session(session, who)
    return who


async def require_session(session: AsyncSession, who: Caller) -> None:
    """Raise NotSignedIn where a token has outlived its session, or its account is another now."""
    if who.device_id is None:
        return
    query = (
        select(Device.id)
        .join(Account)
        .where(
            Device.id == who.device_id,
            col(Device.ended_at).is_(None),
            col(Account.disabled_at).is_(None),
            Account.role == who.role,
            Account.region_code == who.region,
        )
    )
    if (await session.exec(query)).one_or_none() is None:
        raise NotSignedIn("请重新登录", "Sign in again.")


async def refuse_own(session: AsyncSession, account_id: int | None, who: Caller) -> None:
    """Raise Forbidden for an account that is the caller's own: another enables or invites it."""
    query = select(Device.id).where(Device.id == who.device_id, Device.account_id == account_id)
    if who.device_id is not None and (await session.exec(query)).one_or_none() is not None:
        raise Forbidden("这是自己的账号，请由别人来办", "Your own account: somebody else has to.")


OfficeParam = Annotated[Caller, Depends(get_office)]

"""Who is calling, and what they may do: every route names the roles that it is for."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from joserfc.jwk import KeySet

from shared.clock import Now
from shared.keys import KeysAt
from shared.problems import Forbidden, Unauthorized, raises
from shared.tokens import Caller, Role, caller_of

Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


@raises(Unauthorized)
async def caller(request: Request, bearer: Bearer, now: Now) -> Caller:
    keys: KeySet = request.app.state.keys
    if bearer is None:
        raise Unauthorized("请求要带令牌", "Send a token as `Authorization: Bearer …`.")
    address = request.client.host if request.client else ""
    return replace(await known(bearer.credentials, keys, now=now), address=address)


async def known(token: str, keys: KeySet, *, now: datetime) -> Caller:
    """Whom a token speaks for; a key that is not known yet is asked for first."""
    try:
        return caller_of(token, keys, now=now)
    except Unauthorized:
        if isinstance(keys, KeysAt) and await keys.renew_for(token, now=now):
            return caller_of(token, keys, now=now)
        raise


Known = Annotated[Caller, Depends(caller)]


def for_roles(*roles: Role) -> Any:
    """Depends on a caller with one of these roles, and is that caller."""
    return Depends(allowed(frozenset(roles)))


def allowed(roles: frozenset[Role]) -> Callable[[Caller], Awaitable[Caller]]:
    @raises(Forbidden)
    async def check(who: Known) -> Caller:
        if who.role not in roles:
            raise Forbidden(f"{who.role} 没有这个权限", f"The role {who.role} may not do this.")
        return who

    return check

"""Who is calling, and what they may do: every route names the roles that it is for."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from joserfc.jwk import KeySet

from shared.clock import Now
from shared.problems import Forbidden, Unauthorized
from shared.tokens import Caller, Role, caller_of

Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


def caller(request: Request, bearer: Bearer, now: Now) -> Caller:
    keys: KeySet = request.app.state.keys
    if bearer is None:
        raise Unauthorized("请求要带令牌", "Send a token as `Authorization: Bearer …`.")
    return caller_of(bearer.credentials, keys, now=now)


def for_roles(*roles: Role) -> Callable[[Caller], Caller]:
    """The caller, when it has one of these roles."""

    def allowed(who: Annotated[Caller, Depends(caller)]) -> Caller:
        if who.role not in roles:
            raise Forbidden(f"{who.role} 没有这个权限", f"The role {who.role} may not do this.")
        return who

    return allowed

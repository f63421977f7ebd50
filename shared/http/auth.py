"""Authentication and roles: every route names the roles that it is for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from joserfc.jwk import KeySet

from shared import clock
from shared.http.jwks import RenewableKeySet
from shared.http.tokens import ANY_OF_OURS, Caller, ExpectedNames, Role, verify_token
from shared.problems import Forbidden, Unauthorized


class Requirement:
    """Dependency that a route asks first: before it judges an address or reads a body."""

    async def __call__(self, request: Request) -> Any:
        raise NotImplementedError


class RoleRequirement(Requirement, SecurityBase):
    """Dependency on a caller with one of these roles; its value is the caller.

    One dependency for all of it: each costs a route as much as a statement of SQL.
    """

    model = HTTPBearer()
    scheme_name = "HTTPBearer"
    raises = (Unauthorized, Forbidden)  # as `@raises` says it of functions

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, request: Request) -> Caller:
        """The caller, whose token is verified once a request: by its route, before all else."""
        caller: Caller | None = getattr(request.state, "caller", None)
        if caller is None:
            caller = request.state.caller = await verify_caller(request)
        if caller.role not in self.roles:
            raise Forbidden(
                f"{caller.role} 没有这个权限", f"The role {caller.role} may not do this."
            )
        return caller


async def verify_caller(request: Request) -> Caller:
    """The caller of a request. Raises Unauthorized."""
    scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
    if scheme.lower() != "bearer":
        raise Unauthorized("请求要带令牌", "Send a token as `Authorization: Bearer …`.")
    state = request.app.state
    caller = await resolve_caller(token, state.keys, state.token_names, now=clock.now())
    return replace(caller, address=request.client.host if request.client else "")


def find_requirements(dependant: Dependant) -> Iterator[Requirement]:
    """What a route and its dependencies require of their caller."""
    if isinstance(dependant.call, Requirement):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from find_requirements(inner)


def require_roles(*roles: Role) -> Any:
    return Depends(RoleRequirement(*roles))


async def resolve_caller(
    token: str, keys: KeySet, names: ExpectedNames = ANY_OF_OURS, *, now: datetime
) -> Caller:
    """The caller of a token; an unknown key is looked up first. Raises Unauthorized."""
    try:
        return verify_token(token, keys, names, now=now)
    except Unauthorized:
        if isinstance(keys, RenewableKeySet) and await keys.renew_for(token, now=now):
            return verify_token(token, keys, names, now=now)
        raise


any_role = RoleRequirement(*Role)
AuthenticatedCaller = Annotated[Caller, Depends(any_role)]

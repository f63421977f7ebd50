"""Sessions that are there: who is signed in, a token for it, its end."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.account_words import SignInMethodKind
from services.registry.accounts import service as accounts
from services.registry.accounts.schemas import DeviceRead
from services.registry.origins import read_origin
from services.registry.sessions import devices
from services.registry.sessions.browsers import PATH, Browser, SignedIn
from services.registry.sessions.rules import TOKEN_LASTS
from services.registry.sessions.schemas import (
    SessionRead,
    SessionTokenRead,
    SignInMethodRead,
    SignInMethodsRead,
)
from services.registry.sessions.session_reads import build_account_read, build_session_read
from shared.http.tokens import ExpectedNames, Issuer

NOBODY = SessionRead(account=None, device=None)


async def read_session(
    session: AsyncSession, signed_in: SignedIn | None, browser: Browser, now: datetime
) -> SessionRead:
    if signed_in is None:
        return NOBODY
    return await build_session_read(
        session, signed_in.account, signed_in.device, browser.liveness(now)
    )


async def issue_token(
    session: AsyncSession,
    signed_in: SignedIn,
    issuer: Issuer,
    names: ExpectedNames,
    at: accounts.Liveness,
) -> SessionTokenRead:
    """A token of the account's claims, as services take it."""
    caller = accounts.build_account_caller(signed_in.account, "")
    caller = replace(caller, device_id=signed_in.device.id)
    token = issuer.issue(caller, now=at.now, lasts=TOKEN_LASTS, names=names)
    whose = await build_account_read(session, signed_in.account, at)
    return SessionTokenRead(**whose.model_dump(), token=token, expires_at=at.now + TOKEN_LASTS)


async def end_session(
    session: AsyncSession, browser: Browser, signed_in: SignedIn, now: datetime
) -> None:
    account, device = signed_in.account, signed_in.device
    await devices.end_session(session, account, device, address=browser.address, now=now)


async def revoke_device(
    session: AsyncSession, device_id: int, browser: Browser, signed_in: SignedIn, now: datetime
) -> DeviceRead:
    account = signed_in.account
    who = accounts.build_account_caller(account, browser.address)
    return await accounts.revoke_device(
        session, account, device_id, who=who, at=browser.liveness(now), current=signed_in.device.id
    )


async def get_token_names(request: Request) -> ExpectedNames:
    names: ExpectedNames = request.app.state.token_names
    return names


async def get_sign_in_methods(request: Request) -> SignInMethodsRead:
    """The methods of signing in at the address of a request."""
    state, origin = request.app.state, read_origin(request)
    methods: list[SignInMethodRead] = []
    if state.issuer is not None:
        kinds = [SignInMethodKind.passkey] if origin.may_have_passkeys else []
        for kind in (*kinds, SignInMethodKind.password):
            methods.append(SignInMethodRead(method=kind, name=kind.label, address=None))
        if state.oidc is not None:
            address = f"{origin.base}{PATH}/oidc"
            name = state.oidc.settings.name
            methods.append(
                SignInMethodRead(method=SignInMethodKind.oidc, name=name, address=address)
            )
    return SignInMethodsRead(items=methods)


TokenNamesParam = Annotated[ExpectedNames, Depends(get_token_names)]
SignInMethodsParam = Annotated[SignInMethodsRead, Depends(get_sign_in_methods)]

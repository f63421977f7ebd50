"""A revocation in the midst of something lasting: one of the two waits, nothing of it lives on."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.registry.account_tables import Account, Device
from services.registry.accounts import service as accounts
from services.registry.sessions import devices, passkeys, passwords, sign_in
from services.registry.settings import SessionSettings
from shared import clock
from shared.http.tokens import Issuer
from tests.registry.clients import speaking
from tests.registry.sessions.authenticator import Authenticator
from tests.registry.sessions.browsers import (
    ORIGIN,
    PASSWORD,
    SESSION,
    accept,
    code_of,
    invite,
    open_browser,
)
from tests.registry.sessions.browsers import sign_in as sign_in_by_password
from tests.registry.sessions.test_passkeys import options_of

NEW_PASSWORD = "换过的密码2023"
Work = Callable[..., Awaitable[Any]]


def followed_by(work: Work, then: Callable[[], Awaitable[Any]]) -> Work:
    async def both(*given: Any, **named: Any) -> Any:
        done = await work(*given, **named)
        await then()
        return done

    return both


@pytest.fixture
async def begun(registry: FastAPI, office: httpx.AsyncClient) -> dict[str, Any]:
    browser = open_browser(registry)
    found = await accept(browser, (await invite(office))["code"])
    path = f"/v1/accounts/{found['account']['id']}"

    async def revoke() -> None:
        answer = await office.post(f"{path}/devices/{found['device']['id']}/revoke")
        assert answer.json()["end_reason"] == "revoked"

    return {**found, "browser": browser, "path": path, "revoke": revoke}


async def test_a_device_that_is_revoked_meanwhile_changes_no_password(
    registry: FastAPI, begun: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashing = followed_by(passwords.hash_password, begun["revoke"])
    monkeypatch.setattr(passwords, "hash_password", hashing)
    change = {"password": PASSWORD, "new_password": NEW_PASSWORD}
    answer = await begun["browser"].post(f"{SESSION}/password-change", json=change)
    assert code_of(answer) == (401, "not-signed-in")
    assert "set-cookie" not in answer.headers
    other = open_browser(registry)
    assert code_of(await sign_in_by_password(other, password=NEW_PASSWORD)) == (
        403,
        "sign-in-refused",
    )
    assert (await sign_in_by_password(other)).status_code == 200


async def test_a_device_that_is_revoked_meanwhile_records_no_passkey(
    office: httpx.AsyncClient, begun: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    options = await options_of(begun["browser"], "passkey-registration")
    verifying = followed_by(passkeys.verify_registration, begun["revoke"])
    monkeypatch.setattr("services.registry.sessions.own_passkeys.verify_registration", verifying)
    form = {"credential": Authenticator().make(options, ORIGIN), "password": PASSWORD}
    answer = await begun["browser"].post(f"{SESSION}/passkeys", json=form)
    assert code_of(answer) == (401, "not-signed-in")
    assert (await office.get(begun["path"])).json()["passkeys"] == 0


async def test_a_password_that_is_changed_meanwhile_signs_nobody_in(
    registry: FastAPI, begun: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def change() -> None:
        monkeypatch.undo()
        form = {"password": PASSWORD, "new_password": NEW_PASSWORD}
        answer = await begun["browser"].post(f"{SESSION}/password-change", json=form)
        assert answer.status_code == 200

    checking = followed_by(sign_in.check_password_of, change)
    monkeypatch.setattr(sign_in, "check_password_of", checking)
    answer = await sign_in_by_password(open_browser(registry))
    assert code_of(answer) == (403, "sign-in-refused")


async def test_a_revocation_waits_for_what_a_device_is_writing(
    committing: Callable[[], FastAPI], issuer: Issuer
) -> None:
    app = committing()
    office = speaking(app, issuer)("office")
    found = await accept(open_browser(app), (await invite(office))["code"])
    sessions, at = app.state.sessions, accounts.Liveness(clock.now(), SessionSettings().idle)
    async with sessions.begin() as writing:
        account = await writing.get_one(Account, found["account"]["id"])
        device = await writing.get_one(Device, found["device"]["id"])
        who = accounts.build_account_caller(account, "")
        await devices.require_held(writing, device)
        async with sessions() as revoking:
            await (await revoking.connection()).execute(text("SET LOCAL lock_timeout = 50"))
            with pytest.raises(DBAPIError, match="lock timeout"):
                await accounts.revoke_device(
                    revoking, account, found["device"]["id"], who=who, at=at
                )

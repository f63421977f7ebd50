"""Passkeys and invitations: where browsers have none, and what a further invitation leaves."""

import httpx
from fastapi import FastAPI

from tests.registry.sessions.authenticator import Authenticator
from tests.registry.sessions.browsers import (
    ORIGIN,
    PASSWORD,
    SESSION,
    accept,
    code_of,
    invite,
    is_signed_in,
    open_browser,
)
from tests.registry.sessions.test_passkeys import options_of, registered, send, use


async def test_there_are_none_where_no_browser_has_them(
    registry: FastAPI, office: httpx.AsyncClient
) -> None:
    for origin in ("http://127.0.0.1:8000", "http://10.0.0.5", "http://bairi.lan"):
        browser = open_browser(registry, origin=origin)
        answer = await browser.post(f"{SESSION}/passkey-options")
        assert code_of(answer) == (409, "passkeys-unavailable")
        code = (await invite(office))["code"]
        answer = await browser.post(f"{SESSION}/passkey-registration", json={"code": code})
        assert code_of(answer) == (409, "passkeys-unavailable")


async def test_a_further_invitation_leaves_no_other_way_in(
    registry: FastAPI, office: httpx.AsyncClient
) -> None:
    signed_in, owner = open_browser(registry), Authenticator()
    await registered(signed_in, (await invite(office))["code"], owner)
    account = (await signed_in.get(SESSION)).json()["account"]["id"]
    answer = await office.post("/v1/invitations", json={"account_id": account})
    phone, other = open_browser(registry), Authenticator()
    code = answer.json()["code"]
    options = await options_of(phone, "passkey-registration", code=code)
    assert options["excludeCredentials"] == []
    begun = await accept(phone, code, credential=other.make(options, ORIGIN))
    assert (begun["account"]["passkeys"], begun["account"]["has_password"]) == (1, False)
    assert not await is_signed_in(signed_in)
    (device, before) = (await phone.get(f"{SESSION}/devices")).json()
    assert (device["end_reason"], before["end_reason"]) == (None, "invited_again")
    assert code_of(await send(signed_in, await use(signed_in, owner))) == (403, "passkey-refused")
    assert (await send(phone, await use(phone, other))).status_code == 200
    assert PASSWORD not in str(begun)

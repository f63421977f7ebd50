"""One way in more: only for who proves anew who it is; a cookie is no proof."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, update

from services.registry.account_tables import Account
from tests.registry.sessions.authenticator import Authenticator
from tests.registry.sessions.browsers import (
    ORIGIN,
    PASSWORD,
    SESSION,
    accept,
    code_of,
    invite,
    is_signed_in,
    later,
    open_browser,
    sign_in,
)
from tests.registry.sessions.test_passkeys import options_of, registered, send, use

NEW_PASSWORD = "换过的密码2023"
PASSKEYS, CHANGE = f"{SESSION}/passkeys", f"{SESSION}/password-change"


async def new_passkey(browser: httpx.AsyncClient, **proof: Any) -> httpx.Response:
    options = await options_of(browser, "passkey-registration")
    form = {"credential": Authenticator().make(options, ORIGIN), **proof}
    return await browser.post(PASSKEYS, json=form)


async def new_password(browser: httpx.AsyncClient, **proof: Any) -> httpx.Response:
    return await browser.post(CHANGE, json={"new_password": NEW_PASSWORD, **proof})


async def test_who_has_a_password_adds_a_passkey_by_it(
    registry: FastAPI, office: httpx.AsyncClient
) -> None:
    browser = open_browser(registry)
    await accept(browser, (await invite(office))["code"])
    for proof in ({}, {"password": "不是这个密码"}):
        assert code_of(await new_passkey(browser, **proof)) == (403, "sign-in-refused")
    assert (await new_passkey(browser, password=PASSWORD)).status_code == 201


async def test_who_has_passkeys_only_adds_a_way_in_by_one_of_them(
    registry: FastAPI, office: httpx.AsyncClient
) -> None:
    browser, owner = open_browser(registry), Authenticator()
    await registered(browser, (await invite(office))["code"], owner)
    other, another = open_browser(registry), Authenticator()
    await registered(other, (await invite(office, name="李强"))["code"], another)
    for proof in ({}, {"proof": await use(other, another)}, {"password": PASSWORD}):
        assert code_of(await new_passkey(browser, **proof)) == (403, "passkey-refused")
    for proof in ({}, {"proof": await use(other, another)}):
        assert code_of(await new_password(browser, **proof)) == (403, "passkey-refused")
    assert (await new_passkey(browser, proof=await use(browser, owner))).status_code == 201
    changed = await new_password(browser, proof=await use(browser, owner))
    assert changed.status_code == 200, changed.text
    assert (await sign_in(open_browser(registry), password=NEW_PASSWORD)).status_code == 200


async def test_who_has_neither_has_to_have_signed_in_just_now(
    registry: FastAPI, office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = open_browser(registry)
    account = (await accept(browser, (await invite(office))["code"]))["account"]["id"]
    async with registry.state.sessions.begin() as session:  # as one of a single sign-on
        change = update(Account).where(col(Account.id) == account)
        await session.exec(change.values(password=None))
    with later(monkeypatch, timedelta(minutes=10, seconds=5)):
        for add in (new_passkey, new_password):
            assert code_of(await add(browser)) == (403, "sign-in-not-fresh")
    with later(monkeypatch, timedelta(minutes=9, seconds=50)):
        assert (await new_passkey(browser)).status_code == 201


async def test_a_changed_password_removes_the_passkeys_of_other_devices_and_keeps_the_own_ones(
    registry: FastAPI, office: httpx.AsyncClient
) -> None:
    browser, elsewhere = open_browser(registry), open_browser(registry)
    await accept(browser, (await invite(office))["code"])
    await sign_in(elsewhere)
    for each in (browser, elsewhere):
        assert (await new_passkey(each, password=PASSWORD)).status_code == 201
    own, _ = [each["id"] for each in (await browser.get(PASSKEYS)).json()]
    for password, new in ((PASSWORD, NEW_PASSWORD), (NEW_PASSWORD, "又换的密码2024")):
        form = {"password": password, "new_password": new}
        changed = (await browser.post(CHANGE, json=form)).json()
        assert changed["account"]["passkeys"] == 1
    assert [each["id"] for each in (await browser.get(PASSKEYS)).json()] == [own]
    assert not await is_signed_in(elsewhere)


async def test_a_proof_is_good_once(registry: FastAPI, office: httpx.AsyncClient) -> None:
    browser, owner = open_browser(registry), Authenticator()
    await registered(browser, (await invite(office))["code"], owner)
    proof = await use(browser, owner)
    assert (await new_passkey(browser, proof=proof)).status_code == 201
    assert code_of(await new_passkey(browser, proof=proof)) == (403, "passkey-refused")
    assert code_of(await send(browser, proof)) == (403, "passkey-refused")

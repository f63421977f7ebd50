"""Passkeys: made once for one account at one host, used with a fresh challenge each time."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.registry.sessions.challenges import OPEN_OF_ONE
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
)


async def options_of(browser: httpx.AsyncClient, path: str, **form: Any) -> Any:
    answer = await browser.post(f"{SESSION}/{path}", json=form)
    assert answer.status_code == 200, answer.text
    return answer.json()["options"]


async def registered(
    browser: httpx.AsyncClient, code: str, owner: Authenticator, **form: Any
) -> dict[str, Any]:
    """The session of an invitation that is accepted by a passkey."""
    options = await options_of(browser, "passkey-registration", code=code)
    return await accept(browser, code, credential=owner.make(options, ORIGIN), **form)


async def use(browser: httpx.AsyncClient, owner: Authenticator, origin: str = ORIGIN) -> str:
    return owner.use(await options_of(browser, "passkey-options"), origin)


async def send(browser: httpx.AsyncClient, credential: str) -> httpx.Response:
    form = {"credential": credential, "device": "手机"}
    return await browser.post(f"{SESSION}/passkey", json=form)


@pytest.fixture
def owner() -> Authenticator:
    return Authenticator()


@pytest.fixture
async def signed_in(
    registry: FastAPI, office: httpx.AsyncClient, owner: Authenticator
) -> httpx.AsyncClient:
    browser = open_browser(registry)
    await registered(browser, (await invite(office))["code"], owner)
    return browser


async def test_an_invitation_is_accepted_by_a_passkey_that_signs_in_from_then_on(
    registry: FastAPI, office: httpx.AsyncClient, owner: Authenticator
) -> None:
    browser, code = open_browser(registry), (await invite(office))["code"]
    options = await options_of(browser, "passkey-registration", code=code, sign_in_name="wangfang")
    assert options["rp"] == {"id": "bairi.example", "name": "百日"}
    assert (options["user"]["name"], options["user"]["displayName"]) == ("wangfang", "王芳")
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    begun = await accept(
        browser, code, credential=owner.make(options, ORIGIN), sign_in_name="wangfang"
    )
    assert (begun["account"]["has_password"], begun["account"]["passkeys"]) == (False, 1)
    phone = open_browser(registry)
    asked = await options_of(phone, "passkey-options")
    assert (asked["rpId"], asked.get("allowCredentials", [])) == ("bairi.example", [])
    answer = await send(phone, owner.use(asked, ORIGIN))
    assert answer.json()["account"]["sign_in_name"] == "wangfang"
    assert answer.json()["device"]["method"] == "passkey"
    assert await is_signed_in(phone)


async def test_a_challenge_is_answered_once(
    registry: FastAPI, signed_in: httpx.AsyncClient, owner: Authenticator
) -> None:
    credential = await use(signed_in, owner)
    assert (await send(open_browser(registry), credential)).status_code == 200
    answer = await send(open_browser(registry), credential)
    assert code_of(answer) == (403, "passkey-refused")


async def test_a_challenge_is_answered_within_five_minutes(
    registry: FastAPI,
    signed_in: httpx.AsyncClient,
    owner: Authenticator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    early, late = await use(signed_in, owner), await use(signed_in, owner)
    with later(monkeypatch, timedelta(minutes=4, seconds=50)):
        assert (await send(open_browser(registry), early)).status_code == 200
    with later(monkeypatch, timedelta(minutes=5, seconds=1)):
        answer = await send(open_browser(registry), late)
        assert code_of(answer) == (403, "passkey-refused")
        assert "五分钟" in answer.json()["detail"]


async def test_who_begins_a_hundred_sign_ins_takes_away_none_of_a_neighbour(
    registry: FastAPI,
    office: httpx.AsyncClient,
    signed_in: httpx.AsyncClient,
    owner: Authenticator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, neighbour = f"{SESSION}/passkey-options", open_browser(registry)
    credential = await use(signed_in, owner)
    for _ in range(OPEN_OF_ONE - 1):
        await options_of(neighbour, "passkey-options")
    refused = await neighbour.post(path)
    assert code_of(refused) == (429, "too-many-sign-ins")
    seconds = int(refused.headers["retry-after"])
    assert 0 < seconds == refused.json()["retry_after"] <= 301
    assert (await open_browser(registry, address="192.0.2.44").post(path)).status_code == 200
    code = (await invite(office, name="李强"))["code"]
    await options_of(neighbour, "passkey-registration", code=code)  # is counted by itself
    assert (await send(signed_in, credential)).status_code == 200
    assert (await neighbour.post(path)).status_code == 200  # there is room for one again
    with later(monkeypatch, timedelta(seconds=seconds + 1)):
        assert (await neighbour.post(path)).status_code == 200


async def test_a_challenge_that_failed_is_used_up_as_well(
    registry: FastAPI, signed_in: httpx.AsyncClient, owner: Authenticator
) -> None:
    options = await options_of(signed_in, "passkey-options")
    wrong = owner.use(options, "https://evil.example")
    assert code_of(await send(signed_in, wrong)) == (403, "passkey-refused")
    answer = await send(signed_in, owner.use(options, ORIGIN))
    assert code_of(answer) == (403, "passkey-refused")
    assert (await send(signed_in, await use(signed_in, owner))).status_code == 200


async def test_what_is_made_up_is_refused_and_no_failure_of_ours(
    registry: FastAPI, signed_in: httpx.AsyncClient, owner: Authenticator
) -> None:
    right = json.loads(await use(signed_in, owner))
    for wrong in (
        "[]",
        "{}",
        "null",
        "nonsense",
        "[" * 9000,
        json.dumps({**right, "rawId": None}),
        json.dumps({**right, "response": {}}),
        json.dumps({**right, "response": {**right["response"], "clientDataJSON": "e30"}}),
        json.dumps({**right, "response": {**right["response"], "clientDataJSON": 7}}),
    ):
        answer = await send(open_browser(registry), wrong)
        assert code_of(answer) == (403, "passkey-refused"), wrong[:60]
    for part in ("signature", "authenticatorData"):
        fresh = json.loads(await use(signed_in, owner))
        fresh["response"][part] = fresh["response"][part][:-4] + "AAAA"
        answer = await send(open_browser(registry), json.dumps(fresh))
        assert code_of(answer) == (403, "passkey-refused"), part
    unknown = json.loads(await use(signed_in, owner))
    unknown |= {"id": "AAAA", "rawId": "AAAA"}
    answer = await send(open_browser(registry), json.dumps(unknown))
    assert code_of(answer) == (403, "passkey-refused")


async def test_its_owner_has_to_be_verified_by_it(
    registry: FastAPI, office: httpx.AsyncClient, signed_in: httpx.AsyncClient, owner: Authenticator
) -> None:
    owner.is_verified = False
    assert code_of(await send(signed_in, await use(signed_in, owner))) == (403, "passkey-refused")
    code = (await invite(office, name="李强"))["code"]
    options = await options_of(open_browser(registry), "passkey-registration", code=code)
    form = {"code": code, "credential": owner.make(options, ORIGIN)}
    answer = await open_browser(registry).post(f"{SESSION}/accept", json=form)
    assert code_of(answer) == (403, "passkey-refused")


async def test_a_copy_that_counts_behind_is_refused(
    registry: FastAPI, signed_in: httpx.AsyncClient, owner: Authenticator
) -> None:
    for _ in range(2):
        assert (await send(signed_in, await use(signed_in, owner))).status_code == 200
    owner.passkeys[0].count = 0
    assert code_of(await send(signed_in, await use(signed_in, owner))) == (403, "passkey-refused")


async def test_what_was_made_for_one_invitation_accepts_no_other(
    registry: FastAPI, office: httpx.AsyncClient, owner: Authenticator
) -> None:
    browser = open_browser(registry)
    one, other = (await invite(office))["code"], (await invite(office, name="李强"))["code"]
    credential = owner.make(await options_of(browser, "passkey-registration", code=one), ORIGIN)
    form = {"code": other, "credential": credential}
    answer = await browser.post(f"{SESSION}/accept", json=form)
    assert code_of(answer) == (403, "passkey-refused")
    sign_in_options = await options_of(browser, "passkey-options")
    made = {"rp": {"id": "bairi.example"}, "user": {"id": "AAAA"}, **sign_in_options}
    form = {"code": one, "credential": owner.make(made, ORIGIN)}
    answer = await browser.post(f"{SESSION}/accept", json=form)
    assert code_of(answer) == (403, "passkey-refused")


async def test_who_is_signed_in_adds_passkeys_and_removes_them(
    registry: FastAPI, office: httpx.AsyncClient, owner: Authenticator
) -> None:
    browser = open_browser(registry)
    await accept(browser, (await invite(office))["code"], device="办公室电脑")
    options = await options_of(browser, "passkey-registration")
    assert options["user"]["name"] == "王芳"
    path = f"{SESSION}/passkeys"
    made = owner.make(options, ORIGIN)
    added = await browser.post(path, json={"credential": made, "password": PASSWORD})
    assert added.status_code == 201, added.text
    assert added.json()["device"] == "办公室电脑"
    again = await options_of(browser, "passkey-registration")
    assert len(again["excludeCredentials"]) == 1
    form = {"credential": owner.make(options, ORIGIN), "password": PASSWORD}
    answer = await browser.post(path, json=form)
    assert code_of(answer) == (403, "passkey-refused")  # its challenge was used
    phone = open_browser(registry)
    assert (await send(phone, await use(phone, owner))).status_code == 200
    (listed,) = (await browser.get(path)).json()
    assert (listed["device"], listed["removed_at"]) == ("手机", None)
    removed = await browser.post(f"{path}/{listed['id']}/remove")
    assert removed.json()["removed_at"]
    assert (await browser.get(path)).json() == []
    assert await is_signed_in(phone)
    assert code_of(await send(phone, await use(phone, owner))) == (403, "passkey-refused")


async def test_nobody_adds_or_removes_one_for_another(
    registry: FastAPI, office: httpx.AsyncClient, signed_in: httpx.AsyncClient
) -> None:
    other, stranger = open_browser(registry), open_browser(registry)
    await accept(other, (await invite(office, name="李强"))["code"])
    (mine,) = (await signed_in.get(f"{SESSION}/passkeys")).json()
    path = f"{SESSION}/passkeys/{mine['id']}/remove"
    assert (await other.post(path)).status_code == 404
    assert (await stranger.post(path)).status_code == 401
    answer = await stranger.post(f"{SESSION}/passkey-registration", json={})
    assert code_of(answer) == (403, "forbidden")


async def test_a_passkey_of_a_revoked_device_signs_in_no_more(
    registry: FastAPI, office: httpx.AsyncClient, signed_in: httpx.AsyncClient, owner: Authenticator
) -> None:
    phone = open_browser(registry)
    begun = (await send(phone, await use(phone, owner))).json()
    account, device = begun["account"]["id"], begun["device"]["id"]
    path = f"/v1/accounts/{account}/devices/{device}/revoke"
    assert (await office.post(path)).status_code == 200
    assert not await is_signed_in(phone)
    assert await is_signed_in(signed_in)
    assert code_of(await send(phone, await use(phone, owner))) == (403, "passkey-refused")
    assert (await office.get(f"/v1/accounts/{account}")).json()["passkeys"] == 0


async def test_a_disabled_account_does_not_sign_in_by_its_passkey(
    office: httpx.AsyncClient, signed_in: httpx.AsyncClient, owner: Authenticator
) -> None:
    account = (await signed_in.get(SESSION)).json()["account"]["id"]
    await office.post(f"/v1/accounts/{account}/disable")
    assert code_of(await send(signed_in, await use(signed_in, owner))) == (403, "account-disabled")


async def test_a_passkey_of_another_host_is_none_here(
    registry: FastAPI, signed_in: httpx.AsyncClient, owner: Authenticator
) -> None:
    other = "https://other.example"
    elsewhere = open_browser(registry, origin=other)
    for page in (other, ORIGIN):
        options = await options_of(elsewhere, "passkey-options")
        assert options["rpId"] == "other.example"
        credential = owner.use({**options, "rpId": "bairi.example"}, page)
        assert code_of(await send(elsewhere, credential)) == (403, "passkey-refused")

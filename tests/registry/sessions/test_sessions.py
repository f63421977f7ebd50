"""Sessions: what ends them, what a cookie is like, and from which page a request may come."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from http.cookies import SimpleCookie

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.registry.main import build_app
from services.registry.origins import parse_public_url
from services.registry.settings import SessionSettings
from shared.database.sessions import Sessions
from shared.http.tokens import Issuer
from tests.registry.clients import speaking
from tests.registry.sessions.browsers import (
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

NOBODY = {"account": None, "device": None}


@pytest.fixture
async def signed_in(registry: FastAPI, office: httpx.AsyncClient) -> httpx.AsyncClient:
    browser = open_browser(registry)
    await accept(browser, (await invite(office))["code"])
    return browser


async def account_id(browser: httpx.AsyncClient) -> int:
    found: int = (await browser.get(SESSION)).json()["account"]["id"]
    return found


async def test_nobody_is_signed_in_without_a_cookie_or_with_a_made_up_one(
    registry: FastAPI,
) -> None:
    browser = open_browser(registry)
    for cookie in ("", "made-up", "A" * 43):
        browser.cookies.set("bairi_session", cookie)
        assert (await browser.get(SESSION)).json() == NOBODY
        answer = await browser.post(f"{SESSION}/token")
        assert code_of(answer) == (401, "not-signed-in")


# --- how it ends ---------------------------------------------------------------------------------


async def test_who_signs_out_is_signed_out_and_the_cookie_gone(
    registry: FastAPI, signed_in: httpx.AsyncClient
) -> None:
    cookie = dict(signed_in.cookies)
    answer = await signed_in.post(f"{SESSION}/end")
    assert answer.json() == NOBODY
    assert dict(signed_in.cookies) == {}
    kept = open_browser(registry)  # that kept the cookie all the same
    kept.cookies.update(cookie)
    assert not await is_signed_in(kept)


async def test_a_session_ends_after_fourteen_days_without_use(
    registry: FastAPI, signed_in: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with later(monkeypatch, timedelta(days=13, hours=23)):
        assert await is_signed_in(signed_in)
    with later(monkeypatch, timedelta(days=27, hours=22)):  # counted from the last use
        assert await is_signed_in(signed_in)
    with later(monkeypatch, timedelta(days=41, hours=23)):
        answer = await signed_in.post(f"{SESSION}/token")
        assert code_of(answer) == (401, "not-signed-in")
        assert "14 天" in answer.json()["detail"]
        other = open_browser(registry)
        await sign_in(other)
        devices = (await other.get(f"{SESSION}/devices")).json()
        assert [each["is_signed_in"] for each in devices] == [True, False]


async def test_a_session_ends_after_ninety_days_however_much_it_is_used(
    signed_in: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in range(10, 90, 10):
        with later(monkeypatch, timedelta(days=days)):
            assert await is_signed_in(signed_in)
    with later(monkeypatch, timedelta(days=89, hours=23)):
        assert await is_signed_in(signed_in)
    monkeypatch.setattr(signed_in.cookies.jar, "_cookies_for_request", lambda _: [])
    cookies = {"cookie": f"bairi_session={signed_in.cookies['bairi_session']}"}
    with later(monkeypatch, timedelta(days=90, seconds=1)):
        answer = await signed_in.post(f"{SESSION}/token", headers=cookies)
        assert code_of(answer) == (401, "not-signed-in")
        assert "到期" in answer.json()["detail"]


async def test_a_disabled_account_is_signed_out_and_signs_in_no_more_until_it_is_enabled(
    registry: FastAPI, office: httpx.AsyncClient, signed_in: httpx.AsyncClient
) -> None:
    path = f"/v1/accounts/{await account_id(signed_in)}"
    disabled = (await office.post(f"{path}/disable")).json()
    assert disabled["disabled_by"] == "the office"
    assert disabled["devices"] == 0
    answer = await signed_in.post(f"{SESSION}/token")
    assert code_of(answer) == (401, "not-signed-in")
    browser = open_browser(registry)
    assert code_of(await sign_in(browser)) == (403, "account-disabled")
    assert code_of(await sign_in(browser, password="wrong")) == (403, "sign-in-refused")
    invited = await office.post("/v1/invitations", json={"account_id": disabled["id"]})
    assert code_of(invited) == (403, "account-disabled")
    assert (await office.post(f"{path}/enable")).json()["disabled_at"] is None
    assert not await is_signed_in(signed_in)
    assert (await sign_in(browser)).status_code == 200


async def test_a_device_is_revoked_by_its_owner_or_by_the_office(
    registry: FastAPI, office: httpx.AsyncClient, signed_in: httpx.AsyncClient
) -> None:
    phone, tablet = open_browser(registry), open_browser(registry)
    for browser in (phone, tablet):
        assert (await sign_in(browser)).status_code == 200
    mine = (await signed_in.get(f"{SESSION}/devices")).json()
    assert [each["is_current"] for each in mine] == [False, False, True]
    revoked = await signed_in.post(f"{SESSION}/devices/{mine[1]['id']}/revoke")
    assert (revoked.json()["is_signed_in"], revoked.json()["end_reason"]) == (False, "revoked")
    path = f"/v1/accounts/{await account_id(signed_in)}/devices"
    seen = (await office.get(path)).json()
    assert [each["is_signed_in"] for each in seen] == [True, False, True]
    assert (await office.post(f"{path}/{seen[0]['id']}/revoke")).status_code == 200
    signed = [await is_signed_in(each) for each in (signed_in, phone, tablet)]
    assert signed == [True, False, False]
    assert (await office.post(f"{path}/999999/revoke")).status_code == 404


async def test_no_device_of_another_is_revoked(
    registry: FastAPI, office: httpx.AsyncClient, signed_in: httpx.AsyncClient
) -> None:
    other = open_browser(registry)
    begun = await accept(other, (await invite(office, name="李强"))["code"])
    path = f"{SESSION}/devices/{begun['device']['id']}/revoke"
    assert (await signed_in.post(path)).status_code == 404
    assert await is_signed_in(other)


async def test_once_a_revocation_is_answered_no_exchange_succeeds(
    committing: Callable[[], FastAPI], issuer: Issuer
) -> None:
    app = committing()
    office = speaking(app, issuer)("office")
    browser = open_browser(app)
    begun = await accept(browser, (await invite(office))["code"])
    path = f"/v1/accounts/{begun['account']['id']}/devices/{begun['device']['id']}/revoke"
    revoked = asyncio.Event()

    async def exchange() -> list[tuple[bool, int]]:
        """Whether the revocation was answered when an exchange began, and what became of it."""
        found = []
        for _ in range(30):
            was_revoked = revoked.is_set()
            found.append((was_revoked, (await browser.post(f"{SESSION}/token")).status_code))
        return found

    async def revoke() -> None:
        assert (await office.post(path)).status_code == 200
        revoked.set()

    *exchanged, _ = await asyncio.gather(exchange(), exchange(), exchange(), revoke())
    statuses = [status for found in exchanged for was, status in found if was]
    assert statuses
    assert {*statuses} == {401}
    assert {status for found in exchanged for _, status in found} <= {200, 401}


# --- the cookie ----------------------------------------------------------------------------------


async def test_a_sign_in_makes_a_new_session_whatever_the_browser_brings(
    registry: FastAPI, signed_in: httpx.AsyncClient
) -> None:
    before = signed_in.cookies["bairi_session"]
    assert (await sign_in(signed_in)).status_code == 200
    assert signed_in.cookies["bairi_session"] != before
    old = open_browser(registry)
    old.cookies.set("bairi_session", before, domain="bairi.example", path=SESSION)
    answer = await old.post(f"{SESSION}/token")
    assert code_of(answer) == (401, "not-signed-in")
    planted = open_browser(registry)
    planted.cookies.set("bairi_session", "planted" * 6, domain="bairi.example", path=SESSION)
    begun = await sign_in(planted)
    assert "planted" not in begun.headers["set-cookie"]
    assert (await signed_in.get(f"{SESSION}/devices")).json()[-1]["end_reason"] == "replaced"


@pytest.mark.parametrize(
    ("origin", "is_secure"),
    [("https://bairi.example", True), ("http://10.0.0.5:8000", False), ("http://localhost", False)],
)
async def test_the_cookie_is_for_this_path_of_this_site_only_and_no_page_reads_it(
    registry: FastAPI, office: httpx.AsyncClient, origin: str, is_secure: bool
) -> None:
    browser = open_browser(registry, origin=origin)
    form = {"code": (await invite(office))["code"], "password": PASSWORD}
    answer = await browser.post(f"{SESSION}/accept", json=form)
    (cookie,) = SimpleCookie(answer.headers["set-cookie"]).values()
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == (SESSION, "strict", True)
    assert bool(cookie["secure"]) is is_secure
    assert cookie["domain"] == ""
    assert int(cookie["max-age"]) == pytest.approx(90 * 24 * 3600, abs=5)
    assert answer.headers["cache-control"] == "no-store"
    assert await is_signed_in(browser)


# --- from which page -----------------------------------------------------------------------------

WRITES = [
    *("invitation", "accept", "password", "password-change", "token", "end", "devices/1/revoke"),
    *(
        "passkey-registration",
        "passkey-options",
        "passkey",
        "passkeys",
        "passkeys/1/remove",
        "oidc",
    ),
]


def test_these_are_all_writes_of_a_session(registry: FastAPI) -> None:
    paths = registry.openapi()["paths"]
    found = {
        path for path, methods in paths.items() if path.startswith(SESSION) and "post" in methods
    }
    assert {path.replace("{device_id}", "1").replace("{passkey_id}", "1") for path in found} == {
        f"{SESSION}/{each}" for each in WRITES
    }


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize(
    "sent_from",
    [None, "null", "https://evil.example", "http://bairi.example", "https://bairi.example:444"],
)
async def test_no_write_comes_from_another_page_or_from_none(
    registry: FastAPI, signed_in: httpx.AsyncClient, path: str, sent_from: str | None
) -> None:
    foreign = open_browser(registry, sent_from=sent_from)
    foreign.cookies = signed_in.cookies
    answer = await foreign.post(f"{SESSION}/{path}", content=b"{")  # not even read
    assert code_of(answer) == (403, "foreign-origin")
    assert "https://bairi.example" in answer.json()["detail"]
    assert await is_signed_in(signed_in)


async def test_behind_a_gateway_the_public_address_says_origin_and_path(
    sessions: Sessions, issuer: Issuer
) -> None:
    public = parse_public_url("https://example.gov.cn/registry/")
    keys, settings = KeySet([issuer.key]), SessionSettings(public)
    app = build_app(sessions, keys, issuer, session_settings=settings)
    invited = await invite(speaking(app, issuer)("office"))
    assert invited["link"] == f"https://example.gov.cn/#/invitation/{invited['code']}"
    behind = open_browser(app, origin="http://inside:9000", sent_from="https://example.gov.cn")
    form = {"code": invited["code"], "password": PASSWORD}
    answer = await behind.post(f"{SESSION}/accept", json=form)
    (cookie,) = SimpleCookie(answer.headers["set-cookie"]).values()
    assert (cookie["path"], bool(cookie["secure"])) == ("/registry/v1/session", True)
    inside = open_browser(app, origin="http://inside:9000")
    assert code_of(await inside.post(f"{SESSION}/token")) == (403, "foreign-origin")


async def test_without_a_key_nobody_signs_in_and_is_told_so(sessions: Sessions) -> None:
    app = build_app(sessions, KeySet([]))
    browser = open_browser(app)
    assert (await browser.get(f"{SESSION}/sign-in-methods")).json() == {"items": []}
    assert code_of(await sign_in(browser)) == (501, "sessions-off")


@pytest.mark.parametrize(
    ("origin", "methods"),
    [
        ("https://bairi.example", ["passkey", "password"]),
        ("http://localhost:8000", ["passkey", "password"]),
        ("http://127.0.0.1:8000", ["password"]),
        ("https://10.0.0.5", ["password"]),
        ("http://bairi.lan", ["password"]),
    ],
)
async def test_passkeys_are_offered_where_browsers_have_them(
    registry: FastAPI, origin: str, methods: list[str]
) -> None:
    answer = await open_browser(registry, origin=origin).get(f"{SESSION}/sign-in-methods")
    assert [each["method"] for each in answer.json()["items"]] == methods

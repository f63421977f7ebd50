"""Who comes back with a token for another, of another time, or by another way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet, OctKey

from services.registry.main import build_app
from shared.database.sessions import Sessions
from shared.http.tokens import Issuer
from tests.registry.sessions.browsers import (
    SESSION,
    code_of,
    later,
    open_browser,
)
from tests.registry.sessions.oidc.journeys import (
    HOME,
    OFFICE,
    account_of,
    come_back,
    go,
    problem,
    sign_in,
)
from tests.registry.sessions.oidc.provider import SingleSignOn, other_key, unsigned


def without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def having(**changed: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda claims: {**claims, **changed}


@pytest.mark.parametrize(
    "twist",
    [
        having(nonce="another"),
        without("nonce"),
        having(aud="another"),
        having(aud=["bairi", "another"]),
        having(aud=["bairi", "another"], azp="another"),
        having(azp="another"),
        having(iss="https://sso.example/realms/other"),
        having(exp=1),
        having(iat=99_999_999_999),
        having(sub=""),
        having(sub=7),
        without("exp"),
    ],
)
async def test_a_token_for_another_or_of_another_time_is_refused(
    registry: FastAPI, sso: SingleSignOn, twist: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    sso.person, sso.twist = OFFICE, twist
    browser = open_browser(registry)
    assert await sign_in(browser, sso) == problem("oidc-refused")
    assert await account_of(browser) is None


async def test_a_token_for_several_names_us_as_the_party(
    registry: FastAPI, sso: SingleSignOn
) -> None:
    sso.person, sso.twist = OFFICE, having(aud=["bairi", "another"], azp="bairi")
    assert await sign_in(open_browser(registry), sso) == HOME


async def test_a_token_that_its_key_has_not_signed_is_refused(
    registry: FastAPI, sso: SingleSignOn
) -> None:
    sso.person = OFFICE
    another, secret = other_key(), OctKey.import_key("of-the-client-and-long-enough-for-it")
    signs: list[Callable[[dict[str, Any]], str]] = [
        unsigned,
        lambda claims: sso.build_token(claims, another, "RS256"),
        lambda claims: sso.build_token(claims, secret, "HS256"),
        lambda claims: sso.build_token(claims)[:-4] + "AAAA",
        lambda _: "nonsense",
        lambda _: "",
    ]
    for sign in signs:
        sso.sign = sign
        assert await sign_in(open_browser(registry), sso) == problem("oidc-refused")
    sso.sign = None
    assert await sign_in(open_browser(registry), sso) == HOME


async def test_a_new_key_of_the_provider_is_looked_up(
    registry: FastAPI, sso: SingleSignOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    sso.person = OFFICE
    assert await sign_in(open_browser(registry), sso) == HOME
    sso.key = type(sso.key).generate_key("P-256", auto_kid=True)
    assert await sign_in(open_browser(registry), sso) == problem("oidc-refused")  # asked just now
    with later(monkeypatch, timedelta(minutes=2)):
        assert await sign_in(open_browser(registry), sso) == HOME


async def test_who_comes_back_twice_or_late_or_in_another_browser_is_refused(
    registry: FastAPI, sso: SingleSignOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    sso.person = OFFICE
    lost = problem("oidc-errand-lost")
    browser, thief = open_browser(registry), open_browser(registry)
    address = await go(browser)
    cookies = {"cookie": f"bairi_oidc={browser.cookies['bairi_oidc']}"}
    stolen = await come_back(thief, sso, address)  # a state that was sent to somebody else
    assert stolen.headers["location"] == lost
    assert (await come_back(browser, sso, address)).headers["location"] == lost

    address = await go(browser)
    cookies = {"cookie": f"bairi_oidc={browser.cookies['bairi_oidc']}"}
    assert (await come_back(browser, sso, address)).headers["location"] == HOME
    again = open_browser(registry)
    again.headers.update(cookies)
    assert (await come_back(again, sso, address)).headers["location"] == lost

    late = open_browser(registry)
    address = await go(late)
    late.headers["cookie"] = f"bairi_oidc={late.cookies['bairi_oidc']}"
    with later(monkeypatch, timedelta(minutes=5, seconds=1)):
        assert (await come_back(late, sso, address)).headers["location"] == lost


async def test_nobody_is_sent_anywhere_but_home(registry: FastAPI, sso: SingleSignOn) -> None:
    browser = open_browser(registry)
    for query, code in (
        ("", "oidc-errand-lost"),
        ("error=access_denied&error_description=x", "oidc-refused"),
        ("state=x&code=x&redirect=https://evil.example", "oidc-errand-lost"),
        ("state=%00&code=%0d%0aLocation:%20https://evil.example", "oidc-errand-lost"),
        (f"state={'x' * 5000}&code=x", "oidc-errand-lost"),
    ):
        answer = await browser.get(f"{SESSION}/oidc/callback?{query}")
        assert (answer.status_code, answer.headers["location"]) == (303, problem(code)), query


async def test_a_provider_that_does_not_answer_is_told(
    registry: FastAPI, sessions: Sessions, issuer: Issuer, sso: SingleSignOn
) -> None:
    sso.person = OFFICE
    browser = open_browser(registry)
    address = await go(browser)
    sso.is_away = True
    assert await go(open_browser(build_app(sessions, KeySet([issuer.key]), issuer))) == problem(
        "oidc-unavailable"
    )
    sso.is_away = False
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sso.app)) as there:
        back = (await there.get(address)).headers["location"]
    sso.is_away = True
    assert (await browser.get(back)).headers["location"] == problem("oidc-unavailable")
    away = SingleSignOn(is_away=True)
    app = build_app(sessions, KeySet([issuer.key]), issuer, oidc=away.provider())
    answer = await open_browser(app).post(f"{SESSION}/oidc", json={})
    assert code_of(answer) == (503, "oidc-unavailable")
    assert await go(open_browser(app)) == problem("oidc-unavailable")

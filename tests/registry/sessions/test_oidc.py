"""A single sign-on: who comes back is who went, with a token that is ours, once."""

from collections.abc import Callable
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet, OctKey

from services.registry.main import build_app
from shared.database.sessions import Sessions
from shared.http.tokens import Issuer
from tests.registry.clients import REGION, As, items, put
from tests.registry.sessions.browsers import (
    ORIGIN,
    SESSION,
    accept,
    code_of,
    invite,
    is_signed_in,
    later,
    open_browser,
)
from tests.registry.sessions.provider import SingleSignOn, other_key, unsigned

HOME = "/#/"
CLERK = {"sub": "person-1", "preferred_username": "wangfang", "name": "王芳"}
OFFICE = {**CLERK, "bairi_role": "office", "bairi_region": REGION}


@pytest.fixture
def sso() -> SingleSignOn:
    return SingleSignOn()


@pytest.fixture
def registry(sessions: Sessions, issuer: Issuer, sso: SingleSignOn) -> FastAPI:
    return build_app(sessions, KeySet([issuer.key]), issuer, oidc=sso.provider())


async def go(browser: httpx.AsyncClient, code: str = "") -> str:
    """The address at which somebody signs in elsewhere."""
    if not code:
        answer = await browser.get(f"{SESSION}/oidc")
        assert answer.status_code == 303
        return answer.headers["location"]
    answer = await browser.post(f"{SESSION}/oidc", json={"code": code})
    assert answer.status_code == 200, answer.text
    address: str = answer.json()["address"]
    return address


async def come_back(browser: httpx.AsyncClient, sso: SingleSignOn, address: str) -> httpx.Response:
    """The answer to who has signed in there."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sso.app)) as there:
        answer = await there.get(address)
    back = answer.headers["location"]
    assert back.startswith(f"{ORIGIN}{SESSION}/oidc/callback?")
    return await browser.get(back)


async def sign_in(browser: httpx.AsyncClient, sso: SingleSignOn, code: str = "") -> str:
    """Where somebody is sent after signing in elsewhere."""
    answer = await come_back(browser, sso, await go(browser, code))
    assert answer.status_code == 303
    location: str = answer.headers["location"]
    return location


def problem(code: str) -> str:
    return f"/#/sign-in?problem={code}"


async def account_of(browser: httpx.AsyncClient) -> Any:
    return (await browser.get(SESSION)).json()["account"]


# --- who it is -----------------------------------------------------------------------------------


async def test_the_page_is_told_of_it_and_where_to_go(registry: FastAPI) -> None:
    ways = (await open_browser(registry).get(f"{SESSION}/sign-in-ways")).json()["items"]
    oidc = {"way": "oidc", "name": "统一身份认证", "address": f"{SESSION}/oidc"}
    assert ways[-1] == oidc


async def test_what_is_asked_there_keeps_its_secrets_here(registry: FastAPI) -> None:
    browser = open_browser(registry)
    answer = await browser.get(f"{SESSION}/oidc")
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["redirect_uri"] == [f"{ORIGIN}{SESSION}/oidc/callback"]
    assert asked["scope"] == ["openid profile"]
    (cookie,) = SimpleCookie(answer.headers["set-cookie"]).values()
    assert (cookie["samesite"], cookie["path"]) == ("lax", f"{SESSION}/oidc")
    assert (cookie["httponly"], cookie["secure"], cookie["max-age"]) == (True, True, "300")
    assert cookie.value not in answer.headers["location"]
    values = [asked[name][0] for name in ("state", "nonce", "code_challenge")]
    assert len({*values, cookie.value}) == 4


async def test_who_opened_an_invitation_is_linked_by_it_and_signs_in_from_then_on(
    registry: FastAPI, office: httpx.AsyncClient, sso: SingleSignOn
) -> None:
    browser, other = open_browser(registry), open_browser(registry)
    sso.person = CLERK
    assert await sign_in(browser, sso, (await invite(office))["code"]) == HOME
    account = await account_of(browser)
    assert (account["sign_in_name"], account["name"]) == ("wangfang", "王芳")
    assert (account["role"], account["has_password"]) == ("inspector", False)
    assert await sign_in(other, sso) == HOME
    assert (await account_of(other))["id"] == account["id"]
    assert await is_signed_in(other)
    (listed,) = await items(office, "/v1/accounts")
    assert listed["is_linked"]


async def test_an_account_that_is_there_is_linked_by_a_further_invitation(
    registry: FastAPI, office: httpx.AsyncClient, sso: SingleSignOn
) -> None:
    browser, other = open_browser(registry), open_browser(registry)
    account = (await accept(browser, (await invite(office))["code"]))["account"]
    again = (await office.post("/v1/invitations", json={"account_id": account["id"]})).json()
    assert await sign_in(other, sso, again["code"]) == HOME
    assert (await account_of(other))["id"] == account["id"]
    assert await is_signed_in(browser)
    taken = (await invite(office, name="李强"))["code"]
    assert await sign_in(open_browser(registry), sso, taken) == problem("oidc-linked")


async def test_who_is_neither_invited_nor_described_is_refused(
    registry: FastAPI, sso: SingleSignOn, office: httpx.AsyncClient
) -> None:
    await put(office, "units/U01", name="住建局", kind="department", group="部门")
    wrong: list[dict[str, Any]] = [
        {},
        {"bairi_role": "office"},
        {"bairi_region": REGION},
        {"bairi_role": "king", "bairi_region": REGION},
        {"bairi_role": "office", "bairi_region": ""},
        {"bairi_role": "office", "bairi_region": "99x"},
        {"bairi_role": ["office"], "bairi_region": [REGION]},
        {"bairi_role": "unit", "bairi_region": REGION},
        {"bairi_role": "unit", "bairi_region": REGION, "bairi_unit": "U99"},
        {"bairi_role": "unit", "bairi_region": "990102", "bairi_unit": "U01"},
    ]
    for claims in wrong:
        sso.person = {**CLERK, **claims}
        browser = open_browser(registry)
        assert await sign_in(browser, sso) == problem("oidc-nobody"), claims
        assert await account_of(browser) is None


async def test_claims_make_an_account_and_say_each_time_what_it_may(
    registry: FastAPI, office: httpx.AsyncClient, sso: SingleSignOn, as_: As
) -> None:
    await put(office, "units/U01", name="住建局", kind="department", group="部门")
    browser = open_browser(registry)
    sso.person = OFFICE
    assert await sign_in(browser, sso) == HOME
    account = await account_of(browser)
    assert (account["sign_in_name"], account["role"], account["region_code"]) == (
        *("wangfang", "office"),
        REGION,
    )
    sso.person = {**OFFICE, "bairi_role": "unit", "bairi_unit": "U01"}
    assert await sign_in(browser, sso) == HOME
    changed = await account_of(browser)
    assert (changed["id"], changed["role"], changed["unit_name"]) == (
        *(account["id"], "unit"),
        "住建局",
    )
    sso.person = CLERK  # no claims any more
    assert await sign_in(browser, sso) == problem("oidc-nobody")
    rows = await items(as_("inspector"), "/v1/audit")
    claimed = [row for row in rows if row["action"] == "account.claimed"]
    assert [row["before"] and row["before"]["role"] for row in claimed] == [None, "office"]


async def test_claims_may_have_other_names(
    sessions: Sessions, issuer: Issuer, sso: SingleSignOn
) -> None:
    names = {"role_claim": "r", "region_claim": "d", "unit_claim": "u", "name": "政务网登录"}
    oidc = sso.provider(**names)
    app = build_app(sessions, KeySet([issuer.key]), issuer, oidc=oidc)
    sso.person = {**CLERK, "r": "viewer", "d": REGION}
    browser = open_browser(app)
    assert await sign_in(browser, sso) == HOME
    assert (await account_of(browser))["role"] == "viewer"


async def test_a_disabled_account_stays_out_and_a_taken_name_is_told(
    registry: FastAPI, office: httpx.AsyncClient, sso: SingleSignOn
) -> None:
    browser = open_browser(registry)
    sso.person = OFFICE
    assert await sign_in(browser, sso) == HOME
    account = await account_of(browser)
    await office.post(f"/v1/accounts/{account['id']}/disable")
    assert await sign_in(browser, sso) == problem("account-disabled")
    sso.person = {**OFFICE, "sub": "person-2"}
    assert await sign_in(browser, sso) == problem("sign-in-name-taken")


async def test_an_invitation_that_was_revoked_meanwhile_lets_nobody_in(
    registry: FastAPI, office: httpx.AsyncClient, sso: SingleSignOn
) -> None:
    browser, invited = open_browser(registry), await invite(office)
    address = await go(browser, invited["code"])
    await office.post(f"/v1/invitations/{invited['id']}/revoke")
    answer = await come_back(browser, sso, address)
    assert answer.headers["location"] == problem("invitation-unusable")
    answer = await browser.post(f"{SESSION}/oidc", json={"code": invited["code"]})
    assert code_of(answer) == (404, "invitation-unusable")


# --- who it is not -------------------------------------------------------------------------------


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

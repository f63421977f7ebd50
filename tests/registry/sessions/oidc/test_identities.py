"""Who comes back is who went: linked by an invitation, or described by claims."""

from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from fastapi import FastAPI
from joserfc.jwk import KeySet

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
    open_browser,
)
from tests.registry.sessions.oidc.journeys import (
    CLERK,
    HOME,
    OFFICE,
    account_of,
    come_back,
    go,
    problem,
    sign_in,
)
from tests.registry.sessions.oidc.provider import SingleSignOn


async def test_the_page_is_told_of_it_and_where_to_go(registry: FastAPI) -> None:
    methods = (await open_browser(registry).get(f"{SESSION}/sign-in-methods")).json()["items"]
    oidc = {"method": "oidc", "name": "统一身份认证", "address": f"{SESSION}/oidc"}
    assert methods[-1] == oidc


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
    linked = await account_of(other)
    assert (linked["id"], linked["has_password"]) == (account["id"], False)
    assert not await is_signed_in(browser)
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


async def test_a_name_that_passes_for_anothers_is_none_here(
    registry: FastAPI, sso: SingleSignOn
) -> None:
    browser = open_browser(registry)
    sso.person = {**OFFICE, "preferred_username": "Scoring", "email": "wangfang@lan.example"}
    assert await sign_in(browser, sso) == HOME
    assert (await account_of(browser))["sign_in_name"] == "wangfang@lan.example"


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

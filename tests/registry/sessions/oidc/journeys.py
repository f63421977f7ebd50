"""Journeys to the single sign-on and back."""

from typing import Any

import httpx

from tests.registry.clients import REGION
from tests.registry.sessions.browsers import ORIGIN, SESSION
from tests.registry.sessions.oidc.provider import SingleSignOn

HOME = "/#/"
CLERK = {"sub": "person-1", "preferred_username": "wangfang", "name": "王芳"}
OFFICE = {**CLERK, "bairi_role": "office", "bairi_region": REGION}


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

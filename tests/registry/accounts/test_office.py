"""An office that was sent away: the token in its page outlives it by minutes, and opens nothing."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, update

from services.registry.account_tables import Account
from tests.registry.clients import REGION
from tests.registry.sessions.browsers import SESSION, accept, code_of, invite, open_browser

WRITES = (
    "invitations",
    "invitations/{invitation}/revoke",
    "accounts/{account}/enable",
    "accounts/{account}/disable",
    "accounts/{account}/devices/{device}/revoke",
)


@pytest.fixture
async def begun(registry: FastAPI, office: httpx.AsyncClient) -> dict[str, Any]:
    """A person of the office who is signed in, with a token of the session."""
    browser = open_browser(registry)
    found = await accept(browser, (await invite(office, role="office"))["code"])
    token = (await browser.post(f"{SESSION}/token")).json()["token"]
    return {**found, "client": bearing(registry, token), "browser": browser}


def bearing(registry: FastAPI, token: str) -> httpx.AsyncClient:
    browser = open_browser(registry)
    browser.headers["authorization"] = f"Bearer {token}"
    return browser


@pytest.mark.parametrize("way", ["disabled", "revoked", "signed_out", "of_another_region"])
async def test_a_token_whose_session_has_ended_changes_no_account_and_no_invitation(
    registry: FastAPI, office: httpx.AsyncClient, begun: dict[str, Any], way: str
) -> None:
    waiting = await invite(office, name="李强")
    other = await accept(open_browser(registry), (await invite(office, name="赵敏"))["code"])
    numbers = {
        "invitation": waiting["id"],
        "account": other["account"]["id"],
        "device": other["device"]["id"],
    }
    account, device = begun["account"]["id"], begun["device"]["id"]
    own, client = f"/v1/accounts/{account}", begun["client"]
    if way == "disabled":
        await office.post(f"{own}/disable")
    elif way == "revoked":
        await office.post(f"{own}/devices/{device}/revoke")
    elif way == "signed_out":
        await begun["browser"].post(f"{SESSION}/end")
    else:
        await move(registry, account)
    form = {"name": "同伙", "role": "office"}
    for path in (*WRITES, f"accounts/{account}/enable"):
        body = {"json": form} if path == "invitations" else {}
        answer = await client.post(f"/v1/{path.format(**numbers)}", **body)
        assert code_of(answer) == (401, "not-signed-in"), path
    answer = await client.post("/v1/invitations", json={"account_id": account})
    assert code_of(answer) == (401, "not-signed-in")
    assert (await office.get(f"/v1/accounts/{numbers['account']}")).json()["devices"] == 1


async def move(registry: FastAPI, account: int) -> None:
    """What a single sign-on may do: another place for an account."""
    async with registry.state.sessions.begin() as session:
        change = update(Account).where(col(Account.id) == account)
        await session.exec(change.values(region_code="990102", office="990102"))


async def test_a_token_whose_session_holds_does_all_of_it_but_for_itself(
    registry: FastAPI, begun: dict[str, Any]
) -> None:
    client = begun["client"]
    waiting = await invite(client, name="李强")
    other = await accept(open_browser(registry), (await invite(client, name="赵敏"))["code"])
    numbers = {
        "invitation": waiting["id"],
        "account": other["account"]["id"],
        "device": other["device"]["id"],
    }
    for path in WRITES[1:]:
        assert (await client.post(f"/v1/{path.format(**numbers)}")).status_code == 200, path
    own = begun["account"]["id"]
    answer = await client.post("/v1/invitations", json={"account_id": own})
    assert code_of(answer) == (403, "forbidden")
    assert code_of(await client.post(f"/v1/accounts/{own}/enable")) == (403, "forbidden")
    assert (await client.post(f"/v1/accounts/{own}/disable")).status_code == 200


async def test_a_system_s_token_is_of_no_session(
    office: httpx.AsyncClient, begun: dict[str, Any]
) -> None:
    own = f"/v1/accounts/{begun['account']['id']}"
    assert (await office.post(f"{own}/disable")).status_code == 200
    assert (await office.post(f"{own}/enable")).status_code == 200
    assert (await invite(office, name="李强"))["region_code"] == REGION

"""Invitations accepted: once, by whoever has the code, with a password."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet
from sqlmodel import col, update

from services.registry.account_tables import Account
from shared import clock
from shared.http.tokens import Issuer, verify_token
from shared.problems import Unauthorized
from tests.registry.clients import REGION, As, put, speaking
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


async def test_an_invitation_becomes_an_account_whose_token_has_its_claims(
    registry: FastAPI, office: httpx.AsyncClient, issuer: Issuer
) -> None:
    await put(office, "units/U01", name="住建局", kind="department", group="部门")
    invited = await invite(office, role="unit", unit_id="U01")
    browser = open_browser(registry)
    opened = await browser.post(f"{SESSION}/invitation", json={"code": invited["code"]})
    assert opened.json() == {
        "name": "王芳",
        "role": "unit",
        "region_code": REGION,
        "region_name": "",
        "office_name": "重点项目建设领导小组办公室",
        "unit_id": "U01",
        "unit_name": "住建局",
        "sign_in_name": "王芳",
        "is_new": True,
        "expires_at": invited["expires_at"],
    }
    begun = await accept(browser, invited["code"], device="办公室电脑")
    assert begun["account"]["unit_name"] == "住建局"
    assert begun["device"]["name"] == "办公室电脑"
    assert (await browser.get(SESSION)).json()["account"] == begun["account"]
    given = (await browser.post(f"{SESSION}/token")).json()
    caller = verify_token(given["token"], KeySet([issuer.key]), now=clock.now())
    assert (caller.name, caller.role, caller.region, caller.unit_id) == (
        "王芳",
        "unit",
        REGION,
        "U01",
    )
    with pytest.raises(Unauthorized):
        verify_token(given["token"], KeySet([issuer.key]), now=clock.now() + timedelta(minutes=6))


async def test_to_look_uses_nothing_and_to_accept_uses_it_up(
    registry: FastAPI, office: httpx.AsyncClient
) -> None:
    code = (await invite(office))["code"]
    browser, other = open_browser(registry), open_browser(registry)
    for _ in range(3):
        looked = await browser.post(f"{SESSION}/invitation", json={"code": code})
        assert looked.status_code == 200
    await accept(browser, code)
    for form in ({"code": code}, {"code": code, "password": PASSWORD}):
        path = "accept" if "password" in form else "invitation"
        answer = await other.post(f"{SESSION}/{path}", json=form)
        assert code_of(answer) == (404, "invitation-unusable")
        assert "已接受" in answer.json()["detail"]
    assert not await is_signed_in(other)


async def test_of_two_who_accept_at_once_one_does(
    committing: Callable[[], FastAPI], issuer: Issuer
) -> None:
    app = committing()
    code = (await invite(speaking(app, issuer)("office")))["code"]
    browsers = [open_browser(app) for _ in range(4)]
    answers = await asyncio.gather(
        *(
            each.post(
                f"{SESSION}/accept",
                json={"code": code, "password": PASSWORD, "sign_in_name": f"王芳{number}"},
            )
            for number, each in enumerate(browsers)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404]
    accounts = (await speaking(app, issuer)("office").get("/v1/accounts")).json()["items"]
    assert len(accounts) == 1
    assert [await is_signed_in(each) for each in browsers] == [
        answer.status_code == 200 for answer in answers
    ]


async def test_seven_days_later_and_once_revoked_it_is_of_no_use(
    registry: FastAPI, office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = open_browser(registry)
    late, taken_back = await invite(office), await invite(office)
    with later(monkeypatch, timedelta(days=7, seconds=1)):
        answer = await browser.post(f"{SESSION}/invitation", json={"code": late["code"]})
        assert code_of(answer) == (404, "invitation-unusable")
        assert "已过期" in answer.json()["detail"]
    assert (await office.post(f"/v1/invitations/{taken_back['id']}/revoke")).status_code == 200
    form = {"code": taken_back["code"], "password": PASSWORD}
    answer = await browser.post(f"{SESSION}/accept", json=form)
    assert "已撤销" in answer.json()["detail"]
    assert code_of(await browser.post(f"{SESSION}/accept", json=form | {"code": "A" * 43})) == (
        404,
        "invitation-unusable",
    )


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"password": "short"}, "#/password"),
        ({"password": "1111111111"}, "#/password"),
        ({"password": "Ｐａｓｓｗ０ｒｄ"}, "#/password"),
        ({"sign_in_name": "王芳王芳王芳王芳", "password": "王芳王芳王芳王芳"}, "#/password"),
        ({"sign_in_name": "重点项目办", "password": PASSWORD}, "#/sign_in_name"),
        ({"sign_in_name": "\u3164", "password": PASSWORD}, "#/sign_in_name"),
        ({}, "#"),
        ({"password": PASSWORD, "credential": "{}"}, "#"),
    ],
)
async def test_what_does_not_do_leaves_the_invitation_as_it_was(
    registry: FastAPI, office: httpx.AsyncClient, form: dict[str, Any], pointer: str
) -> None:
    code, browser = (await invite(office))["code"], open_browser(registry)
    answer = await browser.post(f"{SESSION}/accept", json={"code": code, **form})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    await accept(browser, code)


async def test_a_sign_in_name_is_one_in_the_installation_however_it_is_written(
    registry: FastAPI, office: httpx.AsyncClient, as_: As
) -> None:
    await accept(open_browser(registry), (await invite(office))["code"], sign_in_name="Wang Fang")
    browser = open_browser(registry)
    code = (await invite(as_("office", "990102")))["code"]
    form = {"code": code, "password": PASSWORD}
    for name in ("wang fang", "ＷＡＮＧ　ＦＡＮＧ", "Wang  Fang", "Wa\ufe0fng Fang\U000e0061"):
        answer = await browser.post(f"{SESSION}/accept", json={**form, "sign_in_name": name})
        assert code_of(answer) == (409, "sign-in-name-taken")
    await accept(browser, code, sign_in_name="Wang Fang 2")
    assert (await sign_in(open_browser(registry), "WANG FANG")).status_code == 200


async def test_who_forgot_a_password_is_invited_again_and_signed_out_elsewhere(
    registry: FastAPI, office: httpx.AsyncClient
) -> None:
    lost, new = open_browser(registry), open_browser(registry)
    account = (await accept(lost, (await invite(office))["code"]))["account"]
    again = await office.post("/v1/invitations", json={"account_id": account["id"]})
    assert again.json()["name"] == "王芳"
    opened = await new.post(f"{SESSION}/invitation", json={"code": again.json()["code"]})
    assert (opened.json()["is_new"], opened.json()["sign_in_name"]) == (False, "王芳")
    begun = await accept(new, again.json()["code"], password="另一个密码2023")
    assert begun["account"] == {**account, **begun["account"]}
    assert begun["account"]["id"] == account["id"]
    assert not await is_signed_in(lost)
    assert code_of(await sign_in(lost)) == (403, "sign-in-refused")
    assert (await sign_in(lost, password="另一个密码2023")).status_code == 200


async def test_an_account_that_has_become_another_is_not_the_one_that_was_invited(
    registry: FastAPI, office: httpx.AsyncClient
) -> None:
    browser = open_browser(registry)
    account = (await accept(browser, (await invite(office))["code"]))["account"]["id"]
    again = await office.post("/v1/invitations", json={"account_id": account})
    async with registry.state.sessions.begin() as session:
        change = update(Account).where(col(Account.id) == account)
        await session.exec(change.values(role="viewer"))  # as a single sign-on says
    form, other = {"code": again.json()["code"]}, open_browser(registry)
    for path, more in (("invitation", {}), ("accept", {"password": "另一个密码2023"})):
        answer = await other.post(f"{SESSION}/{path}", json=form | more)
        assert code_of(answer) == (404, "invitation-unusable")
        assert "角色" in answer.json()["detail"]
    assert await is_signed_in(browser)


async def test_a_body_of_signing_in_is_small(registry: FastAPI) -> None:
    form = {"sign_in_name": "王芳", "password": PASSWORD, "device": "x" * 100_000}
    answer = await open_browser(registry).post(f"{SESSION}/password", json=form)
    assert code_of(answer) == (413, "body-too-large")
    assert "0.1 MB" in answer.json()["detail"]

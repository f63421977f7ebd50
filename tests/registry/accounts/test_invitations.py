"""Whom an office may invite, to what, and what it is told of it later."""

import base64
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.registry.clients import REGION, As, items, put
from tests.registry.sessions.browsers import accept, code_of, invite, open_browser


@pytest.fixture
async def unit(office: httpx.AsyncClient) -> str:
    await put(office, "units/U01", name="住建局", kind="department", group="部门")
    return "U01"


async def test_the_code_is_told_once_in_a_link_and_a_picture(
    office: httpx.AsyncClient, connection: AsyncConnection
) -> None:
    invited = await invite(office)
    assert len(base64.urlsafe_b64decode(invited["code"] + "=")) == 32
    assert invited["link"] == f"http://registry/#/invitation/{invited['code']}"
    picture = ElementTree.fromstring(invited["qr"])
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert picture.attrib["viewBox"]
    told = {name: invited[name] for name in invited if name not in ("code", "link", "qr")}
    assert await items(office, "/v1/invitations") == [told]
    assert told["state"] == "open"
    assert told["invited_by"] == "the office"
    rows = (await connection.execute(text("SELECT to_jsonb(i) FROM registry.invitations i"))).all()
    assert invited["code"] not in str(rows)


@pytest.mark.parametrize("role", ["unit", "leader", "field", "approval"])
async def test_who_is_of_a_unit_is_invited_to_one_that_is_there(
    office: httpx.AsyncClient, unit: str, role: str
) -> None:
    assert (await invite(office, role=role, unit_id=unit))["unit_id"] == unit
    for wrong, code in (({}, "missing"), ({"unit_id": "U99"}, "unknown_reference")):
        form = {"name": "李强", "role": role, **wrong}
        answer = await office.post("/v1/invitations", json=form)
        (error,) = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == ("#/unit_id", code)


@pytest.mark.parametrize("role", ["office", "inspector", "viewer"])
async def test_who_is_of_a_whole_region_is_of_no_unit(
    office: httpx.AsyncClient, unit: str, role: str
) -> None:
    assert (await invite(office, role=role))["unit_id"] is None
    answer = await office.post(
        "/v1/invitations", json={"name": "李强", "role": role, "unit_id": unit}
    )
    assert [error["code"] for error in answer.json()["errors"]] == ["needless"]


async def test_a_unit_of_another_office_is_no_unit_here(as_: As, unit: str) -> None:
    form = {"name": "李强", "role": "unit", "unit_id": unit}
    answer = await as_("office", "990102").post("/v1/invitations", json=form)
    assert [error["code"] for error in answer.json()["errors"]] == ["unknown_reference"]


@pytest.mark.parametrize(
    ("own", "asked", "region"),
    [
        (REGION, None, REGION),
        (REGION, REGION, REGION),
        ("9901", "990100", "9901"),
        ("3505", "350521", "350521"),
        ("35", "350500", "3505"),
        ("", "350000", "35"),
        ("", None, ""),
        (REGION, "990102", None),
        (REGION, "9901", None),
        (REGION, "990100", None),
        ("9901", "99", None),
    ],
)
async def test_an_office_invites_within_its_region_only(
    as_: As, own: str, asked: str | None, region: str | None
) -> None:
    form: dict[str, Any] = {"name": "李强", "role": "office", "region_code": asked}
    answer = await as_("office", own).post("/v1/invitations", json=form)
    if region is None:
        assert [each["code"] for each in answer.json()["errors"]] == ["outside_region"]
    else:
        assert answer.json()["region_code"] == region


async def test_an_office_is_of_a_province_a_city_or_a_county_that_there_is(as_: As) -> None:
    for own, asked in (
        (REGION, "990101001"),
        (REGION, "9901011"),
        ("990101001", None),
        ("9901", "990109"),
        ("35", "35050"),
        ("35", "35052"),
        ("", "99"),
    ):
        form: dict[str, Any] = {"name": "李强", "role": "office", "region_code": asked}
        answer = await as_("office", own).post("/v1/invitations", json=form)
        assert [each["code"] for each in answer.json()["errors"]] == ["unknown_reference"], asked
    inspector = {"name": "李强", "role": "inspector", "region_code": "990101001"}
    assert (await as_("office").post("/v1/invitations", json=inspector)).status_code == 201


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({}, {"#/name", "#/role"}),
        ({"name": "李强"}, {"#/role"}),
        ({"account_id": 1, "name": "李强", "role": "viewer"}, {"#/name", "#/role"}),
        ({"account_id": 1, "region_code": REGION}, {"#/region_code"}),
    ],
)
async def test_it_is_of_a_new_account_or_of_one_that_is_there(
    office: httpx.AsyncClient, form: dict[str, Any], wrong: set[str]
) -> None:
    answer = await office.post("/v1/invitations", json=form)
    assert {error["pointer"] for error in answer.json()["errors"]} == wrong


async def test_what_is_of_another_region_is_not_there(
    registry: FastAPI, office: httpx.AsyncClient, as_: As
) -> None:
    invited = await invite(office)
    account = (await accept(open_browser(registry), invited["code"]))["account"]
    waiting = await invite(office, name="李强")
    for region, sees in (("990102", False), ("9901", True), ("", True)):
        other = as_("office", region)
        assert bool(await items(other, "/v1/invitations")) is sees
        assert bool(await items(other, "/v1/accounts")) is sees
        status = 200 if sees else 404
        path = f"/v1/accounts/{account['id']}"
        assert (await other.get(path)).status_code == status
        assert (await other.get(f"{path}/devices")).status_code == status
        again = await other.post("/v1/invitations", json={"account_id": account["id"]})
        assert again.status_code == (201 if sees else 404)
    revoke = f"/v1/invitations/{waiting['id']}/revoke"
    assert (await as_("office", "990102").post(revoke)).status_code == 404
    assert (await office.post(revoke)).json()["revoked_by"] == "the office"
    assert code_of(await office.post(revoke)) == (409, "invitation-closed")
    used = f"/v1/invitations/{invited['id']}/revoke"
    assert code_of(await office.post(used)) == (409, "invitation-closed")


async def test_the_lists_come_page_by_page(office: httpx.AsyncClient) -> None:
    for number in range(3):
        await invite(office, name=f"第{number}人")
    first = (await office.get("/v1/invitations?limit=2")).json()
    rest = (await office.get(f"/v1/invitations?limit=2&after={first['next']}")).json()
    assert [each["name"] for each in first["items"] + rest["items"]] == ["第0人", "第1人", "第2人"]
    assert rest["next"] is None

"""Who was invited, signed in and out is in the audit trail; what is secret is nowhere."""

import logging
import re
from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from shared.database.sessions import Sessions
from shared.http.tokens import Issuer
from shared.logs import JsonFormatter
from tests.registry.clients import As, items, speaking
from tests.registry.sessions.browsers import (
    ADDRESS,
    PASSWORD,
    SESSION,
    accept,
    invite,
    open_browser,
    sign_in,
)

TABLES = """
    SELECT table_name FROM information_schema.tables
    WHERE table_schema = 'registry' AND table_type = 'BASE TABLE'"""


async def live_through(app: FastAPI, office: httpx.AsyncClient) -> set[str]:
    """All that can happen to an account; the secrets that were in use."""
    invited = await invite(office)
    browser, phone = open_browser(app), open_browser(app)
    secrets = {PASSWORD, "换过的密码2023", "错的密码2022", invited["code"]}
    account = (await accept(browser, invited["code"], device="电脑"))["account"]
    secrets |= {*browser.cookies.values()}
    await sign_in(phone, password="错的密码2022")
    await sign_in(phone, "错的密码2022", "错的密码2022")  # typed into the wrong field
    await sign_in(phone)
    secrets |= {*phone.cookies.values()}
    for each in (browser, phone):
        secrets.add((await each.post(f"{SESSION}/token")).json()["token"])
    change = {"password": PASSWORD, "new_password": "换过的密码2023"}
    await browser.post(f"{SESSION}/password-change", json=change)
    secrets |= {*browser.cookies.values()}
    devices = (await browser.get(f"{SESSION}/devices")).json()
    await sign_in(phone, password="换过的密码2023")
    listed = (await browser.get(f"{SESSION}/devices")).json()
    (new,) = [each for each in listed if each["id"] not in {e["id"] for e in devices}]
    await browser.post(f"{SESSION}/devices/{new['id']}/revoke")
    await browser.post(f"{SESSION}/end")
    for step in ("disable", "enable"):
        assert (await office.post(f"/v1/accounts/{account['id']}/{step}")).status_code == 200
    other = await invite(office, name="李强")
    secrets.add(other["code"])
    assert (await office.post(f"/v1/invitations/{other['id']}/revoke")).status_code == 200
    return {each for each in secrets if each}


async def test_every_step_leaves_its_row_with_who_and_from_where(
    registry: FastAPI, office: httpx.AsyncClient, as_: As
) -> None:
    await live_through(registry, office)
    rows = await items(as_("inspector"), "/v1/audit")
    told = [(row["action"], row["who"], row["address"]) for row in rows]
    person, clerk = ("王芳", ADDRESS), ("the office", "127.0.0.1")
    assert told == [
        ("invitation.issued", *clerk),
        ("invitation.accepted", *person),
        ("session.begun", *person),
        ("session.refused", *person),
        ("session.begun", *person),
        ("password.changed", *person),
        ("session.begun", *person),
        ("session.begun", *person),
        ("device.revoked", *person),
        ("session.ended", *person),
        ("account.disabled", *clerk),
        ("account.enabled", *clerk),
        ("invitation.issued", *clerk),
        ("invitation.revoked", *clerk),
    ]
    of_account = {row["subject"] for row in rows if row["action"].startswith("session")}
    assert len(of_account) == 1
    begun = next(row for row in rows if row["action"] == "session.begun")
    assert begun["after"]["device"] == "电脑"


async def test_no_secret_is_in_the_database_or_in_a_log(
    committing: Callable[[], FastAPI], issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    app = committing()
    with caplog.at_level(logging.DEBUG):
        secrets = await live_through(app, speaking(app, issuer)("office"))
    assert len(secrets) >= 9
    sessions: Sessions = app.state.sessions
    stored = []
    async with sessions.begin() as session:
        connection = await session.connection()
        for table in await connection.scalars(text(TABLES)):
            for row in await connection.scalars(text(f"SELECT t::text FROM registry.{table} t")):
                stored.append(str(row))
    dump = "\n".join(stored)
    assert "王芳" in dump
    hexadecimal = re.findall(r"\\\\x([0-9a-f]+)", dump)
    assert hexadecimal
    dump += "\n".join(bytes.fromhex(each).decode("latin-1") for each in hexadecimal)
    logged = "\n".join(map(JsonFormatter().format, caplog.records))
    assert "request" in logged
    assert [each for each in secrets if each in dump or each in logged] == []

"""Signing in by a password: refused alike, locked for a while, never for good, and for whom."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.registry.sessions import passwords
from services.registry.sessions.rules import FREE_FAILURES, FREE_FAILURES_ANYWHERE
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

WRONG = "不是这个密码"


@pytest.fixture
async def signed_in(registry: FastAPI, office: httpx.AsyncClient) -> httpx.AsyncClient:
    browser = open_browser(registry)
    await accept(browser, (await invite(office))["code"])
    return browser


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Passwords hashed in no time; the calls of scrypt."""
    calls: list[bytes] = []

    def derive(content: bytes, *, salt: bytes, dklen: int, **_: Any) -> bytes:
        calls.append(content)
        return hashlib.sha256(salt + content).digest()[:dklen]

    monkeypatch.setattr(hashlib, "scrypt", derive)
    return calls


async def test_a_right_password_signs_in_whichever_width_it_is_typed_in(
    registry: FastAPI, signed_in: httpx.AsyncClient
) -> None:
    browser = open_browser(registry)
    answer = await sign_in(browser, password=PASSWORD.replace("2022", "２０２２"))
    assert answer.status_code == 200
    assert answer.json()["account"]["sign_in_name"] == "王芳"
    assert answer.json()["device"]["method"] == "password"


async def test_unknown_names_and_wrong_passwords_are_refused_alike_and_cost_as_much(
    registry: FastAPI, cheap: list[bytes], signed_in: httpx.AsyncClient
) -> None:
    browser, answers, costs = open_browser(registry), [], []
    for name in ("王芳", "没有这个人"):
        cheap.clear()
        answer = await sign_in(browser, name, WRONG)
        answers.append({**answer.json(), "status": answer.status_code})
        costs.append(cheap.copy())
    assert answers[0] == answers[1]
    assert costs[0] == costs[1] == [WRONG.encode()]


async def test_after_five_failures_a_name_is_locked_at_an_address_for_twice_as_long_each_time(
    registry: FastAPI,
    cheap: list[bytes],
    signed_in: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser, waits, passed = open_browser(registry, address="198.51.100.1"), [], timedelta(0)
    for _ in range(FREE_FAILURES - 1):
        assert code_of(await sign_in(browser, password=WRONG)) == (403, "sign-in-refused")
    for _ in range(7):
        with later(monkeypatch, passed):
            assert code_of(await sign_in(browser, password=WRONG)) == (403, "sign-in-refused")
            cheap.clear()
            locked = await sign_in(browser)  # the right one does not help now
            assert code_of(locked) == (429, "sign-in-locked")
            assert cheap == []
            seconds = int(locked.headers["retry-after"])
            assert locked.json()["retry_after"] == seconds
            waits.append(seconds)
            passed += timedelta(seconds=seconds + 1)
    assert waits == pytest.approx([30, 60, 120, 240, 480, 900, 900], abs=2)
    with later(monkeypatch, passed):
        assert (await sign_in(browser)).status_code == 200
        assert code_of(await sign_in(browser, password=WRONG)) == (403, "sign-in-refused")
        assert (await sign_in(browser)).status_code == 200


async def test_who_fails_locks_neither_other_addresses_nor_who_is_signed_in(
    registry: FastAPI, cheap: list[bytes], signed_in: httpx.AsyncClient
) -> None:
    attacker = open_browser(registry, address="198.51.100.1")
    for _ in range(FREE_FAILURES):
        await sign_in(attacker, password=WRONG)
    assert code_of(await sign_in(attacker)) == (429, "sign-in-locked")
    assert await is_signed_in(signed_in)
    elsewhere = open_browser(registry, address="192.0.2.44")
    assert (await sign_in(elsewhere)).status_code == 200
    assert code_of(await sign_in(attacker)) == (429, "sign-in-locked")


async def test_who_fails_from_everywhere_locks_a_name_but_not_where_it_was_used_before(
    registry: FastAPI,
    cheap: list[bytes],
    signed_in: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(FREE_FAILURES_ANYWHERE):
        attacker = open_browser(registry, address=f"198.51.100.{number}")
        assert code_of(await sign_in(attacker, password=WRONG)) == (403, "sign-in-refused")
    stranger = open_browser(registry, address="192.0.2.1")
    assert code_of(await sign_in(stranger)) == (429, "sign-in-locked")
    assert (await sign_in(open_browser(registry))).status_code == 200  # its usual address
    with later(monkeypatch, timedelta(minutes=15)):
        assert (await sign_in(stranger)).status_code == 200


async def test_where_a_name_was_used_before_is_the_line_and_not_one_of_its_addresses(
    registry: FastAPI, office: httpx.AsyncClient, cheap: list[bytes]
) -> None:
    usual = open_browser(registry, address="2001:db8:7::1")
    await accept(usual, (await invite(office))["code"])
    for number in range(FREE_FAILURES_ANYWHERE):
        attacker = open_browser(registry, address=f"198.51.100.{number}")
        assert code_of(await sign_in(attacker, password=WRONG)) == (403, "sign-in-refused")
    stranger = open_browser(registry, address="2001:db8:8::1")
    assert code_of(await sign_in(stranger)) == (429, "sign-in-locked")
    same_line = open_browser(registry, address="2001:db8:7::ffff")
    assert (await sign_in(same_line)).status_code == 200


async def test_addresses_of_one_line_are_one(
    registry: FastAPI, cheap: list[bytes], signed_in: httpx.AsyncClient
) -> None:
    for number in range(FREE_FAILURES):
        await sign_in(open_browser(registry, address=f"2001:db8::{number}"), password=WRONG)
    same = open_browser(registry, address="2001:db8::ffff")
    assert code_of(await sign_in(same)) == (429, "sign-in-locked")
    other = open_browser(registry, address="2001:db8:0:1::1")
    assert (await sign_in(other)).status_code == 200


async def test_many_guesses_at_once_are_as_many_guesses(
    committing: Callable[[], FastAPI], issuer: Issuer, cheap: list[bytes]
) -> None:
    app = committing()
    browser = open_browser(app)
    await accept(browser, (await invite(speaking(app, issuer)("office")))["code"])
    guesser = open_browser(app, address="198.51.100.1")
    cheap.clear()
    for _ in range(3):
        answers = await asyncio.gather(*(sign_in(guesser, password=WRONG) for _ in range(20)))
        assert {answer.status_code for answer in answers} <= {403, 429, 503}
    assert len(cheap) == FREE_FAILURES
    assert code_of(await sign_in(guesser)) == (429, "sign-in-locked")


async def test_who_waits_too_long_in_line_is_told_to_come_back(
    registry: FastAPI, signed_in: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(passwords, "WAITING_OF_ONE", 0)
        for _ in range(2 * FREE_FAILURES):
            answer = await sign_in(open_browser(registry))
            assert code_of(answer) == (503, "sign-in-busy")
            assert answer.headers["retry-after"]
    assert (await sign_in(open_browser(registry))).status_code == 200  # it was no failure


async def test_who_changes_a_password_is_signed_out_elsewhere_and_has_a_new_session(
    registry: FastAPI, signed_in: httpx.AsyncClient
) -> None:
    elsewhere = open_browser(registry, address="192.0.2.44")
    await sign_in(elsewhere)
    before = dict(signed_in.cookies)
    path, change = f"{SESSION}/password-change", {"new_password": "换过的密码2023"}
    for wrong in ({}, {"password": WRONG}):
        answer = await signed_in.post(path, json={**change, **wrong})
        assert code_of(answer) == (403, "sign-in-refused")
    weak = await signed_in.post(path, json={"password": PASSWORD, "new_password": "12345678"})
    assert weak.json()["errors"][0]["pointer"] == "#/new_password"
    changed = await signed_in.post(path, json={"password": PASSWORD, **change})
    assert changed.status_code == 200
    assert dict(signed_in.cookies) != before
    assert await is_signed_in(signed_in)
    assert not await is_signed_in(elsewhere)
    assert (await sign_in(elsewhere, password="换过的密码2023")).status_code == 200

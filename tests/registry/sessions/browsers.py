"""Browsers: they keep cookies, and say from which page a request comes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared import clock
from tests.response_checks import documented

ORIGIN = "https://bairi.example"
ADDRESS = "203.0.113.7"
PASSWORD = "岚县的项目2022"
SESSION = "/v1/session"


def open_browser(
    app: FastAPI, *, origin: str = ORIGIN, address: str = ADDRESS, sent_from: str | None = ""
) -> httpx.AsyncClient:
    """A browser at an origin; `sent_from` is the page whose requests it sends, None for no page."""
    page = origin if sent_from == "" else sent_from
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 40000)),
        base_url=origin,
        headers={} if page is None else {"origin": page},
        event_hooks={"response": [documented(app)]},
    )


async def invite(office: httpx.AsyncClient, **form: Any) -> dict[str, Any]:
    """The invitation of somebody, by default of an inspector called 王芳."""
    answer = await office.post(
        "/v1/invitations", json={"name": "王芳", "role": "inspector", **form}
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def accept(browser: httpx.AsyncClient, code: str, **form: Any) -> dict[str, Any]:
    """The session that begins with an invitation."""
    form = {"password": PASSWORD} | form if "credential" not in form else form
    answer = await browser.post(f"{SESSION}/accept", json={"code": code, **form})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def sign_in(
    browser: httpx.AsyncClient, name: str = "王芳", password: str = PASSWORD
) -> httpx.Response:
    form = {"sign_in_name": name, "password": password}
    return await browser.post(f"{SESSION}/password", json=form)


async def is_signed_in(browser: httpx.AsyncClient) -> bool:
    return (await browser.post(f"{SESSION}/token")).status_code == 200


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


@contextmanager
def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> Iterator[datetime]:
    """As if so much time had passed."""
    then = clock.now() + by
    with monkeypatch.context() as moved:
        moved.setattr(clock, "now", lambda: then)
        yield then

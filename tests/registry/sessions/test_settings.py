"""Settings of signing in, for a registry that runs apart."""

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.registry.main import create_app
from services.registry.origins import Origin
from services.registry.settings import Settings
from shared.http.tokens import Issuer
from tests.registry.sessions.browsers import SESSION, open_browser

NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "key.json"
    (tmp_path / "jwks.json").write_text(json.dumps(Issuer(file).public))
    return file


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, key: Path) -> pytest.MonkeyPatch:
    monkeypatch.setenv("REGISTRY_DATABASE_URL", NOWHERE)
    monkeypatch.setenv("REGISTRY_JWKS", str(key.with_name("jwks.json")))
    return monkeypatch


def settings(**given: Any) -> Settings:
    return Settings(database_url=NOWHERE, jwks="keys.json", **given)


async def methods(app: Any) -> list[str]:
    answer = await open_browser(app).get(f"{SESSION}/sign-in-methods")
    return [each["method"] for each in answer.json()["items"]]


async def test_who_names_a_key_signs_people_in(environment: pytest.MonkeyPatch, key: Path) -> None:
    assert await methods(create_app()) == []
    environment.setenv("REGISTRY_SIGNING_KEY", str(key))
    assert await methods(create_app()) == ["passkey", "password"]
    environment.setenv("REGISTRY_OIDC_ISSUER", "https://sso.example/")
    environment.setenv("REGISTRY_OIDC_CLIENT_ID", "bairi")
    app = create_app()
    assert await methods(app) == ["passkey", "password", "oidc"]
    assert app.state.oidc.settings.issuer == "https://sso.example"


def test_a_key_that_nobody_looks_up_is_told(
    environment: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = tmp_path / "other.json"
    Issuer(other)
    environment.setenv("REGISTRY_SIGNING_KEY", str(other))
    with caplog.at_level(logging.WARNING):
        create_app()
    assert "REGISTRY_SIGNING_KEY" in caplog.text


def test_a_key_that_is_not_there_is_none_that_is_made(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="signing_key"):
        settings(signing_key=tmp_path / "key.json")
    assert [*tmp_path.iterdir()] == []


def test_days_and_the_public_address_are_read() -> None:
    found = settings(
        session_idle_days=1, session_days=7, public_url="https://Example.gov.cn/registry/"
    ).sessions
    assert (found.idle, found.lasts) == (timedelta(days=1), timedelta(days=7))
    assert found.public_origin == Origin("https", "example.gov.cn", "/registry")


@pytest.mark.parametrize(
    "wrong",
    ["example.gov.cn", "ftp://example.gov.cn", "https://a@b.cn", "https://b.cn/?a=1", "https://"],
)
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match="public_url"):
        settings(public_url=wrong)

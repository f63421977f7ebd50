"""Whose tokens a service takes is a setting of each; an error about settings tells no secret."""

import json
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from shared.http.auth import resolve_caller
from shared.http.tokens import Caller, ExpectedNames, Issuer, Role
from shared.problems import Unauthorized

NOW = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)
SERVICES = ("registry", "scoring", "notifier")
SECRET = "eyJhbGciOiJFZDI1NTE5In0.e30.AA"
SSO, PROJECTS = "https://sso.example.gov.cn", "key-projects"


@pytest.fixture(params=SERVICES)
def service(
    request: pytest.FixtureRequest, issuer: Issuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A service whose settings are complete, in a folder without a file of settings."""
    (tmp_path / "keys.json").write_text(json.dumps(issuer.public))
    settings = {
        "DATABASE_URL": "postgresql+asyncpg://nobody@127.0.0.1:1/none",
        "JWKS": str(tmp_path / "keys.json"),
        "REGISTRY_URL": "http://127.0.0.1:1/registry",
        "REGISTRY_TOKEN": SECRET,
        "SCORING_URL": "http://127.0.0.1:1/scoring",
        "SCORING_TOKEN": SECRET,
        "OFFICE_NAME": "岚县重点项目建设领导小组办公室",
        "AGENCY_WORD": "岚重办",
    }
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(f"{request.param.upper()}_{name}", value)
    return str(request.param)


def created(service: str) -> FastAPI:
    app: FastAPI = import_module(f"services.{service}.main").create_app()
    return app


async def resolved(app: FastAPI, token: str) -> Caller:
    return await resolve_caller(token, app.state.keys, app.state.token_names, now=NOW)


async def test_a_service_takes_the_embedded_issuer_s_tokens(service: str, issuer: Issuer) -> None:
    office = Caller("王芳", Role.office, "990101")
    token = issuer.issue(office, now=NOW, lasts=timedelta(hours=1))
    assert await resolved(created(service), token) == office


async def test_another_issuer_and_audience_are_settings_of_each_service(
    service: str, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{service.upper()}_ISSUER", SSO)
    monkeypatch.setenv(f"{service.upper()}_AUDIENCE", PROJECTS)
    app = created(service)
    assert app.state.token_names == ExpectedNames(SSO, PROJECTS)
    token = issuer.issue(Caller("王芳", Role.office, "99"), now=NOW, lasts=timedelta(hours=1))
    with pytest.raises(Unauthorized):
        await resolved(app, token)


@pytest.mark.parametrize("name", ["ISSUER", "AUDIENCE"])
def test_nobody_is_expected_without_a_name(
    service: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{service.upper()}_{name}", "")
    with pytest.raises(ValidationError, match=name.lower()):
        created(service)


@pytest.mark.parametrize("broken", [("CONNECTIONS", "many"), ("DATABASE_URL", None)])
def test_an_error_about_one_setting_does_not_print_the_others(
    service: str, broken: tuple[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    name, value = f"{service.upper()}_{broken[0]}", broken[1]
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as error:
        created(service)
    assert broken[0].lower() in str(error.value)
    assert "eyJ" not in str(error.value)

"""The service as it starts from its settings."""

import json
import sys
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from services.scoring.execution.spark import SparkMissing
from services.scoring.main import create_app
from shared.http.tokens import Issuer


@pytest.fixture
def _settings(server: str, issuer: Issuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "keys.json").write_text(json.dumps(issuer.public))
    settings = {
        "DATABASE_URL": server,
        "JWKS": str(tmp_path / "keys.json"),
        "REGISTRY_URL": "http://127.0.0.1:1/registry",
        "REGISTRY_TOKEN": "a-token",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"SCORING_{name}", value)


@pytest.mark.usefixtures("_settings")
async def test_it_starts_from_its_settings_and_closes_what_it_opened() -> None:
    app = create_app()
    registry: httpx.AsyncClient = app.state.registry
    async with app.router.lifespan_context(app):
        assert str(registry.build_request("GET", "/v1/facts").url).endswith("/registry/v1/facts")
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://scoring"
        ) as client:
            assert (await client.get("/health/ready")).status_code == 200
    assert registry.is_closed


@pytest.mark.usefixtures("_settings")
async def test_it_does_not_start_where_its_engine_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCORING_ENGINE", "spark")
    monkeypatch.setitem(sys.modules, "pyspark", None)
    app = create_app()
    with pytest.raises(SparkMissing, match="没有装 pyspark"):
        async with app.router.lifespan_context(app):
            pass


@pytest.mark.usefixtures("_settings")
async def test_it_knows_no_other_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORING_ENGINE", "hadoop")
    with pytest.raises(ValidationError, match="'duckdb' or 'spark'"):
        create_app()

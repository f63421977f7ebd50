"""uvicorn --factory services.scoring.main:create_app"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from fastapi import APIRouter, FastAPI
from joserfc.jwk import KeySet

from services.scoring.bulletins.router import router as bulletins
from services.scoring.campaigns.router import router as campaigns
from services.scoring.corrections.router import router as corrections
from services.scoring.counties.router import router as counties
from services.scoring.entries.router import router as entries
from services.scoring.execution.duckdb import open_query_runner
from services.scoring.execution.engines import open_engine
from services.scoring.indicators.router import router as indicators
from services.scoring.lights.router import router as lights
from services.scoring.objections.router import router as objections
from services.scoring.periods.router import router as periods
from services.scoring.portfolio.router import router as portfolio
from services.scoring.publications.router import router as publications
from services.scoring.reproductions.router import router as reproductions
from services.scoring.run_views.router import router as run_views
from services.scoring.runs.router import router as runs
from services.scoring.scheme_library.router import router as schemes
from services.scoring.settings import Settings
from services.scoring.standings.router import router as standings
from services.scoring.tables import Answer, Audit
from services.scoring.walls.router import router as walls
from services.scoring.what_if.router import router as what_if
from shared.child_processes.child import preload
from shared.database.sessions import Sessions, create_sessions
from shared.http.app import create_service_app
from shared.http.audit_trail import audit_router
from shared.http.cors import allow_origins
from shared.http.jwks import RenewableKeySet
from shared.http.service_client import build_service_client

preload(
    "services.scoring.bulletins.child_work",
    "services.scoring.schemes.scheme_files",
    "services.scoring.what_if.child_work",
)
EXAMPLES_FILE = Path(__file__).with_name("examples.json")  # of its OpenAPI document


def create_app() -> FastAPI:
    settings = Settings.model_validate({})  # from the environment
    registry = build_service_client(
        settings.registry_url, settings.registry_token, settings.registry_timeout
    )
    sessions = create_sessions(settings.database_url, connections=settings.connections)
    app = build_app(sessions, RenewableKeySet(settings.jwks), registry)
    app.state.token_names = settings.token_names
    allow_origins(app, settings.cors_origins)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with registry:
            with open_engine(settings.engine, settings.spark_master) as app.state.engine:
                yield

    app.include_router(APIRouter(lifespan=lifespan))
    return app


def build_app(sessions: Sessions, keys: KeySet, registry: httpx.AsyncClient) -> FastAPI:
    """The service on its database, with its keys; `registry` brings an address and a token."""
    run_routers = (
        runs,
        publications,
        objections,
        corrections,
        reproductions,
        run_views,
        standings,
        walls,
        what_if,
        periods,
        counties,
        bulletins,
    )
    routers = (
        *run_routers,
        lights,
        portfolio,
        indicators,
        campaigns,
        entries,
        schemes,
        audit_router(Audit),
    )
    app = create_service_app(
        "Scoring", *routers, sessions=sessions, keys=keys, answers=Answer, examples=EXAMPLES_FILE
    )
    app.state.registry = registry
    app.state.engine = open_query_runner
    return app

"""uvicorn --factory services.notifier.main:create_app"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from fastapi import APIRouter, FastAPI
from joserfc.jwk import KeySet

from services.notifier.letters.router import router as letters
from services.notifier.rule_book.router import router as rule_book
from services.notifier.settings import IssuingOffice, Settings
from services.notifier.sweeps.router import router as sweeps
from services.notifier.tables import Answer, Audit
from shared.child_processes.child import preload
from shared.database.sessions import Sessions, create_sessions
from shared.http.app import create_service_app
from shared.http.audit_trail import audit_router
from shared.http.cors import allow_origins
from shared.http.jwks import RenewableKeySet
from shared.http.service_client import build_service_client

preload("services.notifier.documents.docx", "services.notifier.documents.letter")
EXAMPLES = Path(__file__).with_name("examples.json")  # of its OpenAPI document


def create_app() -> FastAPI:
    settings = Settings.model_validate({})  # from the environment
    registry = build_service_client(
        settings.registry_url, settings.registry_token, settings.timeout
    )
    scoring = build_service_client(settings.scoring_url, settings.scoring_token, settings.timeout)
    sessions = create_sessions(settings.database_url, connections=settings.connections)
    app = build_app(sessions, RenewableKeySet(settings.jwks), registry, scoring, settings.office)
    app.state.token_names = settings.token_names
    allow_origins(app, settings.cors_origins)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with registry, scoring:
            yield

    app.include_router(APIRouter(lifespan=lifespan))
    return app


def build_app(
    sessions: Sessions,
    keys: KeySet,
    registry: httpx.AsyncClient,
    scoring: httpx.AsyncClient,
    office: IssuingOffice,
) -> FastAPI:
    """The service on its database, with its keys; clients bring addresses and tokens."""
    routers = (letters, sweeps, rule_book, audit_router(Audit))
    app = create_service_app(
        "Notifier", *routers, sessions=sessions, keys=keys, answers=Answer, examples=EXAMPLES
    )
    app.state.registry, app.state.scoring, app.state.office = registry, scoring, office
    return app

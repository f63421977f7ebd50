"""uvicorn --factory services.scoring.main:create_app"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import APIRouter, FastAPI
from joserfc.jwk import KeySet

from services.scoring.inputs.router import router as schemes
from services.scoring.lights.router import router as lights
from services.scoring.runs.router import router as runs
from services.scoring.settings import Settings
from services.scoring.tables import Answer, Audit
from shared import app, db
from shared.tokens import keys_from
from shared.trail import trail


def create_app() -> FastAPI:
    settings = Settings.model_validate({})  # from the environment
    registry = httpx.AsyncClient(
        base_url=str(settings.registry_url),
        headers={"authorization": f"Bearer {settings.registry_token.get_secret_value()}"},
        timeout=settings.registry_timeout,
    )
    sessions = db.connect(settings.database_url, connections=settings.connections)
    made = build(sessions, keys_from(settings.jwks), registry)

    @asynccontextmanager
    async def closing(_: FastAPI) -> AsyncIterator[None]:
        async with registry:
            yield

    made.include_router(APIRouter(lifespan=closing))
    return made


def build(sessions: db.Sessions, keys: KeySet, registry: httpx.AsyncClient) -> FastAPI:
    """The whole service from its needs; `registry` brings an address and a token."""
    routers = (runs, lights, schemes, trail(Audit))
    made = app.create_app("Scoring", *routers, sessions=sessions, keys=keys, answers=Answer)
    made.state.registry = registry
    return made

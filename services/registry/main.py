"""uvicorn --factory services.registry.main:create_app"""

from pathlib import Path

from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.registry import resources
from services.registry.calendar.router import router as calendar
from services.registry.facts.router import router as facts
from services.registry.feed.router import router as feed
from services.registry.ledger.router import router as ledger
from services.registry.offices.router import router as offices
from services.registry.settings import Settings
from services.registry.tables import Answer, Audit
from shared.child_processes.child import preload
from shared.database.sessions import Sessions, create_sessions
from shared.http.app import create_service_app
from shared.http.audit_trail import audit_router
from shared.http.cors import allow_origins
from shared.http.jwks import RenewableKeySet

preload("services.registry.ledger.files")
EXAMPLES = Path(__file__).with_name("examples.json")  # of its OpenAPI document


def create_app() -> FastAPI:
    settings = Settings.model_validate({})  # from the environment
    sessions = create_sessions(settings.database_url, connections=settings.connections)
    app = build_app(sessions, RenewableKeySet(settings.jwks))
    app.state.token_names = settings.token_names
    allow_origins(app, settings.cors_origins)
    return app


def build_app(sessions: Sessions, keys: KeySet) -> FastAPI:
    """The service on its database, with its keys, so that tests may bring their own."""
    routers = (*resources.ROUTERS, ledger, facts, feed, calendar, offices, audit_router(Audit))
    return create_service_app(
        "Registry", *routers, sessions=sessions, keys=keys, answers=Answer, examples=EXAMPLES
    )

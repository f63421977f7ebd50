"""uvicorn --factory services.registry.main:create_app"""

from pathlib import Path

from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.registry.calendar.router import router as calendar
from services.registry.facts.router import router as facts
from services.registry.feed.router import router as feed
from services.registry.funds.router import router as funds
from services.registry.indicators.router import router as indicators
from services.registry.ledger.router import router as ledger
from services.registry.milestones.router import router as milestones
from services.registry.offices.router import router as offices
from services.registry.pauses.router import router as pauses
from services.registry.permits.router import router as permits
from services.registry.plans.router import router as plans
from services.registry.problems.router import router as problems
from services.registry.progress.router import router as progress
from services.registry.projects.router import router as projects
from services.registry.settings import Settings
from services.registry.tables import Answer, Audit
from services.registry.units.router import router as units
from shared.database.sessions import Sessions, create_sessions
from shared.http.app import create_service_app
from shared.http.audit_trail import audit_router
from shared.http.jwks import RenewableKeySet

EXAMPLES = Path(__file__).with_name("examples.json")  # of its OpenAPI document
RECORD_ROUTERS = (
    *(units, projects, plans, milestones, progress, permits, funds, problems, pauses),
    indicators,
)


def create_app() -> FastAPI:
    settings = Settings.model_validate({})  # from the environment
    sessions = create_sessions(settings.database_url, connections=settings.connections)
    return build_app(sessions, RenewableKeySet(settings.jwks))


def build_app(sessions: Sessions, keys: KeySet) -> FastAPI:
    """The service on its database, with its keys, so that tests may bring their own."""
    routers = (*RECORD_ROUTERS, offices, ledger, facts, feed, calendar, audit_router(Audit))
    return create_service_app(
        "Registry", *routers, sessions=sessions, keys=keys, answers=Answer, examples=EXAMPLES
    )

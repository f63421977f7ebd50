"""uvicorn --factory services.registry.main:create_app"""

import logging
from pathlib import Path

from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.registry import resources
from services.registry.accounts.router import router as accounts
from services.registry.calendar.router import router as calendar
from services.registry.facts.router import router as facts
from services.registry.feed.router import router as feed
from services.registry.import_undo.router import router as import_undo
from services.registry.invitations.router import router as invitations
from services.registry.ledger.router import router as ledger
from services.registry.mappings.router import router as mappings
from services.registry.offices.router import router as offices
from services.registry.periods.router import router as periods
from services.registry.reviews.router import router as reviews
from services.registry.sessions.oidc import OidcProvider
from services.registry.sessions.router import ROUTERS as SESSION_ROUTERS
from services.registry.settings import SessionSettings, Settings
from services.registry.tables import Answer, Audit
from services.registry.voids.router import router as voids
from shared.child_processes.child import preload
from shared.database.sessions import Sessions, create_sessions
from shared.http.app import create_service_app
from shared.http.audit_trail import audit_router
from shared.http.cors import allow_origins
from shared.http.jwks import RenewableKeySet
from shared.http.tokens import Issuer

preload("services.registry.ledger.files", "services.registry.mappings.files")
EXAMPLES = Path(__file__).with_name("examples.json")  # of its OpenAPI document
log = logging.getLogger(__name__)
BROWSER_DEFAULTS = SessionSettings()


def create_app() -> FastAPI:
    settings = Settings.model_validate({})  # from the environment
    sessions = create_sessions(settings.database_url, connections=settings.connections)
    keys, issuer = RenewableKeySet(settings.jwks), settings.open_issuer()
    oidc = OidcProvider(settings.oidc) if settings.oidc else None
    app = build_app(sessions, keys, issuer, session_settings=settings.sessions, oidc=oidc)
    app.state.token_names = settings.token_names
    if issuer is not None and not keys.has(issuer.key.kid or ""):
        log.warning("REGISTRY_SIGNING_KEY is not among the keys of REGISTRY_JWKS")
    allow_origins(app, settings.cors_origins)
    return app


def build_app(
    sessions: Sessions,
    keys: KeySet,
    issuer: Issuer | None = None,
    *,
    session_settings: SessionSettings = BROWSER_DEFAULTS,
    oidc: OidcProvider | None = None,
) -> FastAPI:
    """The service on its database, with its keys, so that tests may bring their own.

    Without `issuer` nobody signs in here: tokens are somebody else's.
    """
    routers = (
        *resources.ROUTERS,
        reviews,
        voids,
        periods,
        ledger,
        import_undo,
        mappings,
        facts,
        feed,
        calendar,
        offices,
        invitations,
        accounts,
    )
    app = create_service_app(
        "Registry",
        *routers,
        *SESSION_ROUTERS,
        audit_router(Audit),
        sessions=sessions,
        keys=keys,
        answers=Answer,
        examples=EXAMPLES,
    )
    app.state.issuer, app.state.session_settings, app.state.oidc = issuer, session_settings, oidc
    return app

"""The registry with a single sign-on."""

import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.registry.main import build_app
from shared.database.sessions import Sessions
from shared.http.tokens import Issuer
from tests.registry.sessions.oidc.provider import SingleSignOn


@pytest.fixture
def sso() -> SingleSignOn:
    return SingleSignOn()


@pytest.fixture
def registry(sessions: Sessions, issuer: Issuer, sso: SingleSignOn) -> FastAPI:
    return build_app(sessions, KeySet([issuer.key]), issuer, oidc=sso.provider())

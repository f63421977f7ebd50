"""A small single sign-on: it signs in whoever it is told to, rightly or with a twist."""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from services.registry.sessions.oidc import OidcProvider
from services.registry.settings import OidcSettings
from shared import clock

ISSUER, CLIENT, CLIENT_SECRET = "https://sso.example/realms/county", "bairi", "of-the-client"
Claims = dict[str, Any]


def unsigned(claims: Claims) -> str:
    """A token of the algorithm «none», which nobody has signed."""
    parts = [json.dumps({"alg": "none"}).encode(), json.dumps(claims).encode(), b""]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


@dataclass
class SingleSignOn:
    """`person` are the claims of who signs in there; `twist` may change those of a token."""

    person: Claims = field(default_factory=lambda: {"sub": "person-1"})
    twist: Callable[[Claims], Claims] = dict
    sign: Callable[[Claims], str] | None = None
    is_away: bool = False
    key: Any = field(default_factory=lambda: ECKey.generate_key("P-256", auto_kid=True))
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def build_token(self, claims: Claims, key: Any = None, algorithm: str = "ES256") -> str:
        key = key or self.key
        return jwt.encode({"alg": algorithm, "kid": key.kid}, claims, key, [algorithm])

    def provider(self, **settings: str) -> OidcProvider:
        """What the registry has of it."""
        known = OidcSettings(ISSUER, CLIENT, CLIENT_SECRET, **settings)
        return OidcProvider(known, httpx.ASGITransport(self.app))

    @property
    def app(self) -> FastAPI:
        app, prefix = FastAPI(), "/realms/county"

        @app.middleware("http")
        async def be_away(request: Request, call_next: Any) -> Response:
            away: Response = JSONResponse({}, 503)
            return away if self.is_away else await call_next(request)

        @app.get(f"{prefix}/.well-known/openid-configuration")
        async def describe() -> dict[str, str]:
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token"}
            found = {name: f"{ISSUER}/{path}" for name, path in ends.items()}
            return {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", **found}

        @app.get(f"{prefix}/keys")
        async def read_keys() -> Any:
            return KeySet([self.key]).as_dict(private=False)

        @app.get(f"{prefix}/authorize")
        async def authorize(request: Request) -> Response:
            asked = dict(request.query_params)
            assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
            assert asked["code_challenge_method"] == "S256"
            code = secrets.token_urlsafe()
            self.asked[code] = asked
            back = {"code": code, "state": asked["state"], "session_state": "of-theirs"}
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", 302)

        @app.post(f"{prefix}/token")
        async def issue(request: Request) -> Response:
            form = {name: values[0] for name, values in parse_qs(await request.body()).items()}
            sent = {name.decode(): value.decode() for name, value in form.items()}
            asked = self.asked.pop(sent["code"], None)
            digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
            proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            expected = (CLIENT, CLIENT_SECRET, asked and asked["redirect_uri"])
            given = (sent["client_id"], sent["client_secret"], sent["redirect_uri"])
            if asked is None or given != expected or proof != asked["code_challenge"]:
                return JSONResponse({"error": "invalid_grant"}, 400)
            now = int(clock.now().timestamp())
            claims = {"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 300}
            claims = self.twist({**claims, "nonce": asked["nonce"], **self.person})
            sign = self.sign or self.build_token
            return JSONResponse({"id_token": sign(claims), "access_token": "unused"})

        return app


def other_key() -> Any:
    return RSAKey.generate_key(2048, auto_kid=True)

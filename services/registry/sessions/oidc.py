"""A single sign-on by OpenID Connect: where to send people, and who comes back. Code flow, PKCE."""

import base64
import hashlib
import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError

from services.registry.sessions.rules import OidcRefused, OidcUnavailable
from services.registry.settings import OidcSettings

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]
SCOPE = "openid profile"
PROVIDER_TIMEOUT = 5.0  # seconds for each answer
METADATA_LASTS = timedelta(hours=1)
KEYS_AGAIN_AFTER = timedelta(minutes=1)  # at most so often, whatever tokens come
LEEWAY = 30  # seconds by which clocks may differ
MAX_ANSWER = 200_000  # bytes of a provider's answer
# What reading a provider's answer may end in.
UNUSABLE = (httpx.HTTPError, JoseError, ValidationError, ValueError, KeyError, TypeError)
log = logging.getLogger(__name__)


class Metadata(BaseModel):
    """What a provider says of itself, as far as it is needed."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class IdentityClaims(BaseModel):
    """Claims of an identity token; others may stand beside them."""

    model_config = ConfigDict(strict=True, extra="allow")

    iss: str
    aud: str | list[str]
    azp: str | None = None
    sub: str
    exp: int | float
    iat: int | float = 0
    nonce: str

    def are_for(self, settings: OidcSettings) -> bool:
        audiences = [self.aud] if isinstance(self.aud, str) else self.aud
        party = self.azp if self.azp is not None or len(audiences) > 1 else settings.client_id
        is_ours = settings.client_id in audiences and party == settings.client_id
        return self.iss == settings.issuer and is_ours and 0 < len(self.sub) <= 255

    def hold_at(self, now: datetime) -> bool:
        seconds = now.timestamp()
        return self.iat - LEEWAY <= seconds < self.exp + LEEWAY

    @property
    def others(self) -> Mapping[str, Any]:
        return self.model_extra or {}


@dataclass(frozen=True)
class Errand:
    """A way out and back: what its secret makes of itself for each who has to know something.

    The secret is in the browser's cookie only, and nothing that is stored or sent leads to it.
    """

    secret: str

    @classmethod
    def begin(cls) -> "Errand":
        return cls(secrets.token_urlsafe(32))

    @property
    def state(self) -> str:
        return self.derive("state")

    @property
    def nonce(self) -> str:
        return self.derive("nonce")

    @property
    def verifier(self) -> str:
        return self.derive("verifier")

    @property
    def code_challenge(self) -> str:
        return encode(hashlib.sha256(self.verifier.encode()).digest())

    def derive(self, purpose: str) -> str:
        return encode(hmac.digest(self.secret.encode(), purpose.encode(), "sha256"))

    def is_answered_by(self, state: str) -> bool:
        return hmac.compare_digest(state.encode(), self.state.encode())


class OidcProvider:
    """A provider, by its settings; what it says of itself and its keys are kept for a while."""

    def __init__(
        self, settings: OidcSettings, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.settings, self.transport = settings, transport
        self.metadata: tuple[datetime, Metadata] | None = None
        self.keys: tuple[datetime, KeySet] | None = None

    async def build_address(self, errand: Errand, redirect_uri: str, now: datetime) -> str:
        """Where somebody signs in, and comes back from. Raises OidcUnavailable."""
        endpoint = (await self.load_metadata(now)).authorization_endpoint
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": errand.state,
            "nonce": errand.nonce,
            "code_challenge": errand.code_challenge,
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def identify(
        self, errand: Errand, code: str, redirect_uri: str, now: datetime
    ) -> IdentityClaims:
        """Who came back with a code. Raises OidcRefused, OidcUnavailable."""
        metadata = await self.load_metadata(now)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.settings.client_id,
            "code_verifier": errand.verifier,
        }
        if self.settings.client_secret:
            form["client_secret"] = self.settings.client_secret
        try:
            answer = await self.send("POST", metadata.token_endpoint, data=form)
            token = answer["id_token"]
            claims = await self.verify(token, metadata, now)
        except httpx.HTTPStatusError as error:
            if error.response.status_code >= 500:
                raise unavailable(error) from None
            raise refused(error) from None
        except httpx.HTTPError as error:
            raise unavailable(error) from None
        except UNUSABLE as error:
            raise refused(error) from None
        if not hmac.compare_digest(claims.nonce.encode(), errand.nonce.encode()):
            raise refused(ValueError("nonce"))
        return claims

    async def verify(self, token: str, metadata: Metadata, now: datetime) -> IdentityClaims:
        """The claims of a token that the provider signed for us, now. Raises one of UNUSABLE."""
        if not isinstance(token, str):
            raise TypeError("id_token")
        try:
            decoded = jwt.decode(token, await self.load_keys(metadata, now), ALGORITHMS)
        except (JoseError, ValueError):
            decoded = jwt.decode(token, await self.load_keys(metadata, now, anew=True), ALGORITHMS)
        claims = IdentityClaims.model_validate(decoded.claims)
        if not (claims.are_for(self.settings) and claims.hold_at(now)):
            raise ValueError("for another, or another time")
        return claims

    async def load_metadata(self, now: datetime) -> Metadata:
        """What the provider says of itself. Raises OidcUnavailable."""
        if self.metadata is not None and abs(now - self.metadata[0]) < METADATA_LASTS:
            return self.metadata[1]
        try:
            path = f"{self.settings.issuer}/.well-known/openid-configuration"
            found = Metadata.model_validate(await self.send("GET", path))
            if found.issuer.rstrip("/") != self.settings.issuer.rstrip("/"):
                raise ValueError("another issuer")
        except UNUSABLE as error:
            raise unavailable(error) from None
        self.metadata = now, found
        return found

    async def load_keys(self, metadata: Metadata, now: datetime, *, anew: bool = False) -> KeySet:
        """The provider's keys; looked up again for a token that none of them signed."""
        age = None if self.keys is None else abs(now - self.keys[0])
        if self.keys is None or age is None or (anew and age >= KEYS_AGAIN_AFTER):
            found = await self.send("GET", metadata.jwks_uri)
            self.keys = now, KeySet.import_key_set(found)
        return self.keys[1]

    async def send(self, method: str, address: str, **sent: Any) -> Any:
        """A document of the provider's. Raises httpx.HTTPError, ValueError."""
        async with httpx.AsyncClient(transport=self.transport, timeout=PROVIDER_TIMEOUT) as client:
            answer = (await client.request(method, address, **sent)).raise_for_status()
        if len(answer.content) > MAX_ANSWER:
            raise ValueError("too long")
        return answer.json()


def unavailable(error: Exception) -> OidcUnavailable:
    log.warning("single sign-on", extra={"data": {"error": type(error).__name__}})
    return OidcUnavailable(
        "统一身份认证没有应答，请稍后再试", "It does not answer; try again later."
    )


def refused(error: Exception) -> OidcRefused:
    log.warning("identity refused", extra={"data": {"error": type(error).__name__}})
    return OidcRefused("请重来一次", "Begin again.")


def encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")

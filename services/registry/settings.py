"""Settings of the registry, from the environment."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import Field, FilePath, field_validator
from pydantic_settings import SettingsConfigDict

from services.registry.origins import Origin, parse_public_url
from shared.http.cors import CorsSettings
from shared.http.token_settings import TokenSettings
from shared.http.tokens import Issuer


@dataclass(frozen=True)
class SessionSettings:
    """How long a browser stays signed in, and where it finds this service."""

    public_origin: Origin | None = None
    idle: timedelta = timedelta(days=14)
    lasts: timedelta = timedelta(days=90)


@dataclass(frozen=True)
class OidcSettings:
    """A single sign-on, and the claims of its tokens that say who may do what."""

    issuer: str
    client_id: str
    client_secret: str = ""
    name: str = "统一身份认证"
    role_claim: str = "bairi_role"
    region_claim: str = "bairi_region"
    unit_claim: str = "bairi_unit"


class Settings(TokenSettings, CorsSettings):
    """REGISTRY_DATABASE_URL, REGISTRY_OWNER_URL, REGISTRY_JWKS, REGISTRY_ISSUER, REGISTRY_AUDIENCE,
    REGISTRY_CONNECTIONS, REGISTRY_CORS_ORIGINS; for signing in REGISTRY_SIGNING_KEY,
    REGISTRY_PUBLIC_URL, REGISTRY_SESSION_IDLE_DAYS, REGISTRY_SESSION_DAYS, and for a single sign-on
    REGISTRY_OIDC_ISSUER, REGISTRY_OIDC_CLIENT_ID, REGISTRY_OIDC_CLIENT_SECRET, REGISTRY_OIDC_NAME,
    REGISTRY_OIDC_ROLE_CLAIM, REGISTRY_OIDC_REGION_CLAIM, REGISTRY_OIDC_UNIT_CLAIM.
    """

    model_config = SettingsConfigDict(env_prefix="REGISTRY_", env_file=".env", extra="ignore")

    database_url: str  # postgresql+asyncpg://…, also over a socket
    owner_url: str = ""  # of who owns the tables and migrates; none: the service itself
    connections: int = 10
    signing_key: FilePath | None = None  # that signs sessions' tokens; its public half is in JWKS
    public_url: str = ""  # of this service, as browsers see it
    session_idle_days: int = Field(default=14, ge=1, le=365)
    session_days: int = Field(default=90, ge=1, le=365)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = OidcSettings.name
    oidc_role_claim: str = OidcSettings.role_claim
    oidc_region_claim: str = OidcSettings.region_claim
    oidc_unit_claim: str = OidcSettings.unit_claim

    @field_validator("public_url")
    @classmethod
    def check_public_url(cls, url: str) -> str:
        if url:
            parse_public_url(url)
        return url

    @property
    def sessions(self) -> SessionSettings:
        return SessionSettings(
            parse_public_url(self.public_url) if self.public_url else None,
            timedelta(days=self.session_idle_days),
            timedelta(days=self.session_days),
        )

    @property
    def oidc(self) -> OidcSettings | None:
        if not (self.oidc_issuer and self.oidc_client_id):
            return None
        return OidcSettings(
            self.oidc_issuer.rstrip("/"),
            self.oidc_client_id,
            self.oidc_client_secret,
            self.oidc_name,
            self.oidc_role_claim,
            self.oidc_region_claim,
            self.oidc_unit_claim,
        )

    def open_issuer(self) -> Issuer | None:
        """The issuer of sessions' tokens, of the key in the file."""
        return Issuer(Path(self.signing_key)) if self.signing_key else None

"""Settings of the registry, from the environment."""

from pydantic_settings import SettingsConfigDict

from shared.http.cors import CorsSettings
from shared.http.token_settings import TokenSettings


class Settings(TokenSettings, CorsSettings):
    """REGISTRY_DATABASE_URL, REGISTRY_OWNER_URL, REGISTRY_JWKS, REGISTRY_ISSUER, REGISTRY_AUDIENCE,
    REGISTRY_CONNECTIONS, REGISTRY_CORS_ORIGINS.
    """

    model_config = SettingsConfigDict(env_prefix="REGISTRY_", env_file=".env", extra="ignore")

    database_url: str  # postgresql+asyncpg://…, also over a socket
    owner_url: str = ""  # of who owns the tables and migrates; none: the service itself
    connections: int = 10

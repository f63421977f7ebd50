"""Settings of the registry, from the environment."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """REGISTRY_DATABASE_URL, REGISTRY_OWNER_URL, REGISTRY_JWKS, REGISTRY_CONNECTIONS."""

    model_config = SettingsConfigDict(env_prefix="REGISTRY_", env_file=".env", extra="ignore")

    database_url: str  # postgresql+asyncpg://…, also over a socket
    owner_url: str = ""  # of who owns the tables and migrates; none: the service itself
    jwks: str  # address or file of the keys that sign the tokens
    connections: int = 10

"""What the scoring service must be told: its database, the registry, whose tokens it trusts."""

from pathlib import Path

from pydantic import AnyHttpUrl, PostgresDsn, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SCORING_", env_file=".env", extra="ignore")

    database_url: PostgresDsn
    key_set_file: Path  # the public keys (JWKS) of those who issue tokens
    registry_url: AnyHttpUrl
    registry_token: SecretStr
    registry_timeout: float = 60  # seconds between two parts of an answer

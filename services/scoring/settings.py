"""What the scoring service must be told."""

from pydantic import AnyHttpUrl, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.scoring.execution.engines import EngineName
from services.scoring.execution.spark import HERE


class Settings(BaseSettings):
    """SCORING_DATABASE_URL, SCORING_JWKS, SCORING_CONNECTIONS, SCORING_REGISTRY_URL,
    SCORING_REGISTRY_TOKEN, SCORING_REGISTRY_TIMEOUT, SCORING_ENGINE, SCORING_SPARK_MASTER.
    """

    model_config = SettingsConfigDict(env_prefix="SCORING_", env_file=".env", extra="ignore")

    database_url: str
    jwks: str  # address or file of the keys that sign the tokens
    connections: int = 10
    registry_url: AnyHttpUrl
    registry_token: SecretStr
    registry_timeout: float = 60  # seconds between two parts of an answer
    engine: EngineName = "duckdb"  # where runs are computed
    spark_master: str = HERE  # the address of a cluster, where the engine is Spark

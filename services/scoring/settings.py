"""Settings of the scoring service, from the environment."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, AnyHttpUrl, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from services.scoring.execution.engine_names import LOCAL_MASTER, EngineName
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from shared.database.jobs import validate_cron
from shared.http.cors import CorsSettings
from shared.http.token_settings import TokenSettings

FIRST_OF_MONTH_CRON = "0 1 1 * *"  # 9:00 in China


@dataclass(frozen=True)
class MonthlyRuns:
    """The automatic monthly runs: their regions, their scheme, their schedule (in UTC).

    Each office in the regions has a run of its own.
    """

    regions: tuple[str, ...] = ("",)
    scheme: str = DEFAULT_SCHEME
    cron: str = FIRST_OF_MONTH_CRON


class Settings(TokenSettings, CorsSettings):
    """SCORING_DATABASE_URL, SCORING_OWNER_URL, SCORING_JWKS, SCORING_ISSUER, SCORING_AUDIENCE,
    SCORING_CONNECTIONS, SCORING_CORS_ORIGINS, SCORING_REGISTRY_URL, SCORING_REGISTRY_TOKEN,
    SCORING_REGISTRY_TIMEOUT,
    SCORING_MONTHLY, SCORING_MONTHLY_REGIONS, SCORING_MONTHLY_SCHEME, SCORING_MONTHLY_CRON,
    SCORING_ENGINE, SCORING_SPARK_MASTER.
    """

    model_config = SettingsConfigDict(env_prefix="SCORING_", env_file=".env", extra="ignore")

    database_url: str
    owner_url: str = ""  # of who owns the tables and migrates; none: the service itself
    connections: int = 10
    registry_url: AnyHttpUrl
    registry_token: SecretStr
    registry_timeout: float = 60  # seconds between two parts of a response
    engine: EngineName = "duckdb"  # where runs are computed
    spark_master: str = LOCAL_MASTER  # the address of a cluster, where the engine is Spark
    monthly: bool = True  # whether months are run automatically
    monthly_regions: Annotated[str, Field(pattern=r"^\d{0,12}(,\d{1,12})*$")] = (
        ""  # prefixes with commas between them; none is the whole country
    )
    monthly_scheme: str = DEFAULT_SCHEME
    monthly_cron: Annotated[str, AfterValidator(validate_cron)] = FIRST_OF_MONTH_CRON  # in UTC

    @property
    def months(self) -> MonthlyRuns | None:
        """The automatic runs; None where they are switched off."""
        if not self.monthly:
            return None
        regions = tuple(self.monthly_regions.split(","))
        return MonthlyRuns(regions, self.monthly_scheme, self.monthly_cron)

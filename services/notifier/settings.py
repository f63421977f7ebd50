"""Settings of the notifier, from the environment."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, AnyHttpUrl, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.database.jobs import validate_cron
from shared.http.cors import CorsSettings
from shared.http.token_settings import TokenSettings
from shared.http.tokens import REGION_PREFIX

DAILY_SWEEP_CRON = "30 0 * * *"  # 8:30 in China


@dataclass(frozen=True)
class IssuingOffice:
    """Settings of sweeps, of all offices alike: the scheme of the lights, days, the schedule.

    `sweep_cron` is the schedule of the automatic sweep (cron, in UTC) of the offices of `region`.
    `any_day` lets a sweep run for another day than today; for tests and demonstrations only, and
    then there is no automatic sweep. Names and agency words are the registry's.
    """

    scheme: str = "lanxian-2022"
    any_day: bool = False
    region: str = ""
    sweep_cron: str = DAILY_SWEEP_CRON


class Settings(TokenSettings, CorsSettings):
    """NOTIFIER_DATABASE_URL, NOTIFIER_OWNER_URL, NOTIFIER_JWKS, NOTIFIER_ISSUER, NOTIFIER_AUDIENCE,
    NOTIFIER_CONNECTIONS, NOTIFIER_CORS_ORIGINS, NOTIFIER_REGISTRY_URL, NOTIFIER_REGISTRY_TOKEN,
    NOTIFIER_SCORING_URL, NOTIFIER_SCORING_TOKEN, NOTIFIER_TIMEOUT,
    NOTIFIER_SCHEME, NOTIFIER_ANY_DAY, NOTIFIER_REGION, NOTIFIER_SWEEP_CRON.
    """

    model_config = SettingsConfigDict(env_prefix="NOTIFIER_", env_file=".env", extra="ignore")

    database_url: str
    owner_url: str = ""  # of who owns the tables and migrates; none: the service itself
    connections: int = 10
    registry_url: AnyHttpUrl
    registry_token: SecretStr
    scoring_url: AnyHttpUrl
    scoring_token: SecretStr
    timeout: float = 60  # seconds between two parts of an answer
    scheme: str = "lanxian-2022"
    any_day: bool = False
    region: Annotated[str, Field(pattern=rf"^{REGION_PREFIX.pattern}$")] = (
        ""  # a prefix; none is all of them
    )
    sweep_cron: Annotated[str, AfterValidator(validate_cron)] = DAILY_SWEEP_CRON  # in UTC

    @property
    def office(self) -> IssuingOffice:
        return IssuingOffice(self.scheme, self.any_day, self.region, self.sweep_cron)

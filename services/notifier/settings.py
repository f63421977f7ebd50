"""What the notifier must be told."""

from dataclasses import dataclass

from pydantic import AnyHttpUrl, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


@dataclass(frozen=True)
class Office:
    """Who issues letters: the name over them, the word in their numbers, the scheme of the lights.

    `any_day` lets a sweep run for another day than today; for tests and demonstrations only.
    """

    name: str
    agency_word: str
    scheme: str = "lanxian-2022"
    any_day: bool = False


class Settings(BaseSettings):
    """NOTIFIER_DATABASE_URL, NOTIFIER_JWKS, NOTIFIER_CONNECTIONS, NOTIFIER_REGISTRY_URL,
    NOTIFIER_REGISTRY_TOKEN, NOTIFIER_SCORING_URL, NOTIFIER_SCORING_TOKEN, NOTIFIER_TIMEOUT,
    NOTIFIER_OFFICE_NAME, NOTIFIER_AGENCY_WORD, NOTIFIER_SCHEME, NOTIFIER_ANY_DAY.
    """

    model_config = SettingsConfigDict(env_prefix="NOTIFIER_", env_file=".env", extra="ignore")

    database_url: str
    jwks: str  # address or file of the keys that sign the tokens
    connections: int = 10
    registry_url: AnyHttpUrl
    registry_token: SecretStr
    scoring_url: AnyHttpUrl
    scoring_token: SecretStr
    timeout: float = 60  # seconds between two parts of an answer
    office_name: str  # 发文机关
    agency_word: str  # 发文机关代字
    scheme: str = "lanxian-2022"
    any_day: bool = False

    @property
    def office(self) -> Office:
        return Office(self.office_name, self.agency_word, self.scheme, self.any_day)

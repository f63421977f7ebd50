"""Settings of whose tokens a service takes, the same in every service."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.http.tokens import AUDIENCE, ISSUER, ExpectedNames

Name = Annotated[str, Field(min_length=1)]


class TokenSettings(BaseSettings):
    """`JWKS`, `ISSUER` and `AUDIENCE`, below the prefix of the service."""

    # An error about one setting would print the others, and services' tokens are among them.
    model_config = SettingsConfigDict(hide_input_in_errors=True)

    jwks: str  # address or file of the keys that sign the tokens
    issuer: Name = ISSUER  # `iss` of every token
    audience: Name = AUDIENCE  # `aud` of every token, or one of several

    @property
    def token_names(self) -> ExpectedNames:
        return ExpectedNames(self.issuer, self.audience)

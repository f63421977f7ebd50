"""Signing in elsewhere: OpenID Connect, code flow with PKCE."""

from dataclasses import dataclass

from services.registry.settings import OidcSettings


@dataclass(frozen=True)
class OidcProvider:
    settings: OidcSettings

"""Settings of an office over HTTP: its letterhead, its agency words, who to ask, who signs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import httpx

from shared.http.facts_client import JSON_MEDIA_TYPE, REGISTRY_SERVICE
from shared.http.service_client import request_headers
from shared.plausibility.thresholds import DEFAULT_THRESHOLDS, PlausibilityThresholds

DEFAULT_WORD = "default"  # of the agency words: the one of every kind of letter without its own


@dataclass(frozen=True)
class OfficeSettings:
    """Settings of an office that are in force; `version` is None where it has set none itself.

    `agency_words` and `signers` are by kind of letter, the former with a `default`.
    """

    office: str
    name: str
    agency_words: Mapping[str, str]
    contact: str | None
    telephone: str | None
    signers: Mapping[str, str]
    version: int | None
    plausibility: PlausibilityThresholds = DEFAULT_THRESHOLDS
    review: Mapping[str, str] = field(default_factory=dict)  # by kind of record
    periods: Mapping[str, Any] | None = None  # until when is reported, by kind of period

    def agency_word(self, kind: str) -> str:
        """The agency word of a kind of letter; kinds of one word share a sequence."""
        return self.agency_words.get(kind, self.agency_words[DEFAULT_WORD])


@dataclass(frozen=True)
class OfficesClient:
    """`http` brings the registry's address and our token."""

    http: httpx.AsyncClient

    async def load_office(self, office: str) -> OfficeSettings:
        """The present settings of an office, by its code or a prefix (`350521`, `3505`).

        An office that has set nothing has names derived from its region. Raises RegistryAway,
        RegistryRefused (also where our token does not see the office), InvalidRequest.
        """
        path = f"/v1/offices/{office}"
        try:
            response = await self.http.get(path, headers=request_headers(JSON_MEDIA_TYPE))
        except httpx.TransportError as error:
            raise REGISTRY_SERVICE.no_answer(error) from error
        await REGISTRY_SERVICE.check_status(response)
        try:
            return parse_office_settings(response.json())
        except (ValueError, KeyError, TypeError) as error:
            raise REGISTRY_SERVICE.unusable_answer(path, error) from error


def parse_office_settings(document: Mapping[str, Any]) -> OfficeSettings:
    """Parse an answer, whatever else is in it. Raises KeyError, TypeError or ValueError."""
    said = {each.name: document[each.name] for each in fields(OfficeSettings)}
    thresholds = PlausibilityThresholds.model_validate(said["plausibility"])
    settings = OfficeSettings(**{**said, "plausibility": thresholds})
    if not settings.name or not settings.agency_words[DEFAULT_WORD]:
        raise ValueError("an office without a name")
    return settings

"""Client of the registry, the only one in the notifier: facts of offices, and their settings."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import httpx
from fastapi import Depends, Request

from services.notifier.rules.void_facts import RESTED_ON, VoidFact
from shared.http.facts_client import (
    JSON_MEDIA_TYPE,
    REGISTRY_SERVICE,
    FactsClient,
    FactsSnapshot,
    RegistryAway,
    RegistryRefused,
)
from shared.http.offices_client import OfficesClient
from shared.http.pages import MAX_PAGE_ITEMS
from shared.http.questions import Question
from shared.http.service_client import request_headers
from shared.problems import raises

LETTER_TABLES = ("units", "projects", "milestones", "pauses")


class RegistryClient(FactsClient, OfficesClient):
    """Questions to the registry: facts of letters, settings of offices, what was voided."""

    async def load_letter_facts(self, office: str) -> FactsSnapshot:
        """Load the present facts of an office; tables that letters do not need are empty."""
        return await self.load_facts(Question.of_office(office), tables=LETTER_TABLES)

    async def load_void_facts(self, office: str) -> list[VoidFact]:
        """Load what letters may rest on and is void now. Raises RegistryAway, RegistryRefused."""
        return [fact for kind in RESTED_ON for fact in await self.load_void_facts_of(office, kind)]

    async def load_void_facts_of(self, office: str, kind: str) -> list[VoidFact]:
        """Load the facts of a kind that are void now, page by page."""
        asked = {"office": office, "table": kind, "in_force": "true", "limit": str(MAX_PAGE_ITEMS)}
        found, after = list[VoidFact](), ""
        while True:
            page = await self.load_page("/v1/voided-records", asked | {"after": after})
            try:
                found += [parse_void_fact(kind, item["record"]) for item in page["items"]]
                after = page["next"]
            except (ValueError, KeyError, TypeError) as error:
                raise REGISTRY_SERVICE.unusable_answer("/v1/voided-records", error) from error
            if after is None:
                return found

    async def load_page(self, path: str, asked: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            response = await self.http.get(
                path, params=asked, headers=request_headers(JSON_MEDIA_TYPE)
            )
        except httpx.TransportError as error:
            raise REGISTRY_SERVICE.no_answer(error) from error
        await REGISTRY_SERVICE.check_status(response)
        try:
            page: Mapping[str, Any] = response.json()
        except ValueError as error:
            raise REGISTRY_SERVICE.unusable_answer(path, error) from error
        return page


def parse_void_fact(kind: str, record: Mapping[str, Any]) -> VoidFact:
    """Parse a voided record. Raises KeyError, TypeError or ValueError."""
    void = record["void"]
    return VoidFact(
        kind,
        record,
        datetime.fromisoformat(record["recorded_at"]),
        void["id"],
        void["reason"],
        datetime.fromisoformat(void["voided_at"]),
    )


@raises(RegistryRefused, RegistryAway)
def build_registry_client(request: Request) -> RegistryClient:
    return RegistryClient(request.app.state.registry)


RegistryParam = Annotated[RegistryClient, Depends(build_registry_client)]

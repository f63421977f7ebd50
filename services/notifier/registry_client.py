"""The only place that calls the registry: what letters are decided by, and whom they name."""

from typing import Annotated

from fastapi import Depends, Request

from shared.http.facts_client import FactsClient, FactsSnapshot, RegistryAway, RegistryRefused
from shared.problems import raises

LETTER_TABLES = ("units", "projects", "milestones", "pauses")


class RegistryClient(FactsClient):
    async def facts_of_letters(self, region: str) -> FactsSnapshot:
        """The present facts of a region; what letters do not look at is left out."""
        return await self.facts_known(None, region, LETTER_TABLES)


@raises(RegistryRefused, RegistryAway)
def build_registry_client(request: Request) -> RegistryClient:
    return RegistryClient(request.app.state.registry)


RegistryParam = Annotated[RegistryClient, Depends(build_registry_client)]

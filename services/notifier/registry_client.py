"""The only place that calls the registry: what letters are decided by, and whom they name."""

from typing import Annotated

from fastapi import Depends, Request

from shared.http.facts_client import FactsClient, Known, RegistryAway, RegistryRefused
from shared.problems import raises

TABLES = ("units", "projects", "milestones", "pauses")


class RegistryClient(FactsClient):
    async def facts_of_letters(self, region: str) -> Known:
        """The present facts of a region; what letters do not look at is left out."""
        return await self.facts_known(None, region, TABLES)


@raises(RegistryRefused, RegistryAway)
def registry_of(request: Request) -> RegistryClient:
    return RegistryClient(request.app.state.registry)


Registry = Annotated[RegistryClient, Depends(registry_of)]

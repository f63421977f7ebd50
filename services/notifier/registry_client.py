"""Client of the registry, the only one in the notifier: facts that letters are decided by."""

from typing import Annotated

from fastapi import Depends, Request

from shared.http.facts_client import FactsClient, FactsSnapshot, RegistryAway, RegistryRefused
from shared.problems import raises

LETTER_TABLES = ("units", "projects", "milestones", "pauses")


class RegistryClient(FactsClient):
    async def load_letter_facts(self, region: str) -> FactsSnapshot:
        """Load the present facts of a region; tables that letters do not need are empty."""
        return await self.facts_known(None, region, LETTER_TABLES)


@raises(RegistryRefused, RegistryAway)
def build_registry_client(request: Request) -> RegistryClient:
    return RegistryClient(request.app.state.registry)


RegistryParam = Annotated[RegistryClient, Depends(build_registry_client)]

"""Client of the registry, the only one in the notifier: facts of offices, and their settings."""

from typing import Annotated

from fastapi import Depends, Request

from shared.http.facts_client import FactsClient, FactsSnapshot, RegistryAway, RegistryRefused
from shared.http.offices_client import OfficesClient
from shared.http.questions import Question
from shared.problems import raises

LETTER_TABLES = ("units", "projects", "milestones", "pauses")


class RegistryClient(FactsClient, OfficesClient):
    async def load_letter_facts(self, office: str) -> FactsSnapshot:
        """Load the present facts of an office; tables that letters do not need are empty."""
        return await self.load_facts(Question.of_office(office), tables=LETTER_TABLES)


@raises(RegistryRefused, RegistryAway)
def build_registry_client(request: Request) -> RegistryClient:
    return RegistryClient(request.app.state.registry)


RegistryParam = Annotated[RegistryClient, Depends(build_registry_client)]

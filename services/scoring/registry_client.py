"""The only client of the registry: the facts of a region, as they were known at a moment."""

from typing import Annotated

from fastapi import Depends, Request

from shared.http.facts_client import FactsClient, RegistryAway, RegistryRefused
from shared.problems import raises

RegistryClient = FactsClient


@raises(RegistryRefused, RegistryAway)
def build_registry_client(request: Request) -> RegistryClient:
    return RegistryClient(request.app.state.registry)


Registry = Annotated[RegistryClient, Depends(build_registry_client)]

"""The only place that calls the registry: the facts of a region, as they were known at a moment."""

from typing import Annotated

from fastapi import Depends, Request

from shared.http.facts_client import FactsClient, RegistryAway, RegistryRefused
from shared.problems import raises

RegistryClient = FactsClient


@raises(RegistryRefused, RegistryAway)
def registry_of(request: Request) -> RegistryClient:
    return RegistryClient(request.app.state.registry)


Registry = Annotated[RegistryClient, Depends(registry_of)]

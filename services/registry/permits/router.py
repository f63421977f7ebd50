"""Permits of projects (前期手续) over HTTP."""

from services.registry.records.endpoints import READERS, Resource, routes
from shared.http.tokens import Role

router = routes(
    Resource(
        "permits",
        one="permit",
        path="/projects/{project_id}/permits",
        item="/projects/{project_id}/permits/{kind}",
        query=("stage",),
        writers=(Role.office, Role.unit, Role.approval),
        readers=(*READERS, Role.approval),
    )
)

"""Permits of projects (前期手续) over HTTP."""

from services.registry.records.endpoints import RECORD_READERS, Resource, build_router
from shared.http.tokens import Role

router = build_router(
    Resource(
        "permits",
        one="permit",
        path="/projects/{project_id}/permits",
        item="/projects/{project_id}/permits/{kind}",
        query=("stage",),
        writers=(Role.office, Role.unit, Role.approval),
        readers=(*RECORD_READERS, Role.approval),
    )
)

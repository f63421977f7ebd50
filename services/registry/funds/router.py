"""Money of projects and units (资金) over HTTP."""

from services.registry.records.endpoints import Resource, build_router
from shared.http.tokens import Role

router = build_router(
    Resource(
        "funds",
        one="fund",
        path="/funds",
        item="/funds/{version}",
        writers=(Role.office, Role.unit),
        filters=("project_id", "unit_id", "source", "event"),
    )
)

"""Routes of funds of projects and units."""

from services.registry.records.endpoints import Resource, build_router
from shared.http.tokens import Role

router = build_router(
    Resource(
        "funds",
        singular="fund",
        list_path="/funds",
        item_path="/funds/{version}",
        writers=(Role.office, Role.unit),
        filters=("project_id", "unit_id", "source", "event"),
    )
)

"""Routes of problems of projects."""

from services.registry.records.endpoints import Resource, build_router
from shared.http.tokens import Role

router = build_router(
    Resource(
        "problems",
        singular="problem",
        list_path="/problems",
        item_path="/problems/{problem_id}",
        writers=(Role.office, Role.unit, Role.field),
        filters=("project_id", "handler_unit_id", "category", "level"),
        office_fields=("closed_on",),
    )
)

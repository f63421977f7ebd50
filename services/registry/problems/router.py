"""Problems of projects (问题) over HTTP."""

from services.registry.records.endpoints import Resource, build_router
from shared.http.tokens import Role

router = build_router(
    Resource(
        "problems",
        one="problem",
        path="/problems",
        item="/problems/{problem_id}",
        writers=(Role.office, Role.unit, Role.field),
        filters=("project_id", "handler_unit_id", "category", "level"),
        reserved=("closed_on",),
    )
)

"""Routes of annual plans of projects."""

from services.registry.records.endpoints import OFFICE_ROLES, Resource, build_router

router = build_router(
    Resource(
        "plans",
        singular="plan",
        list_path="/projects/{project_id}/plans",
        item_path="/projects/{project_id}/plans/{year}",
        writers=OFFICE_ROLES,
    )
)

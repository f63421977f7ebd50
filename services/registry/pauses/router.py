"""Routes of pauses of works."""

from services.registry.records.endpoints import OFFICE_ROLES, Resource, build_router

router = build_router(
    Resource(
        "pauses",
        singular="pause",
        list_path="/projects/{project_id}/pauses",
        item_path="/projects/{project_id}/pauses/{version}",
        writers=OFFICE_ROLES,
    )
)

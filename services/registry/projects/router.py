"""Routes of projects."""

from services.registry.records.endpoints import OFFICE_ROLES, Resource, build_router

router = build_router(
    Resource(
        "projects",
        singular="project",
        list_path="/projects",
        item_path="/projects/{project_id}",
        writers=OFFICE_ROLES,
        filters=("unit_id", "competent_unit_id", "nature", "national_code"),
    )
)

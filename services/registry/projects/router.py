"""Projects (项目) over HTTP."""

from services.registry.records.endpoints import OFFICE_ROLES, Resource, build_router

router = build_router(
    Resource(
        "projects",
        one="project",
        path="/projects",
        item="/projects/{project_id}",
        writers=OFFICE_ROLES,
        filters=("unit_id", "competent_unit_id", "nature", "national_code"),
    )
)

"""Annual plans of projects (年度计划) over HTTP."""

from services.registry.records.endpoints import OFFICE_ROLES, Resource, build_router

router = build_router(
    Resource(
        "plans",
        one="plan",
        path="/projects/{project_id}/plans",
        item="/projects/{project_id}/plans/{year}",
        writers=OFFICE_ROLES,
    )
)

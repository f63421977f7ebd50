"""Pauses of works (停工) over HTTP."""

from services.registry.records.endpoints import OFFICE_ROLES, Resource, build_router

router = build_router(
    Resource(
        "pauses",
        one="pause",
        path="/projects/{project_id}/pauses",
        item="/projects/{project_id}/pauses/{version}",
        writers=OFFICE_ROLES,
    )
)

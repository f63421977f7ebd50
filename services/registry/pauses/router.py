"""Pauses of works (停工) over HTTP."""

from services.registry.records.endpoints import OFFICE, Resource, routes

router = routes(
    Resource(
        "pauses",
        one="pause",
        path="/projects/{project_id}/pauses",
        item="/projects/{project_id}/pauses/{version}",
        writers=OFFICE,
    )
)

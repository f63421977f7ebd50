"""Annual plans of projects (年度计划) over HTTP."""

from services.registry.records.endpoints import OFFICE, Resource, routes

router = routes(
    Resource(
        "plans",
        one="plan",
        path="/projects/{project_id}/plans",
        item="/projects/{project_id}/plans/{year}",
        writers=OFFICE,
    )
)

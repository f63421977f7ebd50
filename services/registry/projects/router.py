"""Projects (项目) over HTTP."""

from services.registry.records.endpoints import OFFICE, Resource, routes

router = routes(
    Resource(
        "projects",
        one="project",
        path="/projects",
        item="/projects/{project_id}",
        writers=OFFICE,
        filters=("unit_id", "competent_unit_id", "nature", "national_code"),
    )
)

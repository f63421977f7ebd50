"""Progress reports of projects (进度) over HTTP."""

from services.registry.records.endpoints import Resource, build_router
from shared.http.tokens import Role

router = build_router(
    Resource(
        "progress",
        one="progress_report",
        path="/projects/{project_id}/progress",
        item="/projects/{project_id}/progress/{as_of}",
        writers=(Role.office, Role.unit, Role.field),
    )
)

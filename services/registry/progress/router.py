"""Routes of progress reports of projects."""

from services.registry.records.endpoints import Resource, build_router
from shared.http.tokens import Role

router = build_router(
    Resource(
        "progress",
        singular="progress_report",
        list_path="/projects/{project_id}/progress",
        item_path="/projects/{project_id}/progress/{as_of}",
        writers=(Role.office, Role.unit, Role.field),
    )
)

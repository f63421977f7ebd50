"""Routes of permits of projects."""

from services.registry.records.endpoints import RECORD_READERS, Resource, build_router
from shared.http.tokens import Role

router = build_router(
    Resource(
        "permits",
        singular="permit",
        list_path="/projects/{project_id}/permits",
        item_path="/projects/{project_id}/permits/{kind}",
        query_key=("stage",),
        writers=(Role.office, Role.unit, Role.approval),
        readers=(*RECORD_READERS, Role.approval),
    )
)

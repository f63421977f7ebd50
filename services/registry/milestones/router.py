"""Routes of milestones: the original has the actual date, a revision moves the planned date."""

from fastapi import APIRouter

from services.registry.records.endpoints import OFFICE_ROLES, Resource, build_router
from shared.http.tokens import Role

router = APIRouter()
router.include_router(
    build_router(
        Resource(
            "milestones",
            singular="milestone",
            list_path="/projects/{project_id}/milestones",
            item_path="/projects/{project_id}/milestones/{kind}",
            writers=(Role.office, Role.unit),
            null_key=("decided_on",),
            filters=("kind",),
            office_fields=("planned_on",),
        )
    )
)
router.include_router(
    build_router(
        Resource(
            "milestones",
            singular="milestone_revision",
            list_path="/projects/{project_id}/milestones/{kind}/revisions",
            item_path="/projects/{project_id}/milestones/{kind}/revisions/{decided_on}",
            writers=OFFICE_ROLES,
            zh="节点计划日期的调整",
        )
    )
)

"""The original of a milestone carries its actual date; a revision moves the planned date."""

from fastapi import APIRouter

from services.registry.records.endpoints import OFFICE_ROLES, Resource, build_router
from shared.http.tokens import Role

router = APIRouter()
router.include_router(
    build_router(
        Resource(
            "milestones",
            one="milestone",
            path="/projects/{project_id}/milestones",
            item="/projects/{project_id}/milestones/{kind}",
            writers=(Role.office, Role.unit),
            blank=("decided_on",),
            filters=("kind",),
            reserved=("planned_on",),
        )
    )
)
router.include_router(
    build_router(
        Resource(
            "milestones",
            one="milestone_revision",
            path="/projects/{project_id}/milestones/{kind}/revisions",
            item="/projects/{project_id}/milestones/{kind}/revisions/{decided_on}",
            writers=OFFICE_ROLES,
            zh="节点计划日期的调整",
        )
    )
)

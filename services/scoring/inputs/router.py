"""The schemes that a run can be made by."""

from fastapi import APIRouter

from services.scoring.inputs import service
from services.scoring.inputs.schemas import SchemeRead
from services.scoring.scope import OF_PROJECTS
from services.scoring.wire import name
from shared.auth import for_roles
from shared.pages import AskedPage, Page

router = APIRouter(prefix="/v1", tags=["计分方案"], generate_unique_id_function=name)


@router.get("/schemes", dependencies=[for_roles(*OF_PROJECTS)], summary="列出计分方案")
async def list_schemes(asked: AskedPage) -> Page[SchemeRead]:
    """Pillars, weights, rules of points, and where they come from. `after` is a place, from 1."""
    schemes = service.list_schemes()
    end = asked.after + asked.limit
    return Page(items=schemes[asked.after : end], next=end if end < len(schemes) else None)

"""Project lights of month ends, in bulk: what the notifier asks."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.scoring.execution.duckdb import FiguresTooLarge
from services.scoring.lights import service
from services.scoring.lights.schemas import LightsRead
from services.scoring.registry_client import Registry
from services.scoring.wire import Colour, Day, Moment, Name, Region, SchemeName, name
from shared.auth import for_roles
from shared.problems import NotFound, raises
from shared.tokens import Caller, Role

router = APIRouter(prefix="/v1", tags=["红黄绿灯"], generate_unique_id_function=name)


@router.get("/lights", response_model=LightsRead, summary="列出各日的红黄绿灯")
@raises(NotFound, FiguresTooLarge)
async def list_lights(
    registry: Registry,
    who: Annotated[Caller, for_roles(Role.office, Role.inspector)],
    as_of: Annotated[list[Day], Query(min_length=1, max_length=60)],
    scheme: SchemeName = "lanxian-2022",
    known_at: Moment | None = None,
    region: Region | None = None,
    axis: Annotated[Name | None, Query(examples=["progress"])] = None,
    colour: Colour | None = None,
) -> dict[str, object]:
    """The lights of one day or of several, over the facts of one moment; nothing is stored.

    `colour` alone chooses by the overall light, with `axis` by the light on that axis.
    """
    ask = service.LightsAsk(as_of, scheme, known_at, region, axis, colour)
    return await service.lights_of_days(registry, ask, who)

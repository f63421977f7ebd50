"""What is asked of the lights of days, and the answer."""

from datetime import date, datetime

from pydantic import BaseModel

from services.scoring.wire import LightRead


class LightOfDay(LightRead):
    as_of: date


class LightsRead(BaseModel):
    """The lights of some days, all at once, from facts as they were known at one moment."""

    scheme: str
    lights_preset: str
    known_at: datetime
    items: list[LightOfDay]

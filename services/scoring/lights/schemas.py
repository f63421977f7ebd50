"""What is asked of the lights of days, and the answer."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from services.scoring.wire import LightRead


class LightOfDay(LightRead):
    as_of: date = Field(title="截至日期")


class LightsRead(BaseModel):
    """The lights of some days, all at once, from facts as they were known at one moment."""

    scheme: str = Field(title="方案")
    lights_preset: str = Field(title="亮灯规则")
    known_at: datetime = Field(title="已知于")
    items: list[LightOfDay] = Field(title="各灯")

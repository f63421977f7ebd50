"""Requests and responses with lights of days and judged colours."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.wire_types import AxisColour, Day, LightRead, Name, SchemeName
from shared.http.questions import QuestionFields

AxisId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


class JudgedRead(BaseModel):
    """A colour that an office judged, beside the computed one."""

    computed: str | None = Field(title="系统计算")
    judged: AxisColour = Field(title="人工判定")
    reason: str = Field(title="理由")
    judged_by: str = Field(title="判定人")
    judged_on: date = Field(title="判定日")


class JudgedLight(LightRead):
    judged: dict[str, JudgedRead] = Field(default={}, title="人工判定")


class LightOfDay(JudgedLight):
    as_of: date = Field(title="截至日期")


class LightsRead(BaseModel):
    """The lights of some days, all at once, from facts as they were known at one moment."""

    scheme: str = Field(title="方案")
    lights_preset: str = Field(title="亮灯规则")
    known_at: datetime = Field(title="已知于")
    items: list[LightOfDay] = Field(title="各灯")


class JudgementAsk(QuestionFields):
    """`axis` is one of the scheme's lights or `overall`; without `colour` it is taken back.

    It holds from `judged_on` on, which is today where it is not given.
    """

    project_id: Name = Field(title="项目编号")
    axis: AxisId = Field(title="轴", examples=["progress"])
    colour: AxisColour | None = Field(default=None, title="判定颜色")
    reason: str = Field(max_length=500, title="理由")
    judged_on: Day | None = Field(default=None, title="判定日")
    scheme: SchemeName = Field(default=DEFAULT_SCHEME, title="方案")


class JudgementRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int = Field(title="编号")
    office: str = Field(title="办公室代码")
    region: str = Field(title="行政区划")
    project_id: str = Field(title="项目编号")
    unit_id: str = Field(title="责任单位编号")
    axis: str = Field(title="轴")
    colour: AxisColour | None = Field(title="判定颜色")
    reason: str = Field(title="理由")
    judged_on: date = Field(title="判定日")
    judged_by: str = Field(title="判定人")
    judged_at: datetime = Field(title="录入时刻")

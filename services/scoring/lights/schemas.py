"""Requests and responses with lights of days and judged colours."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.wire_types import AxisColour, Day, LightRead, Name, SchemeName
from shared.http.pages import Page
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


class ColourWords(BaseModel):
    """What an office calls the colours of an axis."""

    green: str = Field(title="绿灯")
    yellow: str = Field(title="黄灯")
    red: str = Field(title="红灯")


class AxisRead(BaseModel):
    """An axis of lights in plain words: its figure, to what it applies, when it is which colour."""

    id: str = Field(title="轴")
    zh: str = Field(title="名称")
    words: ColourWords = Field(title="叫法")
    unit: str | None = Field(title="计量单位")
    figure: str | None = Field(title="数值")
    applies: str = Field(title="适用于")
    yellow: str = Field(title="黄灯条件")
    red: str = Field(title="红灯条件")


class LightTotals(BaseModel):
    """Numbers of the lights that are listed: by the overall colour, and by that of each axis."""

    count: int = Field(title="项目数")
    overall: dict[str, int] = Field(title="总灯")
    axes: dict[str, dict[str, int]] = Field(title="各项灯")


class LightTotalsOfDay(LightTotals):
    as_of: date = Field(title="截至日期")


class LightsRead(BaseModel):
    """The lights of some days, all at once, from facts as they were known at one moment."""

    scheme: str = Field(title="方案")
    lights_preset: str = Field(title="亮灯规则")
    known_at: datetime = Field(title="已知于")
    axes: list[AxisRead] = Field(title="各项灯的规则")
    items: list[LightOfDay] = Field(title="各灯")
    totals: list[LightTotalsOfDay] | None = Field(title="合计")


class LightDetail(BaseModel):
    """What stands behind the colour of an axis, and since which month end it has been so."""

    word: str = Field(title="叫法")
    figure: str | None = Field(title="数值")
    text: str = Field(title="数值文字")
    threshold: str = Field(title="判定条件")
    threshold_text: str = Field(title="判定条件文字")
    since: date | None = Field(default=None, title="自何时起")
    or_earlier: bool = Field(default=False, title="或更早")


class RunLightRead(JudgedLight):
    basis: str | None = Field(default=None, title="序时依据")
    since: date | None = Field(default=None, title="总灯自何时起")
    or_earlier: bool = Field(default=False, title="或更早")
    details: dict[str, LightDetail] = Field(default={}, title="各项灯的依据")


class RunLightPage(Page[RunLightRead]):
    __doc__ = Page.__doc__

    axes: list[AxisRead] = Field(title="各项灯的规则")
    totals: LightTotals | None = Field(title="合计")


class UnitLightDetail(LightDetail):
    zh: str = Field(title="名称")
    target: str | None = Field(default=None, title="目标")
    average: str | None = Field(default=None, title="平均")
    months_missed: str | None = Field(default=None, title="连续未达月数")


class UnitLightRead(BaseModel):
    unit_id: str = Field(title="单位编号")
    unit_name: str | None = Field(title="单位名称")
    overall: str = Field(title="总灯")
    axes: dict[str, str | None] = Field(title="各项灯")
    details: dict[str, UnitLightDetail] = Field(title="各项灯的依据")


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

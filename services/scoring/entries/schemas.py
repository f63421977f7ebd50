"""Requests and responses with entries by hand: targets and marks."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.wire_types import Day, SchemeName
from shared.facts.words import Word
from shared.http.questions import QuestionFields

MAX_ITEMS = 2_000  # more than the units of a county times its metrics by hand
CellText = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{0,500}$")]


class EntryKind(Word):
    """What is entered: a target of any metric, or the value of a metric that has no formula."""

    target = "target", "目标"
    mark = "mark", "打分"


class Entered(BaseModel):
    """One target or mark; without a value it takes back what stood before."""

    model_config = ConfigDict(extra="forbid")

    unit_id: CellText = Field(title="单位编号", examples=["U06"])
    metric: CellText = Field(title="指标", examples=["investment_completion"])
    # A text first, or it would be read as a number and not be kept as it was written.
    value: CellText | Decimal | None = Field(
        title="数值", examples=["0.95"], union_mode="left_to_right"
    )
    reason: CellText = Field(default="", title="理由")


EntryItems = Annotated[list[Entered], Field(max_length=MAX_ITEMS)]


class EntriesAsk(QuestionFields):
    """`day`: targets hold from it on, marks are for a run of that day.

    They are for runs of the caller's own office, or of a region, with its qualified unit ids.
    """

    scheme: SchemeName = Field(default=DEFAULT_SCHEME, title="方案")
    day: Day = Field(title="日期", examples=["2022-09-30"])
    targets: EntryItems = Field(default=[], title="目标")
    marks: EntryItems = Field(default=[], title="打分")


class EntryRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int = Field(title="编号")
    office: str = Field(title="办公室代码")
    region: str = Field(title="行政区划")
    scheme_id: str = Field(title="方案")
    kind: EntryKind = Field(title="类别")
    unit_id: str = Field(title="单位编号")
    metric: str = Field(title="指标")
    day: date = Field(title="日期")
    value: str | None = Field(title="数值")
    reason: str = Field(title="理由")
    entered_by: str = Field(title="录入人")
    entered_at: datetime = Field(title="录入时刻")


class EntriesRead(BaseModel):
    items: list[EntryRead] = Field(title="已录入")

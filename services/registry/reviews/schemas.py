"""Requests and responses about reports: their list, one with what it compares to, decisions."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from services.registry.records.report_schemas import ReportRead
from services.registry.resources import RESOURCES
from shared.facts.words import Word
from shared.http.json_bodies import Body
from shared.http.pages import MAX_BIGINT, Page
from shared.http.printable_lines import Reason

MAX_DECISIONS = 100  # of one request
REPORTED_KINDS = {each.kind.name: each.kind for each in RESOURCES if each.is_reported}
ReportedKind: Any = Word(
    "ReportedKind",
    {name: (name, kind.zh) for name, kind in REPORTED_KINDS.items()},  # type: ignore[arg-type]
)
ReportId = Annotated[int, Field(ge=1, le=MAX_BIGINT)]


class ReportOrder(Word):
    oldest = "oldest", "先报的在前"
    newest = "newest", "后报的在前"


class Verdict(Word):
    """What the office decides about a report."""

    accept = "accept", "采用"
    give_back = "return", "退回"


class DecisionResult(Word):
    """What became of one of many decisions."""

    accepted = "accepted", "已采用"
    returned = "returned", "已退回"
    refused = "refused", "未处理"


class ReportTotals(BaseModel):
    """Numbers of the reports of a list by state, whichever state is listed; stale ones wait."""

    waiting: int = Field(title="待审核")
    stale: int = Field(title="待审核而记录已改过")
    accepted: int = Field(title="已采用")
    returned: int = Field(title="已退回")
    withdrawn: int = Field(title="已撤回")
    replaced: int = Field(title="已被代替")


class ReportPage(Page[ReportRead]):
    totals: ReportTotals | None = Field(title="合计")


class ReportFieldRead(BaseModel):
    """A column as people read it: as reported, in the version that it corrects, at present."""

    column: str = Field(title="列")
    title: str = Field(title="列名")
    reported: str | None = Field(title="报送的值")
    corrected: str | None = Field(title="所更正版本的值")
    present: str | None = Field(title="现在的值")
    differs: bool = Field(title="与现在不同")


class ReportDetail(ReportRead):
    """A report with the version that it corrects and the present one, which differ once stale."""

    kind_title: str = Field(title="记录种类名称")
    corrected: dict[str, Any] | None = Field(title="所更正的版本")
    present: dict[str, Any] | None = Field(title="现在的记录")
    fields: list[ReportFieldRead] = Field(title="各列对照")


class ReturnForm(Body):
    """Why a report is returned; its reporter reads it."""

    reason: Reason = Field(title="退回理由")


class DecisionForm(Body):
    """The decision about one report; a returned one needs a reason."""

    report_id: ReportId = Field(title="报送编号")
    decision: Verdict = Field(title="决定")
    reason: Reason | None = Field(default=None, title="退回理由")

    @model_validator(mode="after")
    def check_reason(self) -> Self:
        if self.decision is Verdict.give_back and self.reason is None:
            raise PydanticCustomError("no_reason", "A reason is expected.")
        return self


class DecisionsForm(Body):
    """Decisions about many reports, each done or refused by itself."""

    decisions: list[DecisionForm] = Field(min_length=1, max_length=MAX_DECISIONS, title="各项决定")


class RefusalRead(BaseModel):
    """Why a decision was not done (RFC 9457)."""

    type: str = Field(title="代码")
    title: str = Field(title="标题")
    status: int = Field(title="状态码")
    detail: str = Field(title="说明")


class DecisionRead(BaseModel):
    """What became of one decision."""

    report_id: int = Field(title="报送编号")
    result: DecisionResult = Field(title="结果")
    report: ReportRead | None = Field(title="报送")
    refusal: RefusalRead | None = Field(title="未处理的原因")


class DecisionsRead(BaseModel):
    """What became of each decision, in their order."""

    items: list[DecisionRead] = Field(title="各项结果")
    accepted: int = Field(title="已采用")
    returned: int = Field(title="已退回")
    refused: int = Field(title="未处理")

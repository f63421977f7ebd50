"""What a project's card has."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from shared.facts.columns import OpenVocabulary
from shared.facts.words import (
    LABELS_KEY,
    FundSource,
    KeyLevel,
    MilestoneKind,
    Nature,
    PermitKind,
    ProblemLevel,
    Program,
    Word,
)

CARD, CARD_ZH = "card", "卡片"
LABELS: dict[str, Any] = {LABELS_KEY: {CARD: CARD_ZH}}


class PermitState(Word):
    granted = "granted", "已办结"
    not_needed = "not_needed", "不需要"
    overdue = "overdue", "超期未办结"
    applied = "applied", "办理中"
    not_applied = "not_applied", "未申请"


class CardPlan(BaseModel):
    """The plan of this year."""

    year: int = Field(title="年度")
    planned_yuan: int | None = Field(title="年度计划投资")
    prior_invested_yuan: int | None = Field(title="以前年度完成投资")
    due_yuan: int | None = Field(title="序时应完成投资")


class CardMonth(BaseModel):
    """A month of this year: the plan up to its end, and what was last reported in it."""

    month: int = Field(title="月份")
    planned_yuan: int | None = Field(title="累计计划投资")
    as_of: date | None = Field(title="截至日期")
    invested_ytd_yuan: int | None = Field(title="本年完成投资")


class CardProgress(BaseModel):
    """The latest report; of its note the beginning."""

    as_of: date = Field(title="截至日期")
    invested_ytd_yuan: int | None = Field(title="本年完成投资")
    completion: str | None = Field(title="年度计划完成率")
    physical_pct: Decimal | None = Field(title="形象进度")
    note: str | None = Field(title="进展说明")


class CardMilestone(BaseModel):
    """The dates that count: first planned, planned as in force today, and when it was met."""

    kind: MilestoneKind = Field(title="节点")
    original_on: date | None = Field(title="原计划日期")
    planned_on: date | None = Field(title="计划日期")
    actual_on: date | None = Field(title="实际日期")


class CardPermit(BaseModel):
    """An approval before works and how it stands today."""

    kind: Annotated[str, OpenVocabulary(PermitKind)] = Field(title="手续")
    stage: str | None = Field(title="阶段")
    state: PermitState = Field(title="状态")
    due_on: date | None = Field(title="应办结日期")
    granted_on: date | None = Field(title="办结日期")


class CardFunds(BaseModel):
    """Money of one source, in all; None where no amount is known."""

    source: FundSource = Field(title="资金来源")
    applied_yuan: int | None = Field(title="申报金额")
    approved_yuan: int | None = Field(title="获批金额")
    arrived_yuan: int | None = Field(title="到位金额")
    paid_yuan: int | None = Field(title="支付金额")


class CardProblem(BaseModel):
    """A problem that is not closed; of its summary the beginning."""

    problem_id: str = Field(title="问题编号")
    summary: str | None = Field(title="问题摘要")
    level: ProblemLevel | None = Field(title="协调层级")
    raised_on: date | None = Field(title="提出日期")


class CardPause(BaseModel):
    """The pause that lasts today."""

    from_on: date = Field(title="停工日期")
    to_on: date | None = Field(title="停工截止日期")
    reason: str | None = Field(title="停工原因")
    approved: bool | None = Field(title="是否批准")


class ProjectCard(BaseModel):
    """A project on one small page, as it stands today; what the caller may not see is left out."""

    view: Literal["card"] = Field(title="视图", json_schema_extra=LABELS)
    today: date = Field(title="所据日期")
    office: str = Field(title="办公室")
    version: int = Field(title="版本")
    project_id: str = Field(title="项目编号")
    national_code: str | None = Field(title="项目代码")
    name: str = Field(title="项目名称")
    region_code: str | None = Field(title="行政区划代码")
    unit_id: str = Field(title="责任单位编号")
    unit_name: str | None = Field(title="责任单位名称")
    competent_unit_id: str | None = Field(title="主管单位编号")
    competent_unit_name: str | None = Field(title="主管单位名称")
    owner_name: str | None = Field(title="建设单位")
    nature: Nature = Field(title="建设性质")
    key_levels: list[KeyLevel] = Field(title="重点级别")
    programs: list[Annotated[str, OpenVocabulary(Program)]] = Field(title="专项")
    total_investment_yuan: int | None = Field(title="总投资")
    plan: CardPlan | None = Field(title="本年计划")
    progress: CardProgress | None = Field(title="最近进度")
    months: list[CardMonth] = Field(title="本年各月", description="没有计划也没有进度的，没有各月")
    milestones: list[CardMilestone] = Field(title="节点")
    permits: list[CardPermit] = Field(title="手续", description="最多三十项，先到期的先列")
    funds: list[CardFunds] = Field(title="资金", description="按来源合计")
    open_problems: int = Field(title="未销号问题数")
    problems: list[CardProblem] = Field(title="未销号问题", description="最多十个，先提出的先列")
    pause: CardPause | None = Field(title="现在的停工")

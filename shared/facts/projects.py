"""Facts of units and their projects: dossier, plan, dates, progress, permits, problems, pauses."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from shared.facts.columns import OpenVocabulary
from shared.facts.kind import Fact, ProjectId, UnitId
from shared.facts.words import (
    KeyLevel,
    MilestoneKind,
    Nature,
    PermitKind,
    PermitMode,
    ProblemCategory,
    ProblemLevel,
    Program,
    UnitKind,
)


class Unit(Fact):
    """Who answers for projects (责任单位)."""

    unit_id: str = Field(title="单位编号")
    name: str = Field(title="单位名称")
    kind: UnitKind = Field(title="单位类别")
    group: str = Field(title="组别")
    region_code: str | None = Field(default=None, title="行政区划代码")


class Project(Fact):
    """One investment project (一项一档)."""

    project_id: str = Field(title="项目编号")
    national_code: str | None = Field(default=None, title="项目代码")
    name: str = Field(title="项目名称")
    region_code: str | None = Field(default=None, title="行政区划代码")
    unit_id: UnitId = Field(title="责任单位编号")
    owner_name: str | None = Field(default=None, title="建设单位")
    owner_uscc: str | None = Field(default=None, title="统一社会信用代码")
    nature: Nature = Field(title="建设性质")
    key_levels: tuple[KeyLevel, ...] = Field(default=(), title="重点级别")
    programs: tuple[Annotated[str, OpenVocabulary(Program)], ...] = Field(default=(), title="专项")
    industry_code: str | None = Field(default=None, title="行业代码")
    is_industrial: bool | None = Field(default=None, title="是否产业项目")
    is_government_funded: bool | None = Field(default=None, title="是否政府投资")
    is_attracted: bool | None = Field(default=None, title="是否招商引资")
    contract_yuan: int | None = Field(default=None, title="合同金额")
    total_investment_yuan: int | None = Field(default=None, title="总投资")
    competent_unit_id: UnitId | None = Field(default=None, title="主管单位编号")
    is_secret: bool | None = Field(default=None, title="是否涉密")


class Plan(Fact):
    """The planned investment of one year; `m01`-`m12`, all or none, is its cumulative curve."""

    project_id: ProjectId = Field(title="项目编号")
    year: int = Field(title="年度")
    planned_yuan: int | None = Field(default=None, title="年度计划投资")
    prior_invested_yuan: int | None = Field(default=None, title="以前年度完成投资")
    m01: int | None = Field(default=None, title="1月累计计划")
    m02: int | None = Field(default=None, title="2月累计计划")
    m03: int | None = Field(default=None, title="3月累计计划")
    m04: int | None = Field(default=None, title="4月累计计划")
    m05: int | None = Field(default=None, title="5月累计计划")
    m06: int | None = Field(default=None, title="6月累计计划")
    m07: int | None = Field(default=None, title="7月累计计划")
    m08: int | None = Field(default=None, title="8月累计计划")
    m09: int | None = Field(default=None, title="9月累计计划")
    m10: int | None = Field(default=None, title="10月累计计划")
    m11: int | None = Field(default=None, title="11月累计计划")
    m12: int | None = Field(default=None, title="12月累计计划")


class Milestone(Fact):
    """A date that counts (节点). Rows of a kind revise its planned date, by `decided_on`."""

    project_id: ProjectId = Field(title="项目编号")
    kind: MilestoneKind = Field(title="节点")
    planned_on: date | None = Field(default=None, title="计划日期")
    actual_on: date | None = Field(default=None, title="实际日期")
    decided_on: date | None = Field(default=None, title="调整决定日期")
    reason: str | None = Field(default=None, title="调整原因")


class Progress(Fact):
    """Completed investment since 1 January as reported for a day; without an amount, a note."""

    project_id: ProjectId = Field(title="项目编号")
    as_of: date = Field(title="截至日期")
    invested_ytd_yuan: int | None = Field(default=None, title="本年完成投资")
    physical_pct: Decimal | None = Field(default=None, title="形象进度")
    note: str | None = Field(default=None, title="进展说明")


class Permit(Fact):
    """An approval before works (前期手续); `stage` only where it is given in parts."""

    project_id: ProjectId = Field(title="项目编号")
    kind: Annotated[str, OpenVocabulary(PermitKind)] = Field(title="手续")
    stage: str | None = Field(default=None, title="阶段")
    needed: bool | None = Field(default=None, title="是否需要")
    authority_unit_id: UnitId | None = Field(default=None, title="审批单位编号")
    mode: PermitMode | None = Field(default=None, title="办理方式")
    applied_on: date | None = Field(default=None, title="申请日期")
    due_on: date | None = Field(default=None, title="应办结日期")
    granted_on: date | None = Field(default=None, title="办结日期")
    document_no: str | None = Field(default=None, title="批复文号")


class Pause(Fact):
    """Works stand still (停工); `to_on` is the last day of it, blank while it lasts."""

    project_id: ProjectId = Field(title="项目编号")
    from_on: date = Field(title="停工日期")
    to_on: date | None = Field(default=None, title="停工截止日期")
    reason: str | None = Field(default=None, title="停工原因")
    approved: bool | None = Field(default=None, title="是否批准")


class ProblemRaised(Fact):
    """Something that holds a project up (问题): raised, dispatched, resolved, closed (销号)."""

    problem_id: str = Field(title="问题编号")
    project_id: ProjectId | None = Field(default=None, title="项目编号")
    category: ProblemCategory | None = Field(default=None, title="问题类别")
    summary: str | None = Field(default=None, title="问题摘要")
    raised_on: date | None = Field(default=None, title="提出日期")
    level: ProblemLevel | None = Field(default=None, title="协调层级")
    handler_unit_id: UnitId | None = Field(default=None, title="办理单位编号")
    due_on: date | None = Field(default=None, title="办结时限")
    resolved_on: date | None = Field(default=None, title="解决日期")
    closed_on: date | None = Field(default=None, title="销号日期")
    solved_on_site: bool | None = Field(default=None, title="是否现场解决")

"""Facts of units and their projects: dossier, plan, dates, progress, permits, problems, pauses."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from shared.facts.belonging import OfProject, OfProjectOrUnit, OfRegion
from shared.facts.columns import (
    Day,
    Flag,
    OpenVocabulary,
    PastDay,
    Percent,
    Text,
    Words,
    WordsTo,
    Year,
    Yuan,
)
from shared.facts.kind import CheckedRows, Fact, FactKind, ProjectId, UnitId, Violation
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

    unit_id: Text = Field(title="单位编号")
    name: Text = Field(title="单位名称")
    kind: UnitKind = Field(title="单位类别")
    group: Text = Field(title="组别")
    region_code: Text | None = Field(default=None, title="行政区划代码")


UNITS = FactKind(
    Unit,
    "units",
    "单位",
    ("unit_id",),
    belongs=OfRegion(unit="unit_id"),
    searched=("name", "unit_id"),
)


class Project(Fact):
    """One investment project (一项一档)."""

    project_id: Text = Field(title="项目编号")
    national_code: Text | None = Field(default=None, title="项目代码")
    name: Text = Field(title="项目名称")
    region_code: Text | None = Field(default=None, title="行政区划代码")
    unit_id: UnitId = Field(title="责任单位编号")
    owner_name: Text | None = Field(default=None, title="建设单位")
    owner_uscc: Text | None = Field(default=None, title="统一社会信用代码")
    nature: Nature = Field(title="建设性质")
    key_levels: Words[KeyLevel] = Field(default=(), title="重点级别")
    programs: Words[Annotated[Text, OpenVocabulary(Program)]] = Field(default=(), title="专项")
    industry_code: Text | None = Field(default=None, title="行业代码")
    is_industrial: Flag | None = Field(default=None, title="是否产业项目")
    is_government_funded: Flag | None = Field(default=None, title="是否政府投资")
    is_attracted: Flag | None = Field(default=None, title="是否招商引资")
    contract_yuan: Yuan | None = Field(default=None, title="合同金额")
    total_investment_yuan: Yuan | None = Field(default=None, title="总投资")
    competent_unit_id: UnitId | None = Field(default=None, title="主管单位编号")
    is_secret: Flag | None = Field(default=None, title="是否涉密")


def secret_projects(table: CheckedRows) -> Iterator[Violation]:
    """Secret projects may not enter."""
    for index, (is_secret,) in table.rows("is_secret"):
        if is_secret:
            yield Violation("secret_project", index, "is_secret")


PROJECTS = FactKind(
    Project,
    "projects",
    "项目",
    ("project_id",),
    belongs=OfRegion(unit="unit_id"),
    rules=(secret_projects,),
    searched=("name", "project_id", "national_code"),
)


class Plan(Fact):
    """The planned investment of one year; `m01`-`m12`, all or none, is its cumulative curve."""

    project_id: ProjectId = Field(title="项目编号")
    year: Year = Field(title="年度")
    planned_yuan: Yuan | None = Field(default=None, title="年度计划投资")
    prior_invested_yuan: Yuan | None = Field(default=None, title="以前年度完成投资")
    m01: Yuan | None = Field(default=None, title="1月累计计划")
    m02: Yuan | None = Field(default=None, title="2月累计计划")
    m03: Yuan | None = Field(default=None, title="3月累计计划")
    m04: Yuan | None = Field(default=None, title="4月累计计划")
    m05: Yuan | None = Field(default=None, title="5月累计计划")
    m06: Yuan | None = Field(default=None, title="6月累计计划")
    m07: Yuan | None = Field(default=None, title="7月累计计划")
    m08: Yuan | None = Field(default=None, title="8月累计计划")
    m09: Yuan | None = Field(default=None, title="9月累计计划")
    m10: Yuan | None = Field(default=None, title="10月累计计划")
    m11: Yuan | None = Field(default=None, title="11月累计计划")
    m12: Yuan | None = Field(default=None, title="12月累计计划")


CURVE_COLUMNS = tuple(f"m{month:02}" for month in range(1, 13))


def broken_curves(table: CheckedRows) -> Iterator[Violation]:
    """A cumulative plan by month has all its months or none, and never falls."""
    for index, curve in table.rows(*CURVE_COLUMNS):
        if all(amount is None for amount in curve):
            continue
        if None in curve:
            yield Violation("curve_with_holes", index, CURVE_COLUMNS[curve.index(None)])
            continue
        for month, before, amount in zip(CURVE_COLUMNS[1:], curve, curve[1:], strict=False):
            if amount < before:
                yield Violation("falling_curve", index, month, {"before": before})
                break


def differing_curves(table: CheckedRows) -> Iterator[Violation]:
    """The plan of December is that of the year."""
    for index, (planned, last) in table.rows("planned_yuan", CURVE_COLUMNS[-1]):
        if None not in (planned, last) and planned != last:
            yield Violation("curve_end_differs", index, CURVE_COLUMNS[-1], {"planned": planned})


PLANS = FactKind(
    Plan,
    "plans",
    "年度计划",
    ("project_id", "year"),
    belongs=OfProject(),
    rules=(broken_curves, differing_curves),
)


class Milestone(Fact):
    """A date that counts (节点). Rows of a kind revise its planned date, by `decided_on`."""

    project_id: ProjectId = Field(title="项目编号")
    kind: MilestoneKind = Field(title="节点")
    planned_on: Day | None = Field(default=None, title="计划日期")
    actual_on: PastDay | None = Field(default=None, title="实际日期")
    decided_on: Day | None = Field(default=None, title="调整决定日期")
    reason: Text | None = Field(default=None, title="调整原因")


def revisions_without_plan(table: CheckedRows) -> Iterator[Violation]:
    """A revision has a date."""
    for index, (decided, planned, actual) in table.rows("decided_on", "planned_on", "actual_on"):
        if decided and not planned and not actual:
            yield Violation("revision_without_plan", index, "planned_on", {"decided": decided})


MILESTONES = FactKind(
    Milestone,
    "milestones",
    "节点",
    ("project_id", "kind", "decided_on"),
    belongs=OfProject(),
    rules=(revisions_without_plan,),
)


class Progress(Fact):
    """Completed investment since 1 January as reported for a day; without an amount, a note."""

    project_id: ProjectId = Field(title="项目编号")
    as_of: PastDay = Field(title="截至日期")
    invested_ytd_yuan: Yuan | None = Field(default=None, title="本年完成投资")
    physical_pct: Annotated[Percent, WordsTo("note")] | None = Field(default=None, title="形象进度")
    note: Text | None = Field(default=None, title="进展说明")


PROGRESS = FactKind(Progress, "progress", "进度", ("project_id", "as_of"), belongs=OfProject())


class Permit(Fact):
    """An approval before works (前期手续); `stage` only where it is given in parts."""

    project_id: ProjectId = Field(title="项目编号")
    kind: Annotated[Text, OpenVocabulary(PermitKind)] = Field(title="手续")
    stage: Text | None = Field(default=None, title="阶段")
    needed: Flag | None = Field(default=None, title="是否需要")
    authority_unit_id: UnitId | None = Field(default=None, title="审批单位编号")
    mode: PermitMode | None = Field(default=None, title="办理方式")
    applied_on: PastDay | None = Field(default=None, title="申请日期")
    due_on: Day | None = Field(default=None, title="应办结日期")
    granted_on: PastDay | None = Field(default=None, title="办结日期")
    document_no: Text | None = Field(default=None, title="批复文号")


PERMITS = FactKind(
    Permit,
    "permits",
    "手续",
    ("project_id", "kind", "stage"),
    belongs=OfProject(granted_by="authority_unit_id"),
)


class Pause(Fact):
    """Works stand still (停工); `to_on` is the last day of it, blank while it lasts."""

    project_id: ProjectId = Field(title="项目编号")
    from_on: Day = Field(title="停工日期")
    to_on: Day | None = Field(default=None, title="停工截止日期")
    reason: Text | None = Field(default=None, title="停工原因")
    approved: Flag | None = Field(default=None, title="是否批准")


def reversed_pauses(table: CheckedRows) -> Iterator[Violation]:
    """A pause ends after it begins."""
    for index, (start, end) in table.rows("from_on", "to_on"):
        if start and end and end < start:
            yield Violation("pause_ends_first", index, "to_on", {"start": start})


PAUSES = FactKind(
    Pause,
    "pauses",
    "停工",
    belongs=OfProject(),
    match=("project_id", "from_on"),
    rules=(reversed_pauses,),
)


class ProblemRaised(Fact):
    """Something that holds a project up (问题): raised, dispatched, resolved, closed (销号)."""

    problem_id: Text = Field(title="问题编号")
    project_id: ProjectId | None = Field(default=None, title="项目编号")
    category: ProblemCategory | None = Field(default=None, title="问题类别")
    summary: Text | None = Field(default=None, title="问题摘要")
    raised_on: PastDay | None = Field(default=None, title="提出日期")
    level: ProblemLevel | None = Field(default=None, title="协调层级")
    handler_unit_id: UnitId | None = Field(default=None, title="办理单位编号")
    due_on: Day | None = Field(default=None, title="办结时限")
    resolved_on: PastDay | None = Field(default=None, title="解决日期")
    closed_on: PastDay | None = Field(default=None, title="销号日期")
    solved_on_site: Flag | None = Field(default=None, title="是否现场解决")


PROBLEMS = FactKind(
    ProblemRaised,
    "problems",
    "问题",
    ("problem_id",),
    belongs=OfProjectOrUnit("handler_unit_id"),
)

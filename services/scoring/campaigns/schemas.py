"""Requests and responses of campaigns; figures are text, as in the published documents."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from services.scoring.campaigns.rules import CurrentCampaign
from services.scoring.engine.campaigns.campaign import (
    Campaign,
    CampaignCommitments,
    CampaignHead,
    CampaignTargets,
    Commitment,
    Population,
    Target,
    describe_population,
)
from services.scoring.engine.campaigns.standings import TargetState
from shared.facts.words import MilestoneKind
from shared.http.json_bodies import Body
from shared.http.questions import QuestionFields

WHY_FIELD = Field(default="", max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$", title="说明")


class CampaignForm(QuestionFields, Campaign):
    """A whole campaign of the caller's own office, or of a region, with qualified ids."""

    why: str = WHY_FIELD


class CampaignCorrection(Body, CampaignHead):
    """All but targets and commitments, which stay."""

    why: str = WHY_FIELD


class TargetsForm(Body):
    """All targets; those not named are no longer in force."""

    items: CampaignTargets = Field(title="目标")
    why: str = WHY_FIELD


class CommitmentsForm(Body):
    """All commitments; those not named are no longer in force."""

    items: CampaignCommitments = Field(title="承诺")
    why: str = WHY_FIELD


class PopulationRead(Population):
    """The projects that a campaign is about: those that meet every line that is not empty."""


class TargetRead(Target):
    """A target in force."""


class CommitmentRead(Commitment):
    """A commitment in force."""


class CampaignRead(CampaignHead):
    population: PopulationRead = Field(title="范围")
    id: int = Field(title="编号")
    version: int = Field(title="版本")
    office: str = Field(title="办公室代码")
    region: str = Field(title="行政区划")
    population_in_words: str = Field(title="范围说明")
    recorded_by: str = Field(title="登记人")
    recorded_at: datetime = Field(title="登记时刻")
    published_at: datetime | None = Field(title="公布时刻")


def build_campaign_read(current: CurrentCampaign) -> CampaignRead:
    return CampaignRead(
        **current.campaign.model_dump(include=set(CampaignHead.model_fields)),
        id=current.id,
        version=current.version,
        office=current.office,
        region=current.region,
        population_in_words=describe_population(current.campaign.population),
        recorded_by=current.recorded_by,
        recorded_at=current.recorded_at,
        published_at=current.published_at,
    )


class TargetStandingRead(BaseModel):
    """A target on a day; `unit_id` is null where it is of all units together.

    `line` is where the straight line from the first day's value to the target stands.
    """

    unit_id: str | None = Field(title="单位编号")
    unit_name: str | None = Field(title="单位名称")
    metric: str = Field(title="指标")
    metric_name: str = Field(title="指标名称")
    unit: str | None = Field(title="计量单位")
    due_on: date = Field(title="到期日")
    target: str = Field(title="目标值")
    target_text: str = Field(title="目标文字")
    value: str | None = Field(title="现值")
    value_text: str = Field(title="现值文字")
    line: str | None = Field(title="序时应达")
    line_text: str = Field(title="序时应达文字")
    when_due: str | None = Field(title="到期时的值")
    when_due_text: str = Field(title="到期时的值文字")
    state: TargetState = Field(title="状态")


class CampaignDay(BaseModel):
    """`day` counts from 1 within the campaign; the days left do not count the day itself."""

    on: date = Field(title="日期")
    days: int = Field(title="总天数")
    day: int | None = Field(title="第几天")
    days_left: int = Field(title="剩余天数")
    working_days_left: int = Field(title="剩余工作日")
    provisional: bool = Field(title="工作日暂定")
    targets: list[TargetStandingRead] = Field(title="各目标")


class CampaignProgress(BaseModel):
    campaign_id: int = Field(title="编号")
    known_at: datetime = Field(title="已知于")
    days: list[CampaignDay] = Field(title="各日")


class CommitmentKept(CommitmentRead):
    """`kept` is null where it is tied to no target, or to one that does not apply."""

    kept: bool | None = Field(title="是否兑现")
    unit_name: str | None = Field(title="单位名称")
    metric_name: str | None = Field(title="指标名称")


class MetricChange(BaseModel):
    unit_id: str | None = Field(title="单位编号")
    unit_name: str | None = Field(title="单位名称")
    metric: str = Field(title="指标")
    metric_name: str = Field(title="指标名称")
    unit: str | None = Field(title="计量单位")
    first: str | None = Field(title="首日")
    first_text: str = Field(title="首日文字")
    last: str | None = Field(title="末日")
    last_text: str = Field(title="末日文字")
    change: str | None = Field(title="变化")
    change_text: str = Field(title="变化文字")


class ProjectMove(BaseModel):
    kind: MilestoneKind = Field(title="节点")
    project_id: str = Field(title="项目编号")
    project_name: str | None = Field(title="项目名称")
    unit_id: str = Field(title="责任单位编号")
    unit_name: str | None = Field(title="责任单位名称")
    on: date = Field(title="日期")


class CampaignSummary(BaseModel):
    campaign_id: int = Field(title="编号")
    known_at: datetime = Field(title="已知于")
    from_on: date = Field(title="首日")
    to_on: date = Field(title="末日")
    met: int = Field(title="达标数")
    missed: int = Field(title="未达标数")
    not_applicable: int = Field(title="不适用数")
    targets: list[TargetStandingRead] = Field(title="各目标")
    commitments: list[CommitmentKept] = Field(title="各承诺")
    metrics: list[MetricChange] = Field(title="首末日对比")
    projects: list[ProjectMove] = Field(title="期间开工、入库、竣工的项目")

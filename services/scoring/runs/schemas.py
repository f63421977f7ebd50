"""Requests and responses of runs; figures are exact, or text with fixed decimals."""

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.scoring.engine.declarations import validation_error
from services.scoring.engine.scheme.model import HIGHEST_VERSION
from services.scoring.runs.rules import RunState
from services.scoring.wire_types import Day, Moment, SchemeName
from shared.http.pages import MAX_BIGINT, Page
from shared.http.questions import QuestionFields


class RunAsk(QuestionFields):
    """Where they are not given, `known_at` is now, `office` the caller's own, the version the last.

    A run of an office takes its own rows. One over a region takes those of all offices in it, with
    qualified ids and each national code once. Targets and marks that stand for office or region,
    scheme and day are taken as they stand. A campaign brings its own scheme, office or region,
    projects and targets.
    """

    campaign_id: int | None = Field(default=None, ge=1, le=MAX_BIGINT, title="攻坚行动编号")
    scheme: SchemeName | None = Field(default=None, title="方案")
    scheme_version: int | None = Field(default=None, ge=1, le=HIGHEST_VERSION, title="方案版本")
    as_of: Day = Field(examples=["2022-09-30"], title="截至日期")
    known_at: Moment | None = Field(default=None, title="已知于")

    @model_validator(mode="after")
    def check_campaign_fields(self) -> Self:
        others = (self.scheme, self.office, self.region)
        if self.campaign_id is not None and others != (None,) * len(others):
            raise validation_error(
                "写了 campaign_id 就不写 scheme、office、region，它们由攻坚行动定"
            )
        return self


class RunRead(BaseModel):
    """A run and how far it is; `corrected_by` is told once that correction is published."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(title="编号")
    office: str = Field(title="办公室代码")
    region: str = Field(title="行政区划")
    campaign_id: int | None = Field(default=None, title="攻坚行动编号")
    scheme_id: str = Field(title="方案")
    scheme_version: int = Field(title="方案版本")
    as_of: date = Field(title="截至日期")
    known_at: datetime = Field(title="已知于")
    facts_digest: str = Field(title="事实摘要")
    scheme_region: str = Field(title="方案所属区划")
    entered_digest: str = Field(title="录入摘要")
    created_by: str = Field(title="计分人")
    created_at: datetime = Field(title="计分时刻")
    published_at: datetime | None = Field(default=None, title="公布时刻")
    scheme_name: str = Field(title="方案名称")
    state: RunState = Field(title="状态")
    comment_until_on: date | None = Field(default=None, title="征求意见至")
    corrects: int | None = Field(default=None, title="所更正的计分")
    reason: str | None = Field(default=None, title="更正的理由")
    corrected_by: int | None = Field(default=None, title="更正它的计分")


class RunTotals(BaseModel):
    """Number of all that is listed, on whichever page."""

    count: int = Field(title="次数")


class RunPage(Page[RunRead]):
    __doc__ = Page.__doc__

    totals: RunTotals | None = Field(title="合计")


# --- the ranking: keys that the scheme has no use for are not there ------------------------------


class MetricName(BaseModel):
    """A metric, and the unit of its values where it is not a number of things."""

    id: str = Field(title="指标")
    zh: str = Field(title="名称")
    en: str = Field(title="英文名称")
    unit: str | None = Field(title="计量单位")


class MetricHead(MetricName):
    """A column of a ranking: a metric of a pillar, or one that adjusts, gates or parts."""

    pillar: str | None = Field(title="方面")
    weight: str | None = Field(title="满分")


class PillarHead(BaseModel):
    """Columns of a ranking: a pillar."""

    id: str = Field(title="方面")
    zh: str = Field(title="名称")
    weight: str = Field(title="满分")


class FigureTexts(BaseModel):
    """Terms as people read them: the value, and both of them where there are two."""

    text: str = Field(title="数值")
    terms: str | None = Field(title="分子与分母")


class PillarRead(BaseModel):
    points: str | None = Field(title="得分")
    weight: str | None = Field(title="权重")
    rank: int | None = Field(title="名次")


class MetricRead(FigureTexts):
    numerator: int = Field(title="分子")
    denominator: int | None = Field(title="分母")
    points: str | None = Field(title="得分")
    rank: int | None = Field(title="名次")


class AdjustmentRead(FigureTexts):
    numerator: int = Field(title="分子")
    denominator: int | None = Field(title="分母")
    points: str | None = Field(title="加减分")


class AdjustmentsRead(BaseModel):
    """Points outside the weights: what counts, and each item's."""

    zh: str | None = Field(title="名称")
    points: str | None = Field(title="合计")
    items: dict[str, AdjustmentRead] = Field(title="各项")


class MissedRead(BaseModel):
    gate: str = Field(title="门槛")
    zh: str | None = Field(title="名称")
    reason: str = Field(title="原因")


class AroundRead(BaseModel):
    """What stands around the pillars where the scheme has it."""

    adjustments: AdjustmentsRead | None = Field(default=None, title="加减分")
    grade: str | None = Field(default=None, title="等次")
    grade_name: str | None = Field(default=None, title="等次名称")
    missed: list[MissedRead] = Field(default=[], title="未过的门槛")
    parted_by: list[str] = Field(default=[], title="同分时的区分指标")


class RankedUnit(AroundRead):
    unit_id: str = Field(title="单位编号")
    name: str = Field(title="名称")
    rank: int | None = Field(title="名次")
    total: str | None = Field(title="总分")
    pillars: dict[str, PillarRead] = Field(title="各方面")
    metrics: dict[str, MetricRead] = Field(title="各指标")


class RankedGroup(BaseModel):
    group: str = Field(title="组别")
    ranked: int = Field(title="参与排名的单位数")
    pillars: list[PillarHead] = Field(title="各方面的名称")
    metrics: list[MetricHead] = Field(title="各指标的名称")
    units: list[RankedUnit] = Field(title="各单位")


class OffRead(BaseModel):
    id: str = Field(title="指标")
    zh: str = Field(title="名称")
    reason: str = Field(title="原因")


class RankingRead(BaseModel):
    as_of: date = Field(title="截至日期")
    scheme: str = Field(title="方案")
    scheme_name: str = Field(title="方案名称")
    groups: list[RankedGroup] = Field(title="各组")
    off: list[OffRead] = Field(default=[], title="暂不计分的指标")


class Repeated(BaseModel):
    """A run computed anew from its kept facts; `same` when not a byte differs."""

    run_id: int = Field(title="计分编号")
    same: bool = Field(title="字节相同")
    facts_digest: str = Field(title="事实摘要")
    document_sha256: str = Field(title="原结果摘要")
    repeated_sha256: str = Field(title="重算结果摘要")

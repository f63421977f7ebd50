"""What is asked of runs and what they answer; figures are exact, or text with fixed decimals."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from services.scoring.wire import Day, Moment, Region, SchemeName


class RunAsk(BaseModel):
    """`known_at` is now and `region` the caller's own where they are not given."""

    model_config = ConfigDict(extra="forbid")

    scheme: SchemeName = "lanxian-2022"
    as_of: Day = Field(examples=["2022-09-30"])
    known_at: Moment | None = None
    region: Region | None = None


class RunRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    region: str
    scheme_id: str
    scheme_version: int
    as_of: date
    known_at: datetime
    facts_digest: str
    created_by: str
    created_at: datetime
    published_at: datetime | None = None


class PillarRead(BaseModel):
    points: str | None
    weight: str | None
    rank: int | None


class MetricRead(BaseModel):
    numerator: int
    denominator: int | None
    points: str | None
    rank: int | None


class UnitRead(BaseModel):
    unit_id: str
    name: str
    rank: int | None
    total: str | None
    pillars: dict[str, PillarRead]
    metrics: dict[str, MetricRead]


class GroupRead(BaseModel):
    group: str
    units: list[UnitRead]


class RankingRead(BaseModel):
    as_of: date
    scheme: str
    groups: list[GroupRead]


class ExplainedPillar(PillarRead):
    points_exact: str | None


class CountedRow(BaseModel):
    project_id: str | None
    name: str | None
    numerator: int
    denominator: int


class LeftOutRow(BaseModel):
    project_id: str | None
    name: str | None
    reason: str


class ExplainedMetric(ExplainedPillar):
    name: str
    formula: str
    reading: str
    source: str
    numerator: int
    denominator: int | None
    denominator_of_others: int
    projects: list[CountedRow]
    left_out: list[LeftOutRow]


class UnitExplained(BaseModel):
    as_of: date
    scheme: str
    unit_id: str
    name: str
    rank: int | None
    total: str | None
    pillars: dict[str, ExplainedPillar]
    metrics: dict[str, ExplainedMetric]


class Repeated(BaseModel):
    """A run computed anew from its kept facts; `same` when not a byte differs."""

    run_id: int
    same: bool
    facts_digest: str
    document_sha256: str
    repeated_sha256: str

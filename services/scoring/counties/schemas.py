"""Queries and responses of rankings whose units are counties or cities."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, Field

from services.scoring.engine.results.regions_above import RegionLevel
from services.scoring.runs.schemas import RankingRead, RunRead


@dataclass(frozen=True)
class CountiesQuery:
    """A query; by default the version is the newest of the day."""

    as_of: date
    scheme: str
    scheme_version: int | None
    level: RegionLevel


class PlaceRead(BaseModel):
    code: str = Field(title="行政区划代码")
    name: str = Field(title="名称")


class CountiesRead(RankingRead):
    """A unit's id is the code of its place. `nowhere`: units of runs that are in no such place."""

    level: RegionLevel = Field(title="级别")
    runs: list[RunRead] = Field(title="所用的各次计分")
    missing: list[PlaceRead] = Field(title="没有计分的县")
    nowhere: list[str] = Field(title="不在任一县、市的单位")

"""Kinds of facts: the model of a row, the key, the Chinese title."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from shared.facts.columns import TableReference


class Fact(BaseModel):
    """One row of one table."""

    model_config = ConfigDict(frozen=True, extra="forbid")


UnitId = Annotated[str, TableReference("units")]
ProjectId = Annotated[str, TableReference("projects")]

FACT_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "units": ("unit_id",),
        "projects": ("project_id",),
        "plans": ("project_id", "year"),
        "milestones": ("project_id", "kind", "decided_on"),
        "progress": ("project_id", "as_of"),
        "permits": ("project_id", "kind", "stage"),
        "problems": ("problem_id",),
        "indicators": ("region_code", "period", "indicator"),
    }
)
FACT_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "units": "单位",
        "projects": "项目",
        "plans": "年度计划",
        "milestones": "节点",
        "progress": "进度",
        "permits": "手续",
        "funds": "资金",
        "problems": "问题",
        "pauses": "停工",
        "indicators": "统计指标",
    }
)

"""Requests and responses of corrections."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.scoring.run_views.schemas import MovedUnit
from services.scoring.runs.rules import RunState
from services.scoring.runs.schemas import MetricName
from services.scoring.wire_types import Moment
from shared.http.json_bodies import Body
from shared.http.printable_lines import PRINTABLE, PRINTABLE_SCHEMA, line_constraints

Reason = Annotated[str, line_constraints(500), PRINTABLE, PRINTABLE_SCHEMA]


class CorrectionAsk(Body):
    """Scheme, rows and day are those of the run that is corrected; `known_at` is by default now."""

    reason: Reason = Field(title="更正的理由", examples=["U06 九月投资按台账核减"])
    known_at: Moment | None = Field(default=None, title="已知于")


class CorrectionRead(BaseModel):
    """A correction of a run, and what it changed: each as `[before, after]`."""

    run_id: int = Field(title="计分编号")
    reason: str = Field(title="更正的理由")
    state: RunState = Field(title="状态")
    published_at: datetime | None = Field(title="公布时刻")
    metrics: list[MetricName] = Field(title="各指标的名称")
    units: list[MovedUnit] = Field(title="变了的单位")


class CorrectionsRead(BaseModel):
    items: list[CorrectionRead] = Field(title="各次更正")

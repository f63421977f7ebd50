"""Requests and responses of objections."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from services.scoring.engine.declarations import validation_error
from services.scoring.objections.rules import ObjectionOutcome, ObjectionState
from services.scoring.wire_types import Name
from shared.http.json_bodies import Body
from shared.http.printable_lines import SEEN, UNHIDDEN, UNHIDDEN_SCHEMA, line_constraints

LongText = Annotated[str, line_constraints(2000), UNHIDDEN, SEEN, UNHIDDEN_SCHEMA]


class ObjectionForm(Body):
    """A figure, and what is wrong with it: a unit's total, or one metric or project of it.

    Attachments are not taken yet.
    """

    unit_id: Name = Field(title="单位编号", examples=["U06"])
    metric: Name | None = Field(default=None, title="指标", examples=["investment_completion"])
    project_id: Name | None = Field(default=None, title="项目编号")
    text: LongText = Field(title="异议", examples=["八月投资少计一笔，见银行回单"])

    @model_validator(mode="after")
    def check_figure(self) -> Self:
        if self.metric is not None and self.project_id is not None:
            raise validation_error("metric 和 project_id 只写一个")
        return self


class ObjectionAnswerForm(Body):
    """What the answer comes to, and why."""

    outcome: ObjectionOutcome = Field(title="结论")
    text: LongText = Field(title="答复", examples=["回单日期在九月，八月数不变"])


class ObjectionRead(BaseModel):
    id: int = Field(title="编号")
    run_id: int = Field(title="计分编号")
    by_unit_id: str = Field(title="提出单位编号")
    by_unit_name: str | None = Field(title="提出单位名称")
    unit_id: str = Field(title="单位编号")
    unit_name: str | None = Field(title="单位名称")
    metric: str | None = Field(title="指标")
    metric_name: str | None = Field(title="指标名称")
    project_id: str | None = Field(title="项目编号")
    project_name: str | None = Field(title="项目名称")
    text: str = Field(title="异议")
    state: ObjectionState = Field(title="状态")
    recorded_by: str = Field(title="提出人")
    recorded_at: datetime = Field(title="提出时刻")
    outcome: ObjectionOutcome | None = Field(title="结论")
    answer: str | None = Field(title="答复")
    answered_by: str | None = Field(title="答复人")
    answered_at: datetime | None = Field(title="答复时刻")

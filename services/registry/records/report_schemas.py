"""Response models of reports: records that wait until the office decides."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from services.registry.records.report_rules import ReportState, WaitCause
from shared.http.tokens import Role

MAX_WAITING_LISTED = 100


class DoubtRead(BaseModel):
    """A doubt about a figure: the figure, and the one that speaks against it."""

    code: str = Field(title="代码")
    table: str = Field(title="表")
    column: str = Field(title="列")
    measure: str = Field(title="量")
    value: str = Field(title="存疑的数")
    limit: str | None = Field(title="对照的数")
    holds: bool = Field(title="因此待审核")
    zh: str = Field(title="说明")
    en: str = Field(title="英文说明")


class ReportRead(BaseModel):
    """A record that a unit or field officer sent, and what became of it."""

    id: int = Field(title="编号")
    office: str = Field(title="办公室")
    kind: str = Field(title="记录种类")
    subject: str = Field(title="对象")
    state: ReportState = Field(title="状态")
    is_stale: bool = Field(title="记录已改过")
    project_id: str | None = Field(title="项目编号")
    project_name: str | None = Field(title="项目名称")
    record: dict[str, Any] = Field(title="报送内容")
    why: str = Field(title="说明")
    causes: list[WaitCause] = Field(title="待审核的原因")
    findings: list[DoubtRead] = Field(title="疑点")
    corrects: int | None = Field(title="更正的版本")
    present_version: int | None = Field(title="现在的版本")
    reported_by: str = Field(title="报送人")
    reported_at: datetime = Field(title="报送时刻")
    role: Role = Field(title="角色")
    unit_id: str | None = Field(title="报送单位编号")
    unit_name: str | None = Field(title="报送单位名称")
    decided_at: datetime | None = Field(title="处理时刻")
    decided_by: str | None = Field(title="处理人")
    decision_why: str | None = Field(title="处理理由")
    version: int | None = Field(title="采用后的版本")


class WaitingReports(BaseModel):
    """Reports that wait for records of a list, the first hundred, and their number."""

    count: int = Field(title="条数")
    items: list[ReportRead] = Field(title="待审核的报送")

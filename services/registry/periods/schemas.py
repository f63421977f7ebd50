"""Responses about reporting periods."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from shared.facts.words import Word
from shared.offices import OFFICE_PATTERN


class PeriodKind(Word):
    month = "month", "月"
    half_month = "half_month", "半月"


class PeriodState(Word):
    open = "open", "开放"
    late = "late", "已逾期"
    closed = "closed", "已关闭"


class ReportingState(Word):
    """Whether a project has reported: `late` is reported, too, and `waiting` waits for review."""

    unreported = "unreported", "未报"
    waiting = "waiting", "待审核"
    reported = "reported", "已报"
    late = "late", "逾期报送"


class ReportingPeriodRead(BaseModel):
    """A reporting period, and how many projects have reported; late ones are among these."""

    office: str = Field(title="办公室代码", pattern=OFFICE_PATTERN)
    kind: PeriodKind = Field(title="期别")
    last_day: date = Field(title="末日")
    open_until: date | None = Field(title="报送截止日")
    closes_on: date | None = Field(title="关闭日")
    state: PeriodState = Field(title="状态")
    owed: int = Field(title="应报项目数")
    reported: int = Field(title="已报项目数")
    late: int = Field(title="逾期报送项目数")
    waiting: int = Field(title="待审核项目数")
    unreported: int = Field(title="未报项目数")


class ReportingProjectRead(BaseModel):
    """A project that owes a report for a period."""

    project_id: str = Field(title="项目编号")
    project_name: str = Field(title="项目名称")
    unit_id: str = Field(title="责任单位编号")
    unit_name: str | None = Field(title="责任单位名称")
    state: ReportingState = Field(title="报送状态")
    reported_at: datetime | None = Field(title="报送时刻")

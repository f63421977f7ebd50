"""Responses with a portfolio: lines of the same shape, and their total."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from services.scoring.engine.overview.portfolio import Grouping


class FundsOfLine(BaseModel):
    """Money of one source this year, in yuan."""

    approved_yuan: int = Field(title="本年获批")
    arrived_yuan: int = Field(title="本年到位")


class PortfolioLine(BaseModel):
    """The live projects of a line. Starts are of new and continuing projects, as the plan is."""

    id: str = Field(title="编号")
    name: str = Field(title="名称")
    projects: int = Field(title="项目数")
    in_campaign: int = Field(title="新建、续建项目数")
    working: int = Field(title="已开（复）工")
    start_rate: str | None = Field(title="开（复）工率")
    completed_projects: int = Field(title="本年竣工")
    total_investment_yuan: int = Field(title="总投资")
    invested_ytd_yuan: int = Field(title="本年完成投资")
    invested_of_plan_yuan: int = Field(title="其中有年度计划的完成投资")
    planned_yuan: int = Field(title="年度计划投资")
    share_of_plan: str | None = Field(title="占年度计划")
    funds: dict[str, FundsOfLine] = Field(title="资金来源")


class PortfolioRead(BaseModel):
    """`overlapping`: a project may be on several lines; the total counts each project once."""

    as_of: date = Field(title="截至日期")
    known_at: datetime = Field(title="已知于")
    by: Grouping = Field(title="按什么分")
    overlapping: bool = Field(title="可同时列入多行")
    lines: list[PortfolioLine] = Field(title="各行")
    total: PortfolioLine = Field(title="合计")

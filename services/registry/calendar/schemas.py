"""Response model of a year of working days."""

from datetime import date

from pydantic import BaseModel, Field


class YearRead(BaseModel):
    """`off` are days off, `work` make-up workdays (调休); provisional until it is announced."""

    year: int = Field(title="年度")
    provisional: bool = Field(title="暂定")
    off: list[date] = Field(title="放假")
    work: list[date] = Field(title="调休上班")
    working_days: int = Field(title="工作日数")

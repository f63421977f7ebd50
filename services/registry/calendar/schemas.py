"""A year of working days as it is answered."""

from datetime import date

from pydantic import BaseModel


class YearRead(BaseModel):
    """`off` are days off, `work` make-up workdays (调休); provisional until it is announced."""

    year: int
    provisional: bool
    off: list[date]
    work: list[date]
    working_days: int

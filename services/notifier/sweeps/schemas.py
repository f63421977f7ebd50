"""Request and response models of sweeps."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from services.notifier.letters.schemas import (
    LetterDue,
    LetterRead,
    NotPrinted,
)
from shared.http.questions import QuestionFields
from shared.notation import LedgerDay


class SweepAsk(QuestionFields):
    """The days to sweep, both included: today, where none is given; and for whom.

    That is an office, the caller's own where none is given, or each office of a region.
    """

    from_on: LedgerDay | None = Field(default=None, examples=["2022-09-15"], title="起")
    to_on: LedgerDay | None = Field(default=None, examples=["2022-12-25"], title="止")


class SweepRead(BaseModel):
    """What a sweep of one office did."""

    office: str = Field(title="办公室代码")
    from_on: date = Field(title="起")
    to_on: date = Field(title="止")
    known_at: datetime = Field(title="已知于")
    issued: list[LetterRead] = Field(title="已发出")
    settled: list[int] = Field(title="已办结")
    not_printed: list[NotPrinted] = Field(title="未能打印")


class Preview(BaseModel):
    """What a sweep of one office would issue."""

    office: str = Field(title="办公室代码")
    on: date = Field(title="日期")
    known_at: datetime = Field(title="已知于")
    letters: list[LetterDue] = Field(title="应发函件")

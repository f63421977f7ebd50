"""Request and response models of sweeps."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from services.notifier.letters.schemas import LedgerDay, LetterDue, LetterRead, NotPrinted


class SweepAsk(BaseModel):
    """The days to sweep, both included: today, where none is given."""

    model_config = ConfigDict(extra="forbid")

    from_on: LedgerDay | None = Field(default=None, examples=["2022-09-15"], title="起")
    to_on: LedgerDay | None = Field(default=None, examples=["2022-12-25"], title="止")


class SweepRead(BaseModel):
    from_on: date = Field(title="起")
    to_on: date = Field(title="止")
    known_at: datetime = Field(title="已知于")
    issued: list[LetterRead] = Field(title="已发出")
    settled: list[int] = Field(title="已办结")
    not_printed: list[NotPrinted] = Field(title="未能打印")


class Preview(BaseModel):
    on: date = Field(title="日期")
    known_at: datetime = Field(title="已知于")
    letters: list[LetterDue] = Field(title="应发函件")

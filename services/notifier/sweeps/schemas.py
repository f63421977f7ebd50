"""What is asked of a sweep, and the answers."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from services.notifier.letters.schemas import Day, LetterDue, LetterRead, NotPrinted


class SweepAsk(BaseModel):
    """The days to sweep, both included: today, where none is given."""

    model_config = ConfigDict(extra="forbid")

    from_on: Day | None = Field(default=None, examples=["2022-09-15"])
    to_on: Day | None = Field(default=None, examples=["2022-12-25"])


class SweepRead(BaseModel):
    from_on: date
    to_on: date
    known_at: datetime
    issued: list[LetterRead]
    settled: list[int]
    not_printed: list[NotPrinted]


class Preview(BaseModel):
    on: date
    known_at: datetime
    letters: list[LetterDue]

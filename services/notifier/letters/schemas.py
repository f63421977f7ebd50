"""What is asked of letters, and the answers."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.notifier.rules.ladder import LetterKind
from shared.words import Word

EARLIEST, LATEST = date(1950, 1, 1), date(2199, 12, 31)  # the years of a ledger
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]
Name = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")]


class LetterState(Word):
    """Settled outlasts acknowledged."""

    issued = "issued", "已发出"
    acknowledged = "acknowledged", "已确认"
    settled = "settled", "已办结"


class LetterDue(BaseModel):
    """A letter that would go out."""

    model_config = ConfigDict(from_attributes=True)

    kind: LetterKind
    project_id: str
    about: str
    unit_id: str
    trigger_on: date
    issue_on: date
    due_on: date | None
    provisional: bool


class LetterRead(LetterDue):
    """A letter that went out."""

    id: int
    number: str
    title: str
    region: str
    state: LetterState
    issued_at: datetime
    acknowledged_at: datetime | None = None
    settled_on: date | None = None


class NotPrinted(BaseModel):
    """A letter that is due and could not be printed; it has no number, and is due again."""

    letter: LetterDue
    detail: str

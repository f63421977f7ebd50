"""Tables of the notifier, in the `notifier` schema. Only rows of `sequences` are ever updated."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from shared.database.accounts import AccountGrants
from shared.database.audit import AuditColumns
from shared.database.sessions import build_metadata
from shared.http.idempotency import AnswerColumns

SCHEMA = "notifier"
METADATA = build_metadata(SCHEMA)
ACCOUNT_GRANTS = AccountGrants(updated={"sequences": ("last",)})


class Table(SQLModel):
    metadata = METADATA


class Audit(AuditColumns, Table, table=True):
    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("office", "number"),)


class Answer(AnswerColumns, Table, table=True):
    """Responses stored for `Idempotency-Key`."""

    __tablename__ = "answers"


class NumberSequence(Table, table=True):
    """Last number that an office issued under an agency word in a year; locked while it issues."""

    __tablename__ = "sequences"

    office: str = Field(primary_key=True)
    agency_word: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int


class IssuedLetter(Table, table=True):
    """A letter that went out. `region` is the project's; `sequence` counts from 1.

    `project_id` is its office's own; `unit_id`, too, or qualified where it is one of an office
    above. `counted_from` is the planned date, or the first month end, that its trigger counts from.
    """

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("office", "kind", "project_id", "about", "counted_from"),
        UniqueConstraint("office", "agency_word", "year", "sequence"),
    )

    id: int | None = Field(
        default=None, sa_type=BigInteger, primary_key=True, sa_column_args=[Identity(always=True)]
    )
    office: str
    kind: str
    project_id: str = Field(index=True)
    about: str
    counted_from: date
    trigger_on: date
    issue_on: date
    due_on: date | None = None
    unit_id: str = Field(index=True)
    region: str
    provisional: bool
    agency_word: str
    year: int
    sequence: int
    title: str
    issued_at: datetime = Field(sa_type=DateTime(timezone=True))


class LetterTexts(Table, table=True):
    """Texts of a letter, kept with its number, and the facts that they quote as known then."""

    __tablename__ = "documents"

    letter_id: int = Field(primary_key=True, foreign_key="letters.id", sa_type=BigInteger)
    texts: dict[str, Any] = Field(sa_type=JSONB)
    quotes: dict[str, Any] = Field(sa_type=JSONB)
    known_at: datetime = Field(sa_type=DateTime(timezone=True))
    template_version: str


class LetterPrint(Table, table=True):
    """PDF of a letter, printed from its texts after it was numbered; until then there is none."""

    __tablename__ = "prints"

    letter_id: int = Field(primary_key=True, foreign_key="letters.id", sa_type=BigInteger)
    pdf: bytes
    printed_at: datetime = Field(sa_type=DateTime(timezone=True))


class Acknowledgement(Table, table=True):
    """Acknowledgement of a letter by its unit."""

    __tablename__ = "acknowledgements"

    letter_id: int = Field(primary_key=True, foreign_key="letters.id", sa_type=BigInteger)
    acknowledged_by: str
    acknowledged_at: datetime = Field(sa_type=DateTime(timezone=True))


class Settlement(Table, table=True):
    """Settlement of a letter by later facts; `settled_on` is the day of the sweep."""

    __tablename__ = "settlements"

    letter_id: int = Field(primary_key=True, foreign_key="letters.id", sa_type=BigInteger)
    settled_on: date
    settled_at: datetime = Field(sa_type=DateTime(timezone=True))

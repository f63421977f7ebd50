"""The tables of runs that are open for comment: until when, objections, their answers."""

from datetime import date, datetime

from sqlalchemy import BigInteger, DateTime, Index, Text
from sqlmodel import Field

from services.scoring.tables import Table, identity_column


class CommentPeriod(Table, table=True):
    """A draft is open for comment until a day; ended without one. The last row of a run counts."""

    __tablename__ = "comment_periods"
    __table_args__ = (Index("ix_comment_periods_run_id_id", "run_id", "id"),)

    id: int | None = identity_column()
    run_id: int = Field(foreign_key="runs.id", sa_type=BigInteger)
    until_on: date | None
    recorded_by: str
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Objection(Table, table=True):
    """What a unit objects to in an open draft: a unit's total, a metric or a project of it.

    `by_unit_id` is the unit that objects; ids are written as in the run.
    """

    __tablename__ = "objections"
    __table_args__ = (Index("ix_objections_run_id_id", "run_id", "id"),)

    id: int | None = identity_column()
    run_id: int = Field(foreign_key="runs.id", sa_type=BigInteger)
    by_unit_id: str
    unit_id: str
    metric: str | None
    project_id: str | None
    text: str = Field(sa_type=Text)
    recorded_by: str
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class ObjectionAnswer(Table, table=True):
    """The office's answer to an objection; there is one."""

    __tablename__ = "objection_answers"

    objection_id: int = Field(primary_key=True, foreign_key="objections.id", sa_type=BigInteger)
    outcome: str
    text: str = Field(sa_type=Text)
    answered_by: str
    answered_at: datetime = Field(sa_type=DateTime(timezone=True))

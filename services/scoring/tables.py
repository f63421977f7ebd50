"""The tables of scoring, in the `scoring` schema. Rows are added, none is ever changed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from shared.database.accounts import AccountGrants
from shared.database.audit import AuditColumns
from shared.database.sessions import build_metadata
from shared.http.idempotency import AnswerColumns

SCHEMA = "scoring"
METADATA = build_metadata(SCHEMA)
ACCOUNT_GRANTS = AccountGrants()


class Table(SQLModel):
    metadata = METADATA


def identity_column() -> Any:
    """A primary key that the database generates."""
    identity = [Identity(always=True)]
    return Field(default=None, sa_type=BigInteger, primary_key=True, sa_column_args=identity)


class Audit(AuditColumns, Table, table=True):
    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("office", "number"),)


class Answer(AnswerColumns, Table, table=True):
    """A response stored for its `Idempotency-Key`."""

    __tablename__ = "answers"


class OwnScheme(Table, table=True):
    """A scheme as an office wrote it, for its region; the last text of a version counts."""

    __tablename__ = "own_schemes"

    number: int | None = identity_column()
    region: str
    id: str
    version: int
    text: str = Field(sa_type=Text)
    kept_by: str
    kept_at: datetime = Field(sa_type=DateTime(timezone=True))


class UsedScheme(Table, table=True):
    """A version of a scheme and its lights as they were at their first use.

    `region` is the owner's; built-in schemes belong to the whole country.
    """

    __tablename__ = "schemes"

    region: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    document: dict[str, Any] = Field(sa_type=JSONB)
    lights: dict[str, Any] = Field(sa_type=JSONB)


class UsedFacts(Table, table=True):
    """A table of the facts with a digest, as Parquet."""

    __tablename__ = "facts"

    digest: str = Field(primary_key=True)
    table_name: str = Field(primary_key=True)
    parquet: bytes


class UsedEntries(Table, table=True):
    """Targets and marks by hand that a run used, under their digest."""

    __tablename__ = "entered"

    digest: str = Field(primary_key=True)
    document: dict[str, Any] = Field(sa_type=JSONB)


class Entry(Table, table=True):
    """A target of a unit, from a day on, or a mark by hand, for a day; withdrawn without `value`.

    `office` and `region` are a run's; `unit_id` is written as there.
    Of the same unit, metric and day the row that was entered last counts.
    """

    __tablename__ = "entries"
    __table_args__ = (Index("ix_entries_scheme", "office", "region", "scheme_id", "kind"),)

    id: int | None = identity_column()
    office: str
    region: str
    scheme_id: str
    kind: str
    unit_id: str
    metric: str
    day: date
    value: str | None
    reason: str
    entered_by: str
    entered_at: datetime = Field(sa_type=DateTime(timezone=True))


class JudgedColour(Table, table=True):
    """An office's colour of a project's axis from a day on; withdrawn without `colour`.

    `office` is the project's, whose ids are plain.
    """

    __tablename__ = "judgements"
    __table_args__ = (Index("ix_judgements_office_project_id", "office", "project_id"),)

    id: int | None = identity_column()
    office: str
    region: str
    project_id: str
    unit_id: str
    axis: str
    colour: str | None
    reason: str
    judged_on: date
    judged_by: str
    judged_at: datetime = Field(sa_type=DateTime(timezone=True))


class Run(Table, table=True):
    """Facts × entries × version of a scheme × day, computed once; with `campaign_id` for it.

    `office` has its own ids plain in facts, entries and results, and all others qualified; blank
    for a run over several offices. `region` says who may read it. `known_at` is the moment of the
    first request. A correction says which published run it `corrects`, and the `reason`.
    """

    __tablename__ = "runs"
    __table_args__ = (
        UniqueConstraint(
            "office",
            "region",
            "campaign_id",
            "facts_digest",
            "entered_digest",
            "scheme_region",
            "scheme_id",
            "scheme_version",
            "as_of",
            "corrects",
            "reason",
            name="uq_runs_question",
            postgresql_nulls_not_distinct=True,
        ),
        ForeignKeyConstraint(
            ["scheme_region", "scheme_id", "scheme_version"],
            ["schemes.region", "schemes.id", "schemes.version"],
        ),
    )

    id: int | None = identity_column()
    office: str
    region: str
    campaign_id: int | None = Field(sa_type=BigInteger, foreign_key="campaigns.id")
    scheme_region: str
    scheme_id: str
    scheme_version: int
    as_of: date
    known_at: datetime = Field(sa_type=DateTime(timezone=True))
    facts_digest: str
    entered_digest: str = Field(foreign_key="entered.digest")
    created_by: str
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    corrects: int | None = Field(
        default=None, sa_type=BigInteger, foreign_key="runs.id", index=True
    )
    reason: str | None = None


class RunResult(Table, table=True):
    """The result document, byte for byte, and the terms of units, from which ranks follow.

    `left_out`: the projects that another office has, too, where offices were joined.
    """

    __tablename__ = "results"

    run_id: int = Field(primary_key=True, foreign_key="runs.id", sa_type=BigInteger)
    document: str = Field(sa_type=Text)
    terms: dict[str, Any] = Field(sa_type=JSONB)
    left_out: list[dict[str, str]] = Field(sa_type=JSONB)


class RunLight(Table, table=True):
    """A project's light with its details; `number` is its position in the document, from 1."""

    __tablename__ = "lights"

    run_id: int = Field(primary_key=True, foreign_key="runs.id", sa_type=BigInteger)
    number: int = Field(primary_key=True, sa_type=BigInteger)
    project_id: str
    unit_id: str
    overall: str
    light: dict[str, Any] = Field(sa_type=JSONB)


class Publication(Table, table=True):
    """The moment from which the units of the region and the public may read a run.

    `corrects` is the run's own, here once: of several corrections of a run one is published.
    """

    __tablename__ = "publications"

    run_id: int = Field(primary_key=True, foreign_key="runs.id", sa_type=BigInteger)
    published_by: str
    published_at: datetime = Field(sa_type=DateTime(timezone=True))
    corrects: int | None = Field(
        default=None, sa_type=BigInteger, foreign_key="runs.id", unique=True
    )


class KeptCampaign(Table, table=True):
    """A campaign: its office or region and author; its contents are in its versions."""

    __tablename__ = "campaigns"

    id: int | None = identity_column()
    office: str
    region: str
    created_by: str
    created_at: datetime = Field(sa_type=DateTime(timezone=True))


class CampaignVersion(Table, table=True):
    """A version of a campaign's contents, whole; the one with the greatest number is current."""

    __tablename__ = "campaign_versions"

    campaign_id: int = Field(primary_key=True, foreign_key="campaigns.id", sa_type=BigInteger)
    number: int = Field(primary_key=True)
    document: dict[str, Any] = Field(sa_type=JSONB)
    why: str
    recorded_by: str
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class CampaignPublication(Table, table=True):
    """The moment from which the units of the region and the public may read a campaign."""

    __tablename__ = "campaign_publications"

    campaign_id: int = Field(primary_key=True, foreign_key="campaigns.id", sa_type=BigInteger)
    published_by: str
    published_at: datetime = Field(sa_type=DateTime(timezone=True))

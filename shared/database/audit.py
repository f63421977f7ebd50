"""Audit rows: each write leaves one, with who, when, from where, what before and what after.

The database itself refuses to change or delete one (see the migrations), and chains those of each
office (`audit_chain`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import BigInteger, DateTime, Identity, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.logs import REQUEST_ID


class AuditColumns(SQLModel):
    """Columns of an audit row.

    `action` is what was done (`progress.recorded`), `subject` to what (`projects/P001`). The
    database fills `number`, from 1 in each office, and `hash`.
    """

    id: int | None = Field(
        default=None, sa_type=BigInteger, primary_key=True, sa_column_args=[Identity(always=True)]
    )
    at: datetime = Field(sa_type=DateTime(timezone=True))
    who: str
    role: str
    address: str
    request_id: str
    action: str
    subject: str = Field(index=True)
    region_code: str | None = Field(default=None, index=True)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    office: str
    number: int | None = Field(default=None, sa_type=BigInteger, nullable=False)
    hash: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=False)


FILLED_BY_DATABASE = ("id", "number", "hash")
WRITTEN_COLUMNS = tuple(n for n in AuditColumns.model_fields if n not in FILLED_BY_DATABASE)


class AuditedCaller(Protocol):
    """The caller whose write leaves the row (`shared.http.tokens.Caller`)."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def office(self) -> str: ...


def build_caller_values(who: AuditedCaller) -> dict[str, str]:
    """The columns of a row that come from the request: its caller, with the office, and its id."""
    return {
        "who": who.name,
        "role": who.role,
        "address": who.address,
        "office": who.office,
        "request_id": REQUEST_ID.get(),
    }


async def write_audit_row(
    session: AsyncSession,
    table: type[AuditColumns],
    action: str,
    subject: str,
    region: str,
    who: AuditedCaller,
    at: datetime,
    *,
    office: str = "",
    **states: Mapping[str, Any] | None,
) -> None:
    """Write the row of a change, in the change's own transaction, with one statement.

    `states` are `before` and `after`; the column of one that is left out stays NULL. `office` is
    the caller's unless it is named. From here to the commit others of the office wait, so rows are
    written last in a transaction, or after `audit_chain.lock_chain`.
    """
    values = {"at": at, "action": action, "subject": subject, "region_code": region, **states}
    values |= build_caller_values(who) | ({"office": office} if office else {})
    await session.exec(insert(table).values(values))


def audit_insert_sql(schema: str, parameters: Mapping[str, str], source: str) -> str:
    """SQL that writes the row of each row of `source`, as part of a larger statement.

    `parameters` are columns with an expression for their value, in SQL; the others, as `at`,
    `before` and `after`, are columns of `source`.
    """
    values = ", ".join(parameters.get(column, column) for column in WRITTEN_COLUMNS)
    return (
        f"INSERT INTO {schema}.audit ({', '.join(WRITTEN_COLUMNS)}) SELECT {values} FROM {source}"
    )

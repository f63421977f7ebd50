"""Audit rows: each write leaves one, with who, when, from where, what before and what after.

The database itself refuses to change or delete one (see the migrations).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import BigInteger, DateTime, Identity
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.logs import REQUEST_ID


class AuditColumns(SQLModel):
    """Columns of an audit row.

    `action` is what was done (`progress.recorded`), `subject` to what (`projects/P001`).
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


WRITTEN_COLUMNS = tuple(name for name in AuditColumns.model_fields if name != "id")


class AuditedCaller(Protocol):
    """The caller whose write leaves the row (`shared.http.tokens.Caller`)."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def address(self) -> str: ...


def build_caller_values(who: AuditedCaller) -> dict[str, str]:
    """The columns of a row that come from the request: its caller and its id."""
    return {
        "who": who.name,
        "role": who.role,
        "address": who.address,
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
    **states: Mapping[str, Any] | None,
) -> None:
    """Write the row of a change, in the change's own transaction, with one statement.

    `states` are `before` and `after`; the column of one that is left out stays NULL.
    """
    values = {"at": at, "action": action, "subject": subject, "region_code": region, **states}
    await session.exec(insert(table).values({**values, **build_caller_values(who)}))


def audit_insert_sql(schema: str, parameters: Mapping[str, str], source: str) -> str:
    """SQL that writes the row of each row of `source`, as part of a larger statement.

    `parameters` are columns with an expression for their value, in SQL; the others, as `at`,
    `before` and `after`, are columns of `source`.
    """
    values = ", ".join(parameters.get(column, column) for column in WRITTEN_COLUMNS)
    return (
        f"INSERT INTO {schema}.audit ({', '.join(WRITTEN_COLUMNS)}) SELECT {values} FROM {source}"
    )

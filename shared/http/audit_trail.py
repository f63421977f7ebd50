"""The audit trail over HTTP, in every service alike; and pages of a list that only grows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator, Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database.audit import AuditColumns
from shared.database.outbox import EventColumns
from shared.database.sessions import Session
from shared.http.auth import require_roles
from shared.http.pages import Page, Paging, PagingParams, build_page
from shared.http.tokens import REGION_WIDE, Caller, Role

AuditReaders = Annotated[Caller, require_roles(*REGION_WIDE)]
SubjectParam = Annotated[str | None, Query(pattern=r"^[^\x00-\x1f]{1,200}$")]
HexDigest = Annotated[str, BeforeValidator(bytes.hex)]
T = TypeVar("T", bound=AuditColumns | EventColumns)


class AuditRead(BaseModel):
    """A write: who, when, from where, what before, what after.

    `hash` is that of the row before in its office with all that stands here (sha256).
    """

    id: int = Field(title="编号")
    at: datetime = Field(title="时刻")
    who: str = Field(title="何人")
    role: Role = Field(title="角色")
    address: str = Field(title="来自地址")
    request_id: str = Field(title="请求编号")
    action: str = Field(title="操作")
    subject: str = Field(title="对象")
    region_code: str | None = Field(title="行政区划代码")
    before: dict[str, Any] | None = Field(title="之前")
    after: dict[str, Any] | None = Field(title="之后")
    office: str = Field(title="所属办公室")
    number: int = Field(title="在本办公室的序号")
    hash: HexDigest = Field(title="校验值")


def audit_router(table: type[AuditColumns]) -> APIRouter:
    """The route that reads a service's audit rows, of the caller's region."""
    router = APIRouter(prefix="/v1", tags=["审计"])

    @router.get(
        "/audit",
        response_model=Page[AuditRead],
        operation_id=f"list_{table.metadata.schema}_audit",
        summary="列出审计记录",
    )
    async def list_audit(
        paging: PagingParams, session: Session, caller: AuditReaders, subject: SubjectParam = None
    ) -> Any:
        """Every write, of everything or of one subject (`projects/P001`, `letters/7`)."""
        return page_document(await list_next_rows(session, table, paging, caller, subject), paging)

    return router


async def list_next_rows(
    session: AsyncSession,
    table: type[T],
    paging: Paging,
    caller: Caller,
    subject: str | None = None,
) -> Sequence[T]:
    """The next rows of the caller's region, one more than a page has.

    The list grows at its end only: a cursor never misses what a later commit brings.
    """
    query = select(table).where(col(table.id) > paging.after)
    if caller.region:
        query = query.where(col(table.region_code).startswith(caller.region))
    if subject:
        query = query.where(col(table.subject) == subject)
    return (await session.exec(query.order_by(col(table.id)).limit(paging.limit + 1))).all()


def page_document(rows: Sequence[AuditColumns | EventColumns], paging: Paging) -> dict[str, Any]:
    page = build_page(rows, paging, lambda row: row.id or 0)
    return {**page, "items": [row.model_dump() for row in page["items"]]}

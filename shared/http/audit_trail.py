"""The audit trail over HTTP, in every service alike."""

from datetime import datetime
from typing import Annotated, Any, cast

from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator, Field

from shared.database.audit import AuditColumns
from shared.database.sessions import Session
from shared.http.auth import require_roles
from shared.http.feeds import FeedPage, FeedPagingParams, build_feed_page, list_feed
from shared.http.questions import QuestionParam
from shared.http.service_route import ServiceRoute
from shared.http.tokens import REGION_WIDE, Caller, Role
from shared.problems import NotFound, raises

AuditReaders = Annotated[Caller, require_roles(*REGION_WIDE)]
SubjectParam = Annotated[str | None, Query(pattern=r"^[^\x00-\x1f]{1,200}$")]
HexDigest = Annotated[str, BeforeValidator(bytes.hex)]


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
    """The route that reads a service's audit rows, of an office or a region."""
    router = APIRouter(prefix="/v1", tags=["审计"], route_class=ServiceRoute)
    rows = cast(Any, table).__table__

    @router.get(
        "/audit",
        response_model=FeedPage[AuditRead],
        operation_id=f"list_{table.metadata.schema}_audit",
        summary="列出审计记录",
    )
    @raises(NotFound)
    async def list_audit(
        paging: FeedPagingParams,
        asks: QuestionParam,
        session: Session,
        caller: AuditReaders,
        subject: SubjectParam = None,
    ) -> Any:
        """Every write, of everything or of one subject (`projects/P001`, `letters/7`)."""
        conditions = [] if subject is None else [rows.c.subject == subject]
        found = await list_feed(session, rows, paging, asks.resolve(caller), *conditions)
        return build_feed_page(found, paging)

    return router

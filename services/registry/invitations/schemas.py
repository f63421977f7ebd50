"""Requests and responses about invitations."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.registry.account_words import InvitationState
from services.registry.accounts.schemas import AccountId, PersonName
from shared.http.json_bodies import Body
from shared.http.printable_lines import PRINTABLE, PRINTABLE_SCHEMA, line_constraints
from shared.http.tokens import Role
from shared.offices import OFFICE_PATTERN

CODE_PATTERN = "^[A-Za-z0-9_-]{43}$"  # 256 bits
PlainUnitId = Annotated[str, line_constraints(60), PRINTABLE, PRINTABLE_SCHEMA]
# Roles that see nothing without a unit; the others have none.
UNIT_ROLES = frozenset({Role.unit, Role.leader, Role.field, Role.approval})
InvitedRegion = Annotated[str, Field(pattern="^[0-9]{1,12}$")]


class InvitationForm(Body):
    """An invitation to an account: name and role; or of an account that is there, by its id."""

    name: PersonName | None = Field(default=None, title="姓名")
    role: Role | None = Field(default=None, title="角色")
    unit_id: PlainUnitId | None = Field(default=None, title="责任单位编号")
    region_code: InvitedRegion | None = Field(default=None, title="行政区划代码")
    account_id: AccountId | None = Field(default=None, title="账号编号")


class InvitationRead(BaseModel):
    """An invitation and what became of it."""

    id: int = Field(title="编号")
    name: str = Field(title="姓名")
    role: Role = Field(title="角色")
    region_code: str = Field(title="行政区划代码")
    office: str = Field(title="办公室代码", pattern=OFFICE_PATTERN)
    unit_id: str | None = Field(title="责任单位编号")
    account_id: int | None = Field(title="账号编号")
    state: InvitationState = Field(title="状态")
    invited_by: str = Field(title="邀请人")
    invited_at: datetime = Field(title="邀请时刻")
    expires_at: datetime = Field(title="到期时刻")
    accepted_at: datetime | None = Field(title="接受时刻")
    revoked_at: datetime | None = Field(title="撤销时刻")
    revoked_by: str | None = Field(title="撤销人")


class IssuedInvitationRead(InvitationRead):
    """An invitation with its code, which is told this once."""

    code: str = Field(title="邀请码", pattern=CODE_PATTERN)
    link: str = Field(title="链接")
    qr: str = Field(title="二维码")

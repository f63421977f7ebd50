"""Responses about accounts and their devices."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field

from services.registry.account_words import EndReason, SignInMethodKind
from shared.http.pages import MAX_BIGINT
from shared.http.printable_lines import PRINTABLE, PRINTABLE_SCHEMA, line_constraints
from shared.http.tokens import Role
from shared.offices import OFFICE_PATTERN

PersonName = Annotated[str, line_constraints(60), PRINTABLE, PRINTABLE_SCHEMA]
AccountId = Annotated[int, Field(ge=1, le=MAX_BIGINT)]
Id = Annotated[int, Path(ge=1, le=MAX_BIGINT)]


class AccountRead(BaseModel):
    """An account, and how it signs in."""

    id: int = Field(title="编号")
    sign_in_name: str = Field(title="登录名")
    name: str = Field(title="姓名")
    role: Role = Field(title="角色")
    region_code: str = Field(title="行政区划代码")
    office: str = Field(title="办公室代码", pattern=OFFICE_PATTERN)
    unit_id: str | None = Field(title="责任单位编号")
    has_password: bool = Field(title="有密码")
    passkeys: int = Field(title="通行密钥数")
    is_linked: bool = Field(title="已连统一身份认证")
    devices: int = Field(title="已登录的设备数")
    used_at: datetime | None = Field(title="最近使用时刻")
    created_at: datetime = Field(title="建立时刻")
    disabled_at: datetime | None = Field(title="停用时刻")
    disabled_by: str | None = Field(title="停用人")


class DeviceRead(BaseModel):
    """A browser that is signed in, or was."""

    id: int = Field(title="编号")
    name: str = Field(title="设备名称")
    method: SignInMethodKind = Field(title="登录方式")
    address: str = Field(title="来自地址")
    signed_in_at: datetime = Field(title="登录时刻")
    used_at: datetime = Field(title="最近使用时刻")
    expires_at: datetime = Field(title="到期时刻")
    is_current: bool = Field(title="正在使用的设备")
    is_signed_in: bool = Field(title="登录有效")
    ended_at: datetime | None = Field(title="结束时刻")
    end_reason: EndReason | None = Field(title="结束原因")

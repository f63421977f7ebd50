"""Requests and responses of signing in."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from services.registry.account_words import SignInMethodKind
from services.registry.accounts.schemas import DeviceRead, PersonName
from services.registry.invitations.schemas import CODE_PATTERN
from shared.http.json_bodies import Body
from shared.http.printable_lines import PRINTABLE, PRINTABLE_SCHEMA, line_constraints
from shared.http.tokens import Role
from shared.offices import OFFICE_PATTERN

SOME_BROWSER = "浏览器"
Code = Annotated[str, Field(pattern=CODE_PATTERN)]
Password = Annotated[str, Field(min_length=1, max_length=200)]
Credential = Annotated[str, Field(min_length=2, max_length=20_000)]
DeviceName = Annotated[str, line_constraints(60), PRINTABLE, PRINTABLE_SCHEMA]


class InvitationCode(Body):
    """The code of an invitation, from its link."""

    code: Code = Field(title="邀请码")


class OpenedInvitationRead(BaseModel):
    """To what an invitation invites."""

    name: str = Field(title="姓名")
    role: Role = Field(title="角色")
    region_code: str = Field(title="行政区划代码")
    region_name: str = Field(title="行政区划")
    office_name: str = Field(title="办公室名称")
    unit_id: str | None = Field(title="责任单位编号")
    unit_name: str | None = Field(title="责任单位")
    sign_in_name: str = Field(title="登录名")
    is_new: bool = Field(title="新账号")
    expires_at: datetime = Field(title="到期时刻")


class AcceptForm(Body):
    """An invitation accepted: by a password or by a passkey, one of them."""

    code: Code = Field(title="邀请码")
    sign_in_name: PersonName | None = Field(default=None, title="登录名")
    password: Password | None = Field(default=None, title="密码")
    credential: Credential | None = Field(default=None, title="通行密钥的应答")
    device: DeviceName = Field(default=SOME_BROWSER, title="设备名称")


class PasswordForm(Body):
    """A sign-in by name and password."""

    sign_in_name: PersonName = Field(title="登录名")
    password: Password = Field(title="密码")
    device: DeviceName = Field(default=SOME_BROWSER, title="设备名称")


class PasskeyRegistrationForm(Body):
    """Whose passkey is to be: whoever the code invites, else who is signed in."""

    code: Code | None = Field(default=None, title="邀请码")
    sign_in_name: PersonName | None = Field(default=None, title="登录名")


class PasskeyForm(Body):
    """A sign-in by passkey."""

    credential: Credential = Field(title="通行密钥的应答")
    device: DeviceName = Field(default=SOME_BROWSER, title="设备名称")


class ProofForm(Body):
    """A proof of who is signed in: the password; where there is none a passkey, if there is one."""

    password: Password | None = Field(default=None, title="现在的密码")
    proof: Credential | None = Field(default=None, title="现有通行密钥的应答")


class NewPasskeyForm(ProofForm):
    """A passkey more for who is signed in, with a proof of who that is."""

    credential: Credential = Field(title="通行密钥的应答")


class PasswordChangeForm(ProofForm):
    """A new password, with a proof of who is signed in."""

    new_password: Password = Field(title="新密码")


class OidcForm(Body):
    """A sign-in elsewhere; with a code it accepts the invitation."""

    code: Code | None = Field(default=None, title="邀请码")


class PasskeyOptionsRead(BaseModel):
    """Options for the browser: `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`."""

    options: dict[str, Any] = Field(title="选项")
    expires_at: datetime = Field(title="到期时刻")


class SignedInAccountRead(BaseModel):
    """Who is signed in."""

    id: int = Field(title="编号")
    sign_in_name: str = Field(title="登录名")
    name: str = Field(title="姓名")
    role: Role = Field(title="角色")
    region_code: str = Field(title="行政区划代码")
    region_name: str = Field(title="行政区划")
    office: str = Field(title="办公室代码", pattern=OFFICE_PATTERN)
    office_name: str = Field(title="办公室名称")
    unit_id: str | None = Field(title="责任单位编号")
    unit_name: str | None = Field(title="责任单位")
    has_password: bool = Field(title="有密码")
    passkeys: int = Field(title="通行密钥数")


class SessionRead(BaseModel):
    """Who is signed in at this browser; nobody where both are null."""

    account: SignedInAccountRead | None = Field(title="账号")
    device: DeviceRead | None = Field(title="本设备")


class SessionTokenRead(SignedInAccountRead):
    """A token of the account's claims, for all services of this origin; and whose it is."""

    token: str = Field(title="令牌")
    expires_at: datetime = Field(title="到期时刻")


class SignInMethodRead(BaseModel):
    """A method of signing in; `address` is where to go for one that is elsewhere."""

    method: SignInMethodKind = Field(title="登录方式")
    name: str = Field(title="名称")
    address: str | None = Field(title="地址")


class SignInMethodsRead(BaseModel):
    """The methods of signing in here; none where nobody signs in."""

    items: list[SignInMethodRead] = Field(title="登录方式")


class OidcAddressRead(BaseModel):
    """Where to go to sign in."""

    address: str = Field(title="地址")


class PasskeyRead(BaseModel):
    """A passkey, and the device that used it last."""

    id: int = Field(title="编号")
    device: str = Field(title="设备名称")
    recorded_at: datetime = Field(title="登记时刻")
    used_at: datetime | None = Field(title="最近使用时刻")
    removed_at: datetime | None = Field(title="去掉时刻")

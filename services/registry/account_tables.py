"""Tables of people: invitations, accounts, and how these sign in.

No secret is in them: of codes, cookies and challenges there is the sha256, of passwords the scrypt.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from services.registry.metadata import SCHEMA, Table

ACCOUNT_ID = f"{SCHEMA}.accounts.id"


def number() -> Any:
    """A key that the database gives."""
    identity = sa.Identity(always=True)
    return Field(default=None, sa_type=sa.BigInteger, primary_key=True, sa_column_args=[identity])


def moment() -> Any:
    return Field(sa_type=sa.DateTime(timezone=True))


def later_moment() -> Any:
    """A moment that has not come when the row is added."""
    return Field(default=None, sa_type=sa.DateTime(timezone=True))


def of_account(*, default: Any = ..., index: bool = True) -> Any:
    return Field(default=default, sa_type=sa.BigInteger, foreign_key=ACCOUNT_ID, index=index)


class Account(Table, table=True):
    """A person or a system with a role; `sign_in_name` is who it is in tokens and audit rows.

    Of `sign_in_key` there is one in the installation. `handle` is what authenticators call it.
    """

    __tablename__ = "accounts"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"),)

    id: int | None = number()
    sign_in_name: str
    sign_in_key: str = Field(unique=True)
    name: str
    role: str
    region_code: str
    office: str
    unit_id: str | None = None
    handle: bytes
    password: str | None = None
    issuer: str | None = None
    subject: str | None = None
    created_at: datetime = moment()
    disabled_at: datetime | None = later_moment()
    disabled_by: str | None = None


class Invitation(Table, table=True):
    """An invitation to a new account, or of an account that is there (`account_id`)."""

    __tablename__ = "invitations"

    id: int | None = number()
    code_hash: bytes = Field(unique=True)
    name: str
    role: str
    region_code: str
    office: str
    unit_id: str | None = None
    account_id: int | None = of_account(default=None, index=False)
    invited_by: str
    invited_at: datetime = moment()
    expires_at: datetime = moment()
    accepted_at: datetime | None = later_moment()
    accepted_by: int | None = of_account(default=None, index=False)
    revoked_at: datetime | None = later_moment()
    revoked_by: str | None = None


class Device(Table, table=True):
    """A browser that is signed in, or was: one row each time that somebody signs in."""

    __tablename__ = "devices"

    id: int | None = number()
    account_id: int = of_account()
    secret_hash: bytes = Field(unique=True)
    name: str
    method: str
    address: str
    signed_in_at: datetime = moment()
    used_at: datetime = moment()
    expires_at: datetime = moment()
    ended_at: datetime | None = later_moment()
    end_reason: str | None = None


class Passkey(Table, table=True):
    """A passkey of an account, and the device that used it last."""

    __tablename__ = "passkeys"

    id: int | None = number()
    account_id: int = of_account()
    device_id: int = Field(sa_type=sa.BigInteger, foreign_key=f"{SCHEMA}.devices.id")
    credential_id: bytes = Field(unique=True)
    public_key: bytes
    sign_count: int = Field(sa_type=sa.BigInteger)
    recorded_at: datetime = moment()
    used_at: datetime | None = later_moment()
    removed_at: datetime | None = later_moment()


class Challenge(Table, table=True):
    """A question that a browser or a single sign-on has to answer: once, and soon."""

    __tablename__ = "challenges"

    hash: bytes = Field(primary_key=True)
    purpose: str
    account_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    invitation_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    address: str = Field(index=True)
    expires_at: datetime = moment()


class SignInFailures(Table, table=True):
    """Passwords that were wrong, by sign-in name (its sha256) and address; blank: all addresses."""

    __tablename__ = "sign_in_failures"

    name_hash: bytes = Field(primary_key=True)
    address: str = Field(primary_key=True)
    failures: int = Field(sa_type=sa.BigInteger)
    last_at: datetime = moment()
    locked_until: datetime | None = later_moment()


UPDATED_COLUMNS: dict[str, tuple[str, ...]] = {
    "accounts": (
        *("password", "issuer", "subject", "disabled_at", "disabled_by"),
        *("role", "region_code", "office", "unit_id"),  # as a single sign-on says
    ),
    "invitations": ("accepted_at", "accepted_by", "revoked_at", "revoked_by"),
    "devices": ("used_at", "ended_at", "end_reason"),
    "passkeys": ("device_id", "sign_count", "used_at", "removed_at"),
    "sign_in_failures": ("failures", "last_at", "locked_until"),
}
DELETED_FROM = ("challenges", "sign_in_failures")

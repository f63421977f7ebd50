"""Tokens: JSON Web Tokens, signed with keys that everyone may look up (JWKS)."""

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from shared.facts.words import Word
from shared.offices import format_id, office_code
from shared.problems import Unauthorized

ALGORITHMS = ["Ed25519", "ES256", "RS256"]
AUDIENCE = "bairi"
REGION_PREFIX = re.compile(r"[0-9]{0,12}")  # a prefix; none is the whole country
TOKEN_CACHE_SIZE = 4096  # remembered, of the latest callers
CLOCK_LEEWAY = 30  # seconds by which the clocks of issuer and service may differ


class Role(Word):
    """Who may do what, by and large; every route says it exactly."""

    office = "office", "重点项目办"
    unit = "unit", "责任单位"
    leader = "leader", "联系领导"
    field = "field", "项目专员"
    approval = "approval", "审批部门"
    inspector = "inspector", "纪检监察"
    viewer = "viewer", "公开查看"


REGION_WIDE = frozenset({Role.office, Role.inspector})


@dataclass(frozen=True)
class Caller:
    """A caller: a role within a region (a prefix of its code), for some roles of one unit.

    `address` is where the call came from, for the audit trail.
    """

    name: str
    role: Role
    region: str = ""
    unit_id: str | None = None
    address: str = ""

    @property
    def only_unit(self) -> str | None:
        """The unit that a caller is confined to; None for all of its region.

        A role that is not region-wide has what is its unit's; without a unit that is nothing.
        """
        return None if self.role in REGION_WIDE else self.unit_id or ""

    @property
    def office(self) -> str:
        """Code of the caller's office: of its region, filled with zeros (`shared.offices`)."""
        return office_code(self.region)

    def unit_written_for(self, asked: str) -> str | None:
        """`only_unit` as its id is written in a question about an office."""
        return self.only_unit and format_id(self.only_unit, self.office, asked)


def verify_token(token: str, keys: KeySet, *, now: datetime) -> Caller:
    """The caller of a token. Raises Unauthorized when it is not ours, changed or out of date."""
    try:
        claims = decode_claims(token, KeySetIdentity(keys))
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(now.timestamp()),
            leeway=CLOCK_LEEWAY,
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            sub={"essential": True},
        )
        registry.validate(claims)
        region = claims["region"]
        if not REGION_PREFIX.fullmatch(region):
            raise ValueError(region)
        return Caller(claims["sub"], Role(claims["role"]), region, claims.get("unit_id"))
    except (JoseError, KeyError, TypeError, ValueError):
        raise Unauthorized("令牌无效或已过期", "The token is not valid, or no longer.") from None


class KeySetIdentity:
    """Keys that equal only themselves, as a key of the cache of claims.

    A set whose keys were looked up again is another: what is cached is forgotten with them.
    """

    def __init__(self, keys: KeySet) -> None:
        self.key_set, self.keys = keys, keys.keys

    def __hash__(self) -> int:
        return id(self.keys)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeySetIdentity) and self.keys is other.keys


@lru_cache(TOKEN_CACHE_SIZE)
def decode_claims(token: str, identity: KeySetIdentity) -> dict[str, Any]:
    """The claims of a token that one of these keys has signed. Raises JoseError or ValueError.

    A signature stays what it is, so good ones are cached; the claims are for the caller to check,
    every time.
    """
    return jwt.decode(token, identity.key_set, algorithms=ALGORITHMS).claims


class Issuer:
    """The embedded default's own issuer: one key, kept in a file that only we may read.

    Offices bring their single sign-on instead, and with it their keys.
    """

    def __init__(self, file: Path) -> None:
        if not file.exists():
            key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519"}, auto_kid=True)
            # Whole or not there, whenever we are killed; of two programs the first one's key stays.
            handle, new = mkstemp(dir=file.parent)
            with os.fdopen(handle, "w") as out:
                json.dump(key.as_dict(private=True), out)
            with suppress(FileExistsError):
                os.link(new, file)
            os.unlink(new)
        self.key = OKPKey.import_key(json.loads(file.read_text()))

    @property
    def public(self) -> Mapping[str, Any]:
        """The key set to publish (JWKS)."""
        return KeySet([self.key]).as_dict(private=False)

    def issue(self, caller: Caller, *, now: datetime, lasts: timedelta) -> str:
        claims = {
            "sub": caller.name,
            "aud": AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int((now + lasts).timestamp()),
            "role": caller.role,
            "region": caller.region,
            "unit_id": caller.unit_id,
        }
        return jwt.encode({"alg": "Ed25519", "kid": self.key.kid}, claims, self.key, ALGORITHMS)

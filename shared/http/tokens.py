"""Tokens: JSON Web Tokens, signed with keys that everyone may look up (JWKS).

Nobody is trusted before the end: a token names its key, the key signs it, every claim has its type
and its bounds, and the issuer, the audience and the moment are the expected ones.
"""

import json
import os
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import mkstemp
from typing import Annotated, Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared.facts.words import Word
from shared.offices import format_id, office_code
from shared.problems import Unauthorized

ALGORITHMS = ["Ed25519", "ES256", "RS256"]
ISSUER = "bairi"  # the embedded default's own
AUDIENCE = "bairi"
OWN_SESSION = re.compile(r"bairi:([1-9][0-9]{0,17})")  # a device that is signed in here
REGION_PREFIX = re.compile(r"[0-9]{0,12}")  # a prefix; none is the whole country
WHOLE_COUNTRY = ""  # the region of who has no bounds, and was meant to have none
TOKEN_LENGTH = 8192  # characters; ours have some 400, those of a single sign-on a few thousand
TEXT_LENGTH = 200  # characters of a name or of a unit's id
LAST_SECOND = 253_402_300_800  # the end of the year 9999
TOKEN_CACHE_SIZE = 4096  # remembered, of the latest callers
CLOCK_LEEWAY = 30  # seconds by which the clocks of issuer and service may differ
# Control characters, halves of pairs, and ends of lines: nothing that a name or an id has.
REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
# What reading a token of somebody else's making may end in.
UNREADABLE = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


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

    `address` is where the call came from, for the audit trail; `device_id` is the device whose
    session was exchanged for the token, None of systems and of a single sign-on's own tokens.
    """

    name: str
    role: Role
    region: str
    unit_id: str | None = None
    address: str = ""
    device_id: int | None = None

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


@dataclass(frozen=True)
class ExpectedNames:
    """The names that a token must bear: whose it is, and for whom."""

    issuer: str = ISSUER
    audience: str = AUDIENCE


def is_short_text(text: str) -> bool:
    """Whether a text may be a name or an id in a token: of few characters, none of control."""
    return len(text) <= TEXT_LENGTH and not any(
        unicodedata.category(character) in REFUSED_CATEGORIES for character in text
    )


def check_short_text(text: str) -> str:
    if not is_short_text(text):
        raise ValueError("too long, or a control character")
    return text


ShortText = Annotated[str, Field(min_length=1), AfterValidator(check_short_text)]
Seconds = Annotated[int | float, Field(ge=0, lt=LAST_SECOND)]  # since 1970


class Claims(BaseModel):
    """The claims of a token; others may stand beside them."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)

    iss: str
    aud: str | list[str]
    exp: Seconds
    nbf: Seconds = 0
    iat: Seconds = 0
    sub: ShortText
    role: Role
    region: Annotated[str, Field(pattern=rf"^{REGION_PREFIX.pattern}$")]
    unit_id: ShortText | None = None
    sid: Any = None

    @property
    def device_id(self) -> int | None:
        """The device of one of our sessions; a single sign-on has sessions of its own."""
        found = OWN_SESSION.fullmatch(self.sid) if isinstance(self.sid, str) else None
        return int(found[1]) if found else None

    def are_for(self, names: ExpectedNames) -> bool:
        audiences = [self.aud] if isinstance(self.aud, str) else self.aud
        return self.iss == names.issuer and names.audience in audiences

    def hold_at(self, now: datetime) -> bool:
        """Whether a token is neither of the past nor of the future."""
        seconds = now.timestamp()
        begins = max(self.nbf, self.iat) - CLOCK_LEEWAY
        return begins <= seconds < self.exp + CLOCK_LEEWAY


ANY_OF_OURS = ExpectedNames()


def verify_token(
    token: str, keys: KeySet, names: ExpectedNames = ANY_OF_OURS, *, now: datetime
) -> Caller:
    """The caller of a token. Raises Unauthorized when it is not ours, changed or out of date."""
    try:
        claims = decode_claims(token, KeySetIdentity(keys))
        if not (claims.are_for(names) and claims.hold_at(now)):
            raise ValueError("for another, or another time")
    except UNREADABLE:
        raise Unauthorized("令牌无效或已过期", "The token is not valid, or no longer.") from None
    return Caller(
        claims.sub, claims.role, claims.region, claims.unit_id, device_id=claims.device_id
    )


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
def decode_claims(token: str, identity: KeySetIdentity) -> Claims:
    """The claims of a token that the key which it names has signed. Raises one of UNREADABLE.

    A signature stays what it is, so good ones are cached; names and moments are for the caller to
    check, every time.
    """
    signed = split_token(token)
    key = identity.key_set.get_by_kid(read_key_id(signed))
    if not jws.validate_compact(signed, key, ALGORITHMS):
        raise ValueError("another key has signed it")
    return Claims.model_validate_json(signed.payload)


def split_token(token: str) -> jws.CompactSignature:
    """The parts of a token, of which nothing is verified. Raises one of UNREADABLE."""
    if len(token) > TOKEN_LENGTH:
        raise ValueError("too long")
    return jws.extract_compact(token.encode("ascii"))


def read_key_id(signed: jws.CompactSignature) -> str:
    """The id of the key that a token names. Raises one of UNREADABLE where it names none."""
    key_id = signed.protected["kid"]
    if not isinstance(key_id, str):
        raise TypeError(key_id)
    return key_id


def parse_key_id(token: str) -> str | None:
    """The id of the key that a token names, None where it names none; nothing is verified here."""
    try:
        return read_key_id(split_token(token))
    except UNREADABLE:
        return None


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

    def issue(
        self,
        caller: Caller,
        *,
        now: datetime,
        lasts: timedelta,
        names: ExpectedNames = ANY_OF_OURS,
    ) -> str:
        """A token of a caller. Raises ValueError for one whose token nobody would take."""
        session: Any = {} if caller.device_id is None else {"sid": f"bairi:{caller.device_id}"}
        claims = Claims(
            iss=names.issuer,
            aud=names.audience,
            exp=int((now + lasts).timestamp()),
            iat=int(now.timestamp()),
            sub=caller.name,
            role=caller.role,
            region=caller.region,
            unit_id=caller.unit_id,
            **session,
        )
        head = {"alg": "Ed25519", "kid": self.key.kid}
        return jwt.encode(head, claims.model_dump(exclude_unset=True), self.key, ALGORITHMS)

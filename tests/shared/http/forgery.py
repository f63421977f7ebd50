"""Tokens as anybody may write them, with the issuer's signature or without."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

from joserfc import jws
from joserfc.jwk import KeySet

from shared.http.tokens import ALGORITHMS, ANY_OF_OURS, ExpectedNames, Issuer, verify_token
from shared.problems import Unauthorized

NOW = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)
SECOND = int(NOW.timestamp())
LEFT_OUT = object()
CLAIMS: dict[str, Any] = {
    "iss": "bairi",
    "aud": "bairi",
    "iat": SECOND,
    "exp": SECOND + 60,
    "sub": "王芳",
    "role": "office",
    "region": "99",
    "unit_id": None,
}


def signed(issuer: Issuer, content: bytes | str, **head: Any) -> str:
    """A token with the issuer's signature, whatever it says."""
    named = {"alg": "Ed25519", "kid": issuer.key.kid} | head
    named = {name: value for name, value in named.items() if value is not LEFT_OUT}
    registry = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    return jws.serialize_compact(named, content, issuer.key, registry=registry)


def claiming(issuer: Issuer, **changed: Any) -> str:
    claims = {name: value for name, value in (CLAIMS | changed).items() if value is not LEFT_OUT}
    return signed(issuer, json.dumps(claims))


def shortly(value: object) -> str:
    """A value in the name of a test."""
    return ("left out" if value is LEFT_OUT else ascii(value))[:20]


def encoded(content: bytes | str) -> str:
    raw = content.encode() if isinstance(content, str) else content
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def refused(token: str, keys: KeySet, names: ExpectedNames = ANY_OF_OURS) -> bool:
    """Whether a token is refused in order; any other failure is raised."""
    try:
        verify_token(token, keys, names, now=NOW)
    except Unauthorized:
        return True
    return False

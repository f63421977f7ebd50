"""What an attacker may try: other keys, no key, public keys as secrets, and no token at all."""

import base64
import hmac
import json
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from joserfc import jws
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from shared.http.tokens import TOKEN_LENGTH, Issuer, parse_key_id, verify_token
from shared.problems import Unauthorized
from tests.shared.http.forgery import (
    CLAIMS,
    LEFT_OUT,
    NOW,
    claiming,
    encoded,
    refused,
    shortly,
    signed,
)

REFUSED_AT_ONCE = 1.0  # seconds, on a busy machine


@pytest.fixture
def keys(issuer: Issuer) -> KeySet:
    return KeySet([issuer.key])


@pytest.mark.parametrize("kid", [LEFT_OUT, "", "another", "../../etc/passwd", "' OR 1=1"])
@pytest.mark.parametrize("several", [False, True])
def test_a_token_names_its_key_and_no_key_is_tried_for_it(
    issuer: Issuer, several: bool, kid: Any
) -> None:
    more = [OKPKey.generate_key("Ed25519") for _ in range(2 * several)]
    token = signed(issuer, json.dumps(CLAIMS), kid=kid)
    assert refused(token, KeySet([issuer.key, *more]))


def test_another_key_signs_for_nobody(issuer: Issuer) -> None:
    other = OKPKey.generate_key("Ed25519")
    head = {"alg": "Ed25519", "kid": issuer.key.kid}
    token = jws.serialize_compact(head, json.dumps(CLAIMS), other, ["Ed25519"])
    assert refused(token, KeySet([issuer.key]))
    assert refused(token, KeySet([issuer.key, other]))


def test_nobody_signs_with_what_everybody_may_read(issuer: Issuer, keys: KeySet) -> None:
    """HS256, with the public key as the secret, in each form in which it is published."""
    public = issuer.public["keys"][0]
    secrets = [
        *(issuer.key.as_pem(private=False), issuer.key.as_der(private=False)),
        *(json.dumps(public).encode(), public["x"].encode()),
        base64.urlsafe_b64decode(public["x"] + "=="),
    ]
    head = encoded(json.dumps({"alg": "HS256", "kid": issuer.key.kid}))
    body = f"{head}.{encoded(json.dumps(CLAIMS))}"
    for secret in secrets:
        signature = hmac.digest(secret, body.encode(), "sha256")
        assert refused(f"{body}.{encoded(signature)}", keys)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", None, 7, ["Ed25519"], {}, "HS256"])
@pytest.mark.parametrize("signature", ["", "e30", "A" * 86])
def test_a_token_without_a_signature_is_nobody(
    issuer: Issuer, keys: KeySet, alg: object, signature: str
) -> None:
    head = encoded(json.dumps({"alg": alg, "kid": issuer.key.kid}))
    assert refused(f"{head}.{encoded(json.dumps(CLAIMS))}.{signature}", keys)


def test_a_key_that_comes_with_the_token_is_not_looked_at(issuer: Issuer, keys: KeySet) -> None:
    own = OKPKey.generate_key("Ed25519", auto_kid=True)
    head = {"alg": "Ed25519", "kid": own.kid, "jwk": own.as_dict(private=False)}
    assert refused(jws.serialize_compact(head, json.dumps(CLAIMS), own, ["Ed25519"]), keys)
    head["kid"] = issuer.key.kid
    assert refused(jws.serialize_compact(head, json.dumps(CLAIMS), own, ["Ed25519"]), keys)


@pytest.mark.parametrize(
    ("algorithm", "generate"),
    [
        ("ES256", partial(ECKey.generate_key, "P-256")),
        ("RS256", partial(RSAKey.generate_key, 2048)),
    ],
    ids=["ES256", "RS256"],
)
def test_an_office_may_bring_keys_of_other_kinds(
    issuer: Issuer, algorithm: str, generate: Callable[..., ECKey | RSAKey]
) -> None:
    key = generate(auto_kid=True)
    token = jws.serialize_compact(
        {"alg": algorithm, "kid": key.kid}, json.dumps(CLAIMS), key, [algorithm]
    )
    assert verify_token(token, KeySet([issuer.key, key]), now=NOW).name == "王芳"
    head, claims, signature = token.split(".")
    for changed in ("", "AA", signature[:-8], signature + "AAAA", signature[::-1]):
        assert refused(f"{head}.{claims}.{changed}", KeySet([issuer.key, key]))
    wrong = encoded(json.dumps({"alg": algorithm, "kid": issuer.key.kid}))
    assert refused(f"{wrong}.{claims}.{signature}", KeySet([issuer.key, key]))


# --- how it is written --------------------------------------------------------------------------


def test_a_token_that_is_too_long_is_refused_at_once(issuer: Issuer, keys: KeySet) -> None:
    long = claiming(issuer, padding="x" * 100_000)
    assert len(long) > 100_000 > TOKEN_LENGTH
    for token in (long, "a" * 100_000, "." * 100_000, encoded("[" * 75_000) + ".e30.AA"):
        began = perf_counter()
        assert refused(token, keys)
        assert parse_key_id(token) is None
        assert perf_counter() - began < REFUSED_AT_ONCE


@pytest.mark.parametrize(
    "head",
    [
        *("", "{", "null", "7", '"alg"', '["alg"]', '["alg", "b64"]', "[" * 380, '{"kid":' * 50),
        *('{"alg": "Ed25519", "kid": 7}', '{"alg": "Ed25519", "kid": ["KID"]}'),
        '{"alg": "Ed25519", "kid": "\\ud800"}',
        '{"alg": "Ed25519", "kid": "KID", "crit": ["exp"], "exp": 1}',
        '{"alg": "Ed25519", "kid": "KID", "b64": false}',
        '{"alg": "Ed25519", "kid": "KID", "b64": false, "crit": ["b64"]}',
        '{"alg": "Ed25519", "kid": "KID", "typ": [], "cty": {}}',
    ],
    ids=shortly,
)
def test_a_head_that_is_none_is_nobody(issuer: Issuer, keys: KeySet, head: str) -> None:
    begun = encoded(head.replace("KID", str(issuer.key.kid)))
    for payload in (encoded(json.dumps(CLAIMS)), "", "%"):
        assert refused(f"{begun}.{payload}.{'A' * 86}", keys)


def test_a_key_id_of_any_type_asks_nobody_for_keys() -> None:
    for kid in ("7", "null", "[]", "{}", "true", "[" * 100):
        assert parse_key_id(encoded(f'{{"alg": "Ed25519", "kid": {kid}}}') + ".e30.AA") is None


@given(st.text(max_size=60) | st.binary(max_size=60).map(encoded), st.integers(0, 2))
@settings(max_examples=300)
def test_no_text_makes_anything_fail(text: str, part: int) -> None:
    """Whatever stands in a part of a token, or in place of it."""
    key = OKPKey.import_key(KEY)
    token = jws.serialize_compact(
        {"alg": "Ed25519", "kid": key.kid}, json.dumps(CLAIMS), key, ["Ed25519"]
    )
    parts = token.split(".")
    assert refused(text, KeySet([key]))
    if parts[part] != text:
        parts[part] = text
        assert refused(".".join(parts), KeySet([key]))


KEY = OKPKey.generate_key("Ed25519", auto_kid=True).as_dict(private=True)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
                lambda inner: (
                    st.lists(inner, max_size=3)
                    | st.dictionaries(st.text(max_size=3), inner, max_size=3)
                ),
                max_leaves=5,
            )
            for name in CLAIMS
        },
    )
)
@settings(max_examples=300)
def test_no_claims_make_anything_fail(said: dict[str, Any]) -> None:
    """Whatever a key of ours signs: a caller within the bounds, or nobody."""
    key = OKPKey.import_key(KEY)
    token = jws.serialize_compact(
        {"alg": "Ed25519", "kid": key.kid}, json.dumps({**CLAIMS, **said}), key, ["Ed25519"]
    )
    try:
        caller = verify_token(token, KeySet([key]), now=NOW)
    except Unauthorized:
        return
    assert 1 <= len(caller.name) <= 200
    assert caller.region == "" or caller.region.isdecimal()

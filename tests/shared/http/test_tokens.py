"""What a token must say: every claim in its type and bounds; nobody is somebody by mistake."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import KeySet, OKPKey

from shared.http.jwks import RenewableKeySet
from shared.http.tokens import CLOCK_LEEWAY, Caller, ExpectedNames, Issuer, Role, verify_token
from shared.problems import Unauthorized
from tests.shared.http.forgery import (
    CLAIMS,
    LEFT_OUT,
    NOW,
    SECOND,
    claiming,
    refused,
    shortly,
    signed,
)

HOUR = timedelta(hours=1)
OFFICE = Caller("王芳", Role.office, "990101")


@pytest.fixture
def keys(issuer: Issuer) -> KeySet:
    return KeySet([issuer.key])


def test_a_sound_token_is_its_caller(issuer: Issuer, keys: KeySet) -> None:
    found = verify_token(claiming(issuer), keys, now=NOW)
    assert found == Caller("王芳", Role.office, "99")
    assert verify_token(issuer.issue(OFFICE, now=NOW, lasts=HOUR), keys, now=NOW) == OFFICE


@pytest.mark.parametrize(
    "said",
    [
        {"aud": ["another", "bairi"]},
        {"iat": LEFT_OUT},
        {"nbf": SECOND + CLOCK_LEEWAY},
        {"iat": SECOND + CLOCK_LEEWAY},
        {"exp": SECOND - CLOCK_LEEWAY + 1},
        {"exp": SECOND + 0.5},
        {"region": ""},
        {"region": "350521123456"},
        {"unit_id": "U" * 200},
        {"unit_id": LEFT_OUT},
        {"sub": "阿依古丽·买买提\u3000\U00030edd"},
        {"email": {"others": ["may", "stand", "there"]}},
    ],
    ids=shortly,
)
def test_what_is_within_the_bounds_is_taken(
    issuer: Issuer, keys: KeySet, said: dict[str, Any]
) -> None:
    assert verify_token(claiming(issuer, **said), keys, now=NOW).role is Role.office


NO_TEXT: tuple[Any, ...] = (LEFT_OUT, None, 7, 1.5, True, [], ["office"], {}, {"a": {"b": []}}, "")
NO_NUMBER: tuple[Any, ...] = (None, True, "", f"{SECOND}", [], [SECOND], {}, -1, 10**12, 10**400)
WRONG: Mapping[str, tuple[Any, ...]] = {
    "iss": (*NO_TEXT, "another", "bairi ", ["bairi"]),
    "aud": (*NO_TEXT, "another", ["another"], ["bairi", 7], [["bairi"]]),
    "sub": (*NO_TEXT, "王" * 201, "a\nb", "a\x00b", "\x7f", "a\x85b", "a\u2028b", "\ud800"),
    "role": (*NO_TEXT, "king", "Office", "office\n", "重点项目办"),
    "region": (
        *(each for each in NO_TEXT if each != ""),
        *("岚县", "%", "35a", " 35", "35\n", "-1", "３５", "3" * 13, "3505_", "\ud800"),
    ),
    "unit_id": (*NO_TEXT[2:], "U" * 201, "U\x00", "U\n01", "\ud800", ["U01"]),
    "exp": (LEFT_OUT, *NO_NUMBER, 0, SECOND - CLOCK_LEEWAY, SECOND - 3600),
    "nbf": (*NO_NUMBER, SECOND + CLOCK_LEEWAY + 1, SECOND + 3600),
    "iat": (*NO_NUMBER, SECOND + CLOCK_LEEWAY + 1, SECOND + 3600),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name in WRONG for value in WRONG[name]], ids=shortly
)
def test_a_claim_out_of_its_bounds_is_nobody(
    issuer: Issuer, keys: KeySet, name: str, value: object
) -> None:
    assert refused(claiming(issuer, **{name: value}), keys)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "1" + "0" * 5000])
def test_a_number_that_is_none_never_lasts(issuer: Issuer, keys: KeySet, number: str) -> None:
    text = json.dumps(CLAIMS | {"exp": "EXP"}).replace('"EXP"', number)
    assert refused(signed(issuer, text), keys)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"null", b"[]", b'"bairi"', b"7", b"{", b"\xff\xfe", b"{}"),
        *(b"[" * 5000, b'{"a":' * 900, b'{"sub": "\xed\xa0\x80"}'),
    ],
    ids=shortly,
)
def test_what_is_signed_and_is_no_claims_is_nobody(
    issuer: Issuer, keys: KeySet, content: bytes
) -> None:
    assert refused(signed(issuer, content), keys)


def test_the_names_that_are_expected_are_a_setting(issuer: Issuer, keys: KeySet) -> None:
    names = ExpectedNames("https://sso.example.gov.cn", "key-projects")
    other = claiming(issuer, iss=names.issuer, aud=names.audience)
    assert verify_token(other, keys, names, now=NOW).name == "王芳"
    assert refused(other, keys)
    assert refused(other, keys, replace(names, issuer="bairi"))
    assert refused(other, keys, replace(names, audience="bairi"))
    assert refused(claiming(issuer), keys, names)


def test_a_token_that_was_good_is_not_good_for_ever(issuer: Issuer, keys: KeySet) -> None:
    token = issuer.issue(OFFICE, now=NOW, lasts=HOUR)
    for _ in range(2):
        assert verify_token(token, keys, now=NOW) == OFFICE
        with pytest.raises(Unauthorized):
            verify_token(token, keys, now=NOW + 2 * HOUR)
        with pytest.raises(Unauthorized):
            verify_token(token, keys, now=NOW - HOUR)
        assert refused(token, keys, ExpectedNames(audience="another"))
    assert refused(token, KeySet([OKPKey.generate_key("Ed25519")]))


def test_the_published_keys_hold_no_secret(issuer: Issuer, tmp_path: Path) -> None:
    assert "d" not in issuer.public["keys"][0]
    (tmp_path / "jwks.json").write_text(json.dumps(issuer.public))
    token = issuer.issue(OFFICE, now=NOW, lasts=HOUR)
    assert verify_token(token, RenewableKeySet(str(tmp_path / "jwks.json")), now=NOW) == OFFICE


def test_only_we_may_read_the_issuer_s_key(tmp_path: Path) -> None:
    Issuer(tmp_path / "issuer.json")
    assert (tmp_path / "issuer.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("said", "device"),
    [
        ({"sid": "bairi:17"}, 17),
        ({"sid": "bairi:0"}, None),
        ({"sid": "bairi:１７"}, None),
        ({"sid": "0b3e-of-a-single-sign-on"}, None),
        ({"sid": 17}, None),
        ({"sid": ["bairi:17"]}, None),
        ({}, None),
    ],
)
def test_a_token_names_the_device_of_one_of_our_sessions(
    issuer: Issuer, keys: KeySet, said: dict[str, Any], device: int | None
) -> None:
    assert verify_token(claiming(issuer, **said), keys, now=NOW).device_id == device


def test_a_device_that_is_issued_is_the_one_that_is_read(issuer: Issuer, keys: KeySet) -> None:
    who = Caller("王芳", Role.office, "990101", device_id=17)
    assert verify_token(issuer.issue(who, now=NOW, lasts=HOUR), keys, now=NOW) == who

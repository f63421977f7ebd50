"""Entity tags: what they stand for, and the conditions that name them."""

import re

import pytest

from shared.http.entity_tags import (
    VERSION_PATTERN,
    digest_tag,
    is_named,
    parse_version,
    version_tag,
    weaken_tag,
)


def test_a_digest_tag_is_of_the_content() -> None:
    assert digest_tag(b"a") == digest_tag(memoryview(b"a")) != digest_tag(b"b")
    assert re.fullmatch(r'"[A-Za-z0-9_-]{16}"', digest_tag(b"a"))


def test_a_weak_tag_stays_weak() -> None:
    assert weaken_tag(weaken_tag('"7"')) == weaken_tag('"7"') == 'W/"7"'


@pytest.mark.parametrize(
    ("tag", "condition", "named"),
    [
        ('"7"', '"7"', True),
        ('"7"', 'W/"7"', True),
        ('W/"7"', '"7"', True),
        ('"7"', '"6", W/"7" ,"8"', True),
        ('"7"', "*", True),
        ('"7"', " * ", True),
        ('"7"', '"77"', False),
        ('"7"', '"6", "8"', False),
        ('"7"', "7", False),
        ('"7"', "", False),
        ('"a,b"', '"a,b"', True),
        ('"a"', '"a,b"', False),
    ],
)
def test_if_none_match_names_tags_weak_or_strong(tag: str, condition: str, named: bool) -> None:
    assert is_named(tag, condition) is named


@pytest.mark.parametrize("written", ['"7"', "7", 'W/"7"', '"7-published"', 'W/"7-published"'])
def test_a_version_is_read_as_gateways_and_people_write_it(written: str) -> None:
    assert re.match(VERSION_PATTERN, written)
    assert parse_version(written) == 7


@pytest.mark.parametrize("written", ["", "*", "seven", '"7", "8"', "W/", '"-7"', "7" * 19])
def test_what_is_no_version_is_refused(written: str) -> None:
    assert not re.match(VERSION_PATTERN, written)


def test_a_version_has_a_tag_and_one_in_each_state() -> None:
    assert (version_tag(7), version_tag(7, "published")) == ('"7"', '"7-published"')

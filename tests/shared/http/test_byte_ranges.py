"""Byte ranges: which part of a document is asked for."""

import pytest

from shared.http.byte_ranges import RangeNotSatisfiable, is_unchanged, parse_range


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", range(0, 1)),
        ("bytes=2-5", range(2, 6)),
        (" bytes=2-5 ", range(2, 6)),
        ("bytes=7-", range(7, 10)),
        ("bytes=7-99", range(7, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-99", range(0, 10)),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=0-1,4-5", None),
        ("bytes=a-b", None),
        ("items=0-1", None),
        ("", None),
    ],
)
def test_one_range_is_understood_and_else_all_is_sent(header: str, part: range | None) -> None:
    assert parse_range(header, 10) == part


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-12", "bytes=-0"])
def test_a_part_that_is_not_there_cannot_be_sent(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable, match="10"):
        parse_range(header, 10)


def test_only_the_same_bytes_go_on() -> None:
    assert is_unchanged('"a"', '"a"')
    assert not is_unchanged('"b"', '"a"')
    assert not is_unchanged('W/"a"', 'W/"a"')
    assert not is_unchanged("Sun, 29 Nov 2026 01:00:00 GMT", '"a"')

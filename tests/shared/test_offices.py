"""Codes of offices, and ids as they are written for a question."""

import pytest

from shared.http.tokens import Caller, Role
from shared.offices import NO_OFFICE, format_id, is_above, office_code, parse_id, region_prefix


@pytest.mark.parametrize(
    ("region", "office", "prefix"),
    [
        ("350521", "350521", "350521"),
        ("3505", "350500", "3505"),
        ("35", "350000", "35"),
        ("", "000000", ""),
        ("350521001", "350521", "350521"),  # a township is the county's
    ],
)
def test_the_office_of_a_region(region: str, office: str, prefix: str) -> None:
    assert office_code(region) == office
    assert region_prefix(office) == prefix


def test_above_is_for_the_larger_region() -> None:
    assert is_above("350500", "350521")
    assert is_above("000000", "350521")
    assert not is_above("350521", "350500")
    assert not is_above("350521", "350521")
    assert not is_above("350600", "350521")


def test_an_id_is_plain_in_a_question_about_its_office() -> None:
    assert format_id("P001", "350521", "350521") == "P001"
    assert format_id("P001", "350521", "350500") == "350521:P001"
    assert format_id("P001", "350521", NO_OFFICE) == "350521:P001"
    assert format_id("350500:U01", "350521", "350521") == "350500:U01"
    assert format_id("350500:U01", "350521", "350500") == "U01"


def test_an_id_is_read_as_it_is_written() -> None:
    for asked in ("350521", "350500", NO_OFFICE):
        for office in ("350521", "350500"):
            written = format_id("P001", office, asked)
            assert parse_id(written, asked) == (office, "P001")


def test_a_callers_unit_is_of_its_office() -> None:
    caller = Caller("a clerk", Role.unit, "350521", "U01")
    assert caller.unit_written_for("350521") == "U01"
    assert caller.unit_written_for("350500") == "350521:U01"
    assert Caller("an office", Role.office, "3505").unit_written_for("350521") is None
    assert Caller("no unit", Role.unit, "350521").unit_written_for("350521") == ""

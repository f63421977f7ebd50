"""Search texts: the name, the codes, the initials in every reading, however long a name is."""

from itertools import product

import pytest

from services.registry.records.search_text import (
    INITIAL_LETTERS,
    INITIAL_LINES,
    MAX_INITIAL_LETTERS,
    build_search_columns,
    derive_search_columns,
    read_character,
)
from services.registry.tables import NAME_ORDER, SEARCH_TEXT
from shared.facts.projects import PLANS, PROJECTS


def lines(name: str, *codes: str | None) -> list[str]:
    return build_search_columns(name, codes)[SEARCH_TEXT].split("\n")


def initials(name: str) -> list[str]:
    return sorted(lines(name)[1:])


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("重庆", ["cq", "tq", "zq"]),
        ("年产5万吨", ["nc5md", "nc5mt", "nc5wd", "nc5wt"]),
        ("Ａ1(一期)", ["a1yj", "a1yq"]),
        ("——、。", []),
        ("𬭊", ["d"]),
    ],
)
def test_initials_are_of_all_readings_with_letters_and_digits(name: str, found: list[str]) -> None:
    """期 is read jī, 万 mò, 吨 tún, too."""
    assert initials(name) == found


def test_name_and_codes_are_folded_alike() -> None:
    assert lines("Ａ区 一期\t", "P 01", None)[:2] == ["a区一期", "p01"]


def mixes(name: str) -> set[str]:
    return {"".join(mix) for mix in product(*(read_character(each).initials for each in name))}


def test_a_name_of_few_polyphones_is_found_by_every_mix_of_readings() -> None:
    name = "长乐重庆路改造"  # 长 c, z; 乐 l, y; 重 z, c, t; 造 z, c
    assert len(mixes(name)) > INITIAL_LINES
    assert set(initials(name)) == mixes(name)
    long = f"{name}{name}"
    assert len(mixes(long)) > INITIAL_LETTERS // len(long) >= len(initials(long))


@pytest.mark.parametrize("polyphone", ["长", "乐", "重", "厂"])
def test_a_long_name_is_found_by_every_mix_of_two_successive_polyphones(polyphone: str) -> None:
    readings = read_character(polyphone).initials
    assert len(readings) > 1
    kept = initials(polyphone * 30)
    for mix in product(readings, repeat=2):
        for place in range(29):
            sought = "".join(mix)
            assert any(line[place : place + 2] == sought for line in kept), (sought, place)


def test_four_successive_polyphones_of_two_initials_are_in_every_mix() -> None:
    assert read_character("乐").initials == "ly"
    kept = initials("乐" * 40)
    for mix in product("ly", repeat=4):
        for place in range(37):
            assert any(line[place : place + 4] == "".join(mix) for line in kept)


@pytest.mark.parametrize("length", [1, 17, 256, 257, 500, MAX_INITIAL_LETTERS, 32_767])
def test_a_name_of_polyphones_only_does_not_explode(length: int) -> None:
    kept = initials("湛" * length)
    assert (length > 500) or len(kept) >= 7
    assert 1 <= len(kept) <= max(INITIAL_LINES, INITIAL_LETTERS // length)
    assert sum(map(len, kept)) <= max(MAX_INITIAL_LETTERS, length)


def test_a_dozen_characters_have_more_initials_than_two_in_a_row_could_mix() -> None:
    han = map(chr, (*range(0x4E00, 0xA000), *range(0x3400, 0x4DC0)))
    many = [each for each in han if len(read_character(each).initials) ** 2 > INITIAL_LINES]
    assert len(many) == 12
    assert all(len(read_character(each).initials) <= INITIAL_LINES for each in many)


def test_names_are_in_the_order_of_their_usual_reading() -> None:
    names = ["赵家庄", "安康路", "安徽路", "长江路", "北京路", "3号路", "B区"]
    ordered = sorted(names, key=lambda name: build_search_columns(name, ())[NAME_ORDER])
    assert ordered == ["3号路", "安徽路", "安康路", "B区", "北京路", "长江路", "赵家庄"]


def test_only_searched_kinds_have_derived_columns() -> None:
    fact = {"name": "甲", "project_id": "P1", "national_code": None}
    assert derive_search_columns(PROJECTS, fact)[SEARCH_TEXT] == "甲\np1\nj"
    assert derive_search_columns(PLANS, {}) == {}

"""The names of regions: in full, so that no two counties are called alike."""

from collections import Counter

import pytest

from shared.reference import region_codes, region_names, region_own_names


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("141127", "吕梁市岚县"),
        ("141100", "吕梁市"),
        ("140000", "山西省"),
        ("110101", "北京市东城区"),
        ("110100", "北京市市辖区"),
        ("429004", "湖北省仙桃市"),
        ("653101", "喀什地区喀什市"),
    ],
)
def test_a_region_is_called_by_what_it_lies_in_and_itself(code: str, name: str) -> None:
    assert region_names()[code] == name


def test_no_two_regions_are_called_alike() -> None:
    counted = Counter(region_names().values())
    assert [name for name, times in counted.items() if times > 1] == []
    assert region_codes() == region_names().keys()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("141127", "岚县"),
        ("141100", "吕梁市"),
        ("140000", "山西省"),
        ("110101", "东城区"),
        ("110100", "北京市"),
        ("441900", "东莞市"),
    ],
)
def test_a_region_has_a_name_of_its_own(code: str, name: str) -> None:
    assert region_own_names()[code] == name
    assert region_own_names().keys() == region_codes()

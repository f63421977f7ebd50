"""Whoever may not see a thing is told the same about it as about what is nowhere."""

from tests.together.elsewhere import answers_differ, pairs
from tests.together.house import HouseWithCounty

FEWEST = 100  # pairs; there are more


async def test_what_is_elsewhere_and_what_is_nowhere_have_one_answer(
    house_with_county: HouseWithCounty,
) -> None:
    asked = await pairs(house_with_county)
    found = {pair.label: await answers_differ(house_with_county, pair) for pair in asked}
    assert {label: differ for label, differ in found.items() if differ} == {}
    assert len(found) == len(asked) >= FEWEST

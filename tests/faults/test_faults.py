"""Three of the many cases that `make faults` runs: one for each that may be killed."""

import pytest

from tests.faults.cases import Whole, case, disturbed, undisturbed
from tests.faults.running import Victim

SEEDS = (0, 4, 8)


@pytest.fixture(scope="module")
async def whole() -> Whole:
    return await undisturbed(sweeps=2)


def test_each_victim_has_its_case() -> None:
    assert {case(seed).victim for seed in SEEDS} == {*Victim}


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_is_lost_or_done_twice_when_it_is_killed(seed: int, whole: Whole) -> None:
    outcome = await disturbed(case(seed), whole)
    assert outcome.wrong == []

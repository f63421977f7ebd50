"""Three of the many cases that `make faults` runs, in one job: one for each that may be killed."""

from tests.faults.cases import case, disturbed, undisturbed
from tests.faults.processes import Victim

SEEDS = (0, 4, 8)


def test_each_victim_has_its_case_and_each_case_its_phase() -> None:
    cases = [case(seed) for seed in SEEDS]
    assert {each.victim for each in cases} == {*Victim}
    assert len({each.phase for each in cases}) == len(SEEDS)


async def test_nothing_is_lost_or_done_twice_whoever_is_killed() -> None:
    whole = await undisturbed(sweeps=1)
    outcomes = await disturbed(whole, *(case(seed) for seed in SEEDS))
    assert [(each.case.seed, each.wrong) for each in outcomes] == [(seed, []) for seed in SEEDS]

"""The harness of `make attacks` on three attacks; how long reads take is for itself to say."""

from tests.attacks.attacks import HALF_BODIES, HALF_HEADS, NO_TOKEN
from tests.attacks.trials import open_county, try_attack

READS = 20


async def test_uploads_of_nobody_and_half_sent_requests_keep_nobody_from_reading() -> None:
    async with open_county() as served:
        trials = [
            await try_attack(served, name, READS) for name in (NO_TOKEN, HALF_HEADS, HALF_BODIES)
        ]
    assert [(each.name, each.wrong, len(each.reads.seconds)) for each in trials] == [
        (each.name, [], READS) for each in trials
    ]
    assert "401" in trials[0].got.keys() <= {"401", "closed"}

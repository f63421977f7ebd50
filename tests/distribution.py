"""Which tests go together to one worker: those that share what is costly to make.

A module's tests stay together, and those of a folder whose database holds a whole ledger. What
takes longest begins first, so that no worker is left with it in the end.
"""

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

FIRST = (
    "tests/together/",
    "tests/faults/",
    "tests/scoring/service/",
    "tests/registry/",
    "tests/notifier/letters/",
    "tests/scoring/execution/test_spark.py",
    "tests/cli/server/",
)


def share(nodeid: str) -> str:
    """What a test is handed out with."""
    return next((place for place in FIRST if nodeid.startswith(place)), nodeid.split("::")[0])


def turn(item: pytest.Item) -> int:
    """When a test is handed out; those of one turn keep their order."""
    place = share(item.nodeid)
    return FIRST.index(place) if place in FIRST else len(FIRST)


class ByShare(LoadScopeScheduling):  # type: ignore[misc]
    """xdist's own scheduling by scope, with our scopes."""

    def _split_scope(self, nodeid: str) -> str:
        return share(nodeid)

"""The distribution of tests over workers: those that share what is costly stay together.

A module's tests stay together, and those of a folder whose database holds a whole ledger. What
takes longest begins first, so that no worker is left with it in the end.
"""

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

FIRST = (
    "tests/together/",
    "tests/board/",
    "tests/faults/",
    "tests/scoring/service/",
    "tests/registry/",
    "tests/notifier/letters/",
    "tests/scoring/execution/test_spark.py",
    "tests/cli/server/",
    "tests/clients/test_generators.py",
    "tests/clients/test_main_job.py",
)


def scope_of(nodeid: str) -> str:
    """The scope in which a test is handed out: a folder of FIRST, else its module."""
    return next((place for place in FIRST if nodeid.startswith(place)), nodeid.split("::")[0])


def start_order(item: pytest.Item) -> int:
    """The turn in which a test is handed out; tests of one turn keep their order."""
    place = scope_of(item.nodeid)
    return FIRST.index(place) if place in FIRST else len(FIRST)


class ScopeScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """xdist's own scheduling by scope, with our scopes."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)

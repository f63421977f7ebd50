"""Kinds of tests, by what a test needs to run; one that needs nothing is quick.

What a test needs is read off it: the fixtures it asks for, the folder it lies in, whether its
examples are made up. Where that does not tell, the test says it itself with the mark.
"""

import subprocess
from typing import Any

import pytest

from tests.paths import ROOT

QUICK = "quick"
KINDS = {"browser", "whole_system", "processes", "documents", "database", "laws", QUICK}
FOLDERS = {
    "tests/attacks": "whole_system",
    "tests/bench": "processes",
    "tests/clients": "processes",
    "tests/cli/server": "whole_system",
    "tests/faults": "whole_system",
    "tests/together": "whole_system",
    "tests/notifier/documents": "documents",
    "tests/scoring/documents": "documents",
    "tests/shared/child_processes": "processes",
    "tests/shared/paper": "documents",
}
FIXTURES = {"browser": "browser", "server": "database", "server_folder": "database"}


def kinds_of(item: pytest.Item) -> set[str]:
    """The marks of a test, its own and those that follow from what it needs."""
    folder = item.path.parent.relative_to(ROOT)
    found = {mark.name for mark in item.iter_markers() if mark.name in KINDS}
    above = {path.as_posix() for path in (folder, *folder.parents)}
    found |= {kind for place, kind in FOLDERS.items() if place in above}
    fixtures = getattr(item, "fixturenames", ())
    found |= {kind for fixture, kind in FIXTURES.items() if fixture in fixtures}
    made_up = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    if made_up or "laws" in item.path.stem:
        found.add("laws")
    return found or {QUICK}


class ProcessWatch:
    """Fails a quick test that starts a process: it has to be marked with its kind."""

    def __init__(self) -> None:
        self.quick = False
        self.started: list[object] = []
        start: Any = subprocess.Popen.__init__

        def record_start(process: Any, arguments: object, *others: Any, **options: Any) -> None:
            if self.quick:
                self.started.append(arguments)
            start(process, arguments, *others, **options)

        subprocess.Popen.__init__ = record_start  # type: ignore[assignment, method-assign]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        self.quick, self.started = item.get_closest_marker(QUICK) is not None, []
        try:
            return (yield)
        finally:
            self.quick = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Any:
        done = yield
        assert self.started == [], "starts a process, so it is not quick: mark it"
        return done

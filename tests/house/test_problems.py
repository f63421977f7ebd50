"""Problems keep their codes and titles: programs and people know them by these."""

import csv
from collections.abc import Iterator
from importlib import import_module

import pytest

from shared.problems import Problem
from tests.house.test_house import SOURCES, named
from tests.paths import ROOT

PUBLISHED = ROOT / "tests" / "house" / "problems.csv"


def subclasses(kind: type[Problem]) -> Iterator[type[Problem]]:
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


@pytest.mark.processes  # that of croniter, which asks what machine this is when it is imported
def test_every_problem_has_its_published_code_status_and_titles() -> None:
    """Else: add a new problem to the file; a line of it never changes."""
    for path in SOURCES:
        if path.parent.name != "migrations":
            import_module(named(path).removesuffix(".py").replace("/", "."))
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        published = {tuple(row) for row in list(csv.reader(file))[1:]}
    assert {
        (kind.code(), str(kind.status), kind.title(), kind.title(english=True))
        for kind in subclasses(Problem)
        if kind.__module__.startswith(("services.", "shared."))
    } == published

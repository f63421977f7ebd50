"""Which runs are added, and which counties none of them covers."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from services.scoring.engine.results.regions_above import DIGITS, Level, place_of


class OfRegion(Protocol):
    """What is asked of a stored run; a later one has a larger id."""

    @property
    def id(self) -> int: ...
    @property
    def region(self) -> str: ...
    @property
    def scheme_version(self) -> int: ...


R = TypeVar("R", bound=OfRegion)


def to_add(runs: Sequence[R], version: int | None) -> list[R]:
    """Of each region its latest run by one version, the newest where none is asked for.

    A run of a wider region stands for those within it; one of a part of a county for nothing.
    """
    asked = version or max((run.scheme_version for run in runs), default=None)
    latest = {
        run.region: run
        for run in sorted(runs, key=lambda run: run.id)
        if run.scheme_version == asked and len(run.region) <= DIGITS[Level.county]
    }
    chosen: list[R] = []
    for region in sorted(latest, key=lambda region: (len(region), region)):
        if not covered(region, chosen):
            chosen.append(latest[region])
    return chosen


def covered(region: str, runs: Iterable[OfRegion]) -> bool:
    return any(region.startswith(run.region) for run in runs)


def missing(known: Iterable[str], region: str, level: Level, runs: Sequence[OfRegion]) -> list[str]:
    """The counties of a region that no run covers; of its whole city, where cities are ranked."""
    within = region[: DIGITS[level]]
    counties = (code for code in known if code == place_of(code, Level.county))
    return sorted(c for c in counties if c.startswith(within) and not covered(c, runs))

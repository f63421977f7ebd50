"""The choice of the runs to add, and the counties that none of them covers."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from services.scoring.engine.results.regions_above import LEVEL_CODE_DIGITS, Level, region_at_level


class RegionRun(Protocol):
    """A stored run; a later one has a larger id."""

    @property
    def id(self) -> int: ...
    @property
    def region(self) -> str: ...
    @property
    def scheme_version(self) -> int: ...


R = TypeVar("R", bound=RegionRun)


def choose_runs(runs: Sequence[R], version: int | None) -> list[R]:
    """The latest run of each region by one version of the scheme, by default the newest.

    A run of a wider region replaces those within it; one of a part of a county is not used.
    """
    chosen_version = version or max((run.scheme_version for run in runs), default=None)
    latest = {
        run.region: run
        for run in sorted(runs, key=lambda run: run.id)
        if run.scheme_version == chosen_version
        and len(run.region) <= LEVEL_CODE_DIGITS[Level.county]
    }
    chosen: list[R] = []
    for region in sorted(latest, key=lambda region: (len(region), region)):
        if not is_covered(region, chosen):
            chosen.append(latest[region])
    return chosen


def is_covered(region: str, runs: Iterable[RegionRun]) -> bool:
    return any(region.startswith(run.region) for run in runs)


def missing_counties(
    known: Iterable[str], region: str, level: Level, runs: Sequence[RegionRun]
) -> list[str]:
    """The counties of a region that no run covers; of its whole city, where cities are ranked."""
    within = region[: LEVEL_CODE_DIGITS[level]]
    counties = (code for code in known if code == region_at_level(code, Level.county))
    return sorted(c for c in counties if c.startswith(within) and not is_covered(c, runs))

"""The choice of the runs to add, and the counties that none of them covers."""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol, TypeVar

from services.scoring.engine.results.regions_above import (
    LEVEL_CODE_DIGITS,
    RegionLevel,
    region_at_level,
)
from shared.offices import NO_OFFICE, region_prefix


class RegionRun(Protocol):
    """A stored run; a later one has a larger id."""

    @property
    def id(self) -> int: ...
    @property
    def office(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def scheme_version(self) -> int: ...


R = TypeVar("R", bound=RegionRun)


def choose_runs(runs: Sequence[R], version: int | None) -> list[R]:
    """The latest run of each region by one version of the scheme, by default the newest.

    A run over a wider region replaces those within it; one of a part of a county is not used. An
    office above the county has its own rows only, so its run is used where no other is.
    """
    chosen_version = version or max((run.scheme_version for run in runs), default=None)
    latest = {
        (run.region, is_whole(run)): run
        for run in sorted(runs, key=lambda run: run.id)
        if run.scheme_version == chosen_version
        and len(run.region) <= LEVEL_CODE_DIGITS[RegionLevel.county]
    }
    widest_first = sorted(latest.values(), key=lambda run: (len(run.region), run.region))
    chosen: list[R] = []
    for run in filter(is_whole, widest_first):
        if not is_covered(run.region, chosen):
            chosen.append(run)
    for run in reversed(widest_first):
        is_used_below = any(is_covered(below.region, [run]) for below in chosen)
        if not is_whole(run) and not is_used_below and not is_covered(run.region, chosen):
            chosen.append(run)
    return sorted(chosen, key=lambda run: (len(run.region), run.region))


def is_whole(run: RegionRun) -> bool:
    """Whether a run has all rows of its region: one over its offices, or of a county's office."""
    county_digits = LEVEL_CODE_DIGITS[RegionLevel.county]
    return run.office == NO_OFFICE or len(region_prefix(run.office)) >= county_digits


def is_covered(region: str, runs: Iterable[RegionRun]) -> bool:
    return any(region.startswith(run.region) for run in runs)


def missing_counties(
    known: Iterable[str],
    region: str,
    level: RegionLevel,
    runs: Sequence[RegionRun],
    with_units: Collection[str | None] = (),
) -> list[str]:
    """The counties of a region that no run covers; of its whole city, where cities are ranked.

    A run of an office above the county covers those that it has units in, `with_units`.
    """
    whole = [run for run in runs if is_whole(run)]
    within = region[: LEVEL_CODE_DIGITS[level]]
    counties = (code for code in known if code == region_at_level(code, RegionLevel.county))
    lacking = (c for c in counties if c not in with_units and not is_covered(c, whole))
    return sorted(c for c in lacking if c.startswith(within))

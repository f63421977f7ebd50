"""Ranks above the county: the terms of units, added up to those of regions.

A region is a county or a city, by the first digits of the code where a unit is. Terms are sums over
projects, so those of a region are sums over its units; what was entered by hand is no sum and has
to be entered for the region itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.scoring.engine.declarations import Metric
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.results.run_result import NO_MARK_TERMS, untallied_terms
from services.scoring.engine.scheme.model import Scheme
from shared.facts.words import Word
from shared.problems import Conflict


class RegionLevel(Word):
    county = "county", "县（市、区）"
    city = "city", "市（地、州）"


LEVEL_CODE_DIGITS: Mapping[RegionLevel, int] = {RegionLevel.county: 6, RegionLevel.city: 4}
REGION_CODE_DIGITS = 6  # of a code of GB/T 2260, padded with zeros


class RanksNoPlaces(Conflict):
    """这个方案不给县、市排名

    The scheme ranks neither counties nor cities.
    """


@dataclass(frozen=True)
class RunUnits:
    """The units of a run: its region, their terms, and the region where each unit is.

    A unit of no known region is where the run was.
    """

    region: str
    terms: Mapping[str, UnitTerms]
    regions: Mapping[str, str | None]

    def region_at(self, unit: str, level: RegionLevel) -> str | None:
        """The code of the county or city where a unit is; None where there is none."""
        return region_at_level(self.regions.get(unit) or self.region, level)


def region_at_level(region: str, level: RegionLevel) -> str | None:
    """The code of the county or city that a region is or lies in; None where it is wider."""
    code = region[: LEVEL_CODE_DIGITS[level]]
    is_in_level = len(code) == LEVEL_CODE_DIGITS[level] and not code.endswith("00")
    return code.ljust(REGION_CODE_DIGITS, "0") if is_in_level else None


def units_outside_level(runs: Iterable[RunUnits], level: RegionLevel) -> list[str]:
    """The units that are in no region of the level, such as a city's own among counties."""
    return sorted(u for run in runs for u in run.terms if run.region_at(u, level) is None)


def build_region_terms(
    runs: Sequence[RunUnits],
    level: RegionLevel,
    scheme: Scheme,
    entered: ManualEntries = NO_ENTRIES,
) -> dict[str, UnitTerms]:
    """Code of a region → its terms, all regions in one group that is called after the level.

    The runs are of different regions and one scheme. Where a metric is of all, all are the units of
    all these runs, those in no region among them. `entered` is by code of a region. Raises
    RanksNoPlaces for a scheme that tells groups apart and does not know this one.
    """
    if scheme.groups and level not in scheme.groups:
        known = "、".join(scheme.groups)
        raise RanksNoPlaces(
            f"{scheme.id} 按组别计分，只有 {known}；要给县、市排名，组别里须有 {level}",
            f"{scheme.id} tells groups apart ({known}), and {level} is not among them.",
        )
    units: defaultdict[str, list[UnitTerms]] = defaultdict(list)
    for run in runs:
        for unit in run.terms.values():
            if (code := run.region_at(unit.unit_id, level)) is not None:
                units[code].append(unit)
    metrics = scheme.needed_metrics
    of_all = {
        metric.id: denominator_of_all_runs(runs, metric.id) for metric in metrics if metric.of_all
    }
    return {
        code: UnitTerms(
            code,
            level,
            sum(unit.live_projects for unit in units[code]),
            {
                metric.id: untallied_terms(metric, code, NO_MARK_TERMS, entered)
                if metric.by_hand
                else sum_metric_terms(
                    [unit.of_metric[metric.id] for unit in units[code]], of_all, metric
                )
                for metric in metrics
            },
        )
        for code in sorted(units)
    }


def sum_metric_terms(
    terms: Sequence[tuple[int, int | None]], of_all: Mapping[str, int], metric: Metric
) -> tuple[int, int | None]:
    """The terms of a metric over the units of one region."""
    numerator = sum(n for n, _ in terms)
    parts = [d for _, d in terms if d is not None]
    return numerator, of_all.get(metric.id, sum(parts) if parts else None)


def denominator_of_all_runs(runs: Iterable[RunUnits], metric: str) -> int:
    """The denominator of a metric of all: every unit of a run has that of its whole run."""
    of_runs = (next(iter(run.terms.values()), None) for run in runs)
    return sum(unit.of_metric[metric][1] or 0 for unit in of_runs if unit is not None)

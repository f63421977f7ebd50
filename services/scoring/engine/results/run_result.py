"""The result of a run: from the rows of queries to results, and to the published document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from services.scoring.engine.columns import Figure
from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import format_decimal
from services.scoring.engine.lights.documents import lights_document
from services.scoring.engine.lights.project_lights import ProjectLight, build_lights
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.ranking.ranking import Standing, rank_units
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.results.supplements import (
    NO_SUPPLEMENTS,
    Supplements,
    supplements_document,
)
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.plan import GroupPlan, resolve_group

TermsRow = Mapping[str, Any]
MarkTerms = Mapping[str, Mapping[str, tuple[int, int | None]]]  # metric → unit → its terms
NO_MARK_TERMS: MarkTerms = {}


@dataclass(frozen=True)
class ScoringResult:
    """The result of a run: the standings of each group, the terms behind them, the lights.

    `supplements`: the rest of what scheme and preset need, such as boards and lights of units.
    """

    as_of: date
    scheme: Scheme
    preset: Lights
    groups: Mapping[str, Sequence[Standing]]
    terms: Mapping[str, UnitTerms]
    lights: Sequence[ProjectLight]
    entered: ManualEntries = NO_ENTRIES
    supplements: Supplements = NO_SUPPLEMENTS

    @cached_property
    def plans(self) -> Mapping[str, GroupPlan]:
        """Group → its plan, resolved once for all that is printed of the result."""
        groups = dict.fromkeys([*self.groups, *(unit.group for unit in self.terms.values())])
        return {group: resolve_group(self.scheme, group) for group in groups}

    def plan_of_unit(self, unit: str) -> GroupPlan:
        return self.plans[self.terms[unit].group]


def build_result(
    as_of: date,
    scheme: Scheme,
    preset: Lights,
    terms: Mapping[str, UnitTerms],
    lights_rows: list[dict[str, Any]],
    entered: ManualEntries = NO_ENTRIES,
) -> ScoringResult:
    """A run's result from the terms of units and the rows of the lights, which are used up."""
    lights = build_lights(lights_rows, preset, as_of)
    standings = rank_units(terms.values(), scheme, entered)
    return ScoringResult(as_of, scheme, preset, standings, terms, lights, entered)


def build_unit_terms(
    rows: Sequence[TermsRow],
    groups: Mapping[str, str],
    metrics: Sequence[Metric],
    mark_terms: MarkTerms = NO_MARK_TERMS,
    entered: ManualEntries = NO_ENTRIES,
) -> Iterable[UnitTerms]:
    """The terms of each unit; where a metric is of all, the denominators of all units are added.

    `groups` is unit → group; `mark_terms` come from the marks of projects.
    """
    tallied = [metric for metric in metrics if metric.is_tallied]
    others = [metric for metric in metrics if not metric.is_tallied]
    of_all = {m.id: sum(row[f"{m.id} d"] for row in rows) for m in tallied if m.of_all}
    for row in rows:
        parts = {m.id: (row[f"{m.id} n"], of_all.get(m.id, row.get(f"{m.id} d"))) for m in tallied}
        for metric in others:
            parts[metric.id] = untallied_terms(metric, row["unit_id"], mark_terms, entered)
        yield UnitTerms(row["unit_id"], groups[row["unit_id"]], row["projects"], parts)


def untallied_terms(
    metric: Metric, unit: str, mark_terms: MarkTerms, entered: ManualEntries
) -> tuple[int, int | None]:
    """The terms that no tally has: a mark entered by hand, or the sum of projects' marks."""
    if metric.by_hand:
        mark = entered.mark(unit, metric.id)
        return (mark.value.numerator, mark.value.denominator) if mark else (0, 0)
    return mark_terms[metric.id].get(unit, (0, 0 if metric.take == "mean" else None))


def result_document(result: ScoringResult, names: Mapping[str, str]) -> dict[str, Any]:
    """The result as `bairi score --format json` prints it; `names` is unit → name."""
    document = stream_document(result, names)
    return document | {"lights": [*document["lights"]]}


def stream_document(result: ScoringResult, names: Mapping[str, str]) -> dict[str, Any]:
    """The same with its lights one by one: of a province, all at once would fill the memory."""
    supplements = result.supplements
    return {
        "as_of": result.as_of.isoformat(),
        "scheme": result.scheme.id,
        "lights_preset": result.preset.id,
        "groups": [
            {"group": group, "units": units_document(result, group, standings, names)}
            for group, standings in result.groups.items()
        ],
        "lights": lights_document(result.lights, result.preset, supplements.lights_since),
        **supplements_document(
            result.supplements, result.preset, unavailable_metrics(result.scheme)
        ),
    }


def unavailable_metrics(scheme: Scheme) -> list[Metric]:
    """The metrics of a scheme whose data are not there yet."""
    return [metric for metric in scheme.scored_metrics if metric.needs]


def units_document(
    result: ScoringResult, group: str, standings: Sequence[Standing], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The units of a group by the group's plan; what the plan has not is no key."""
    plan = result.plans[group]
    made = []
    for unit in standings:
        parts = result.terms[unit.unit_id].of_metric
        figures = {
            "pillars": {
                pillar.id: figure_document(unit.pillars.get(pillar.id), with_weight=True)
                for pillar in plan.pillars
            },
            "metrics": {
                metric.id: {
                    "numerator": parts[metric.id][0],
                    "denominator": parts[metric.id][1],
                    **figure_document(unit.metrics.get(metric.id)),
                }
                for metric in plan.scored_metrics
            },
        }
        made.append(
            {
                "unit_id": unit.unit_id,
                "name": names[unit.unit_id],
                "rank": unit.rank,
                "total": format_decimal(unit.total, plan.decimals),
                **figures,
                **standing_extras_document(unit, plan, parts),
            }
        )
    return made


def standing_extras_document(
    unit: Standing, plan: GroupPlan, parts: Mapping[str, tuple[int, int | None]]
) -> dict[str, Any]:
    """The adjustments, grade, gates and tie-breaks of a standing, where the plan has them."""
    made: dict[str, Any] = {}
    if plan.adjustments:
        earned = unit.adjusted
        made["adjustments"] = {
            "points": format_decimal(earned.points, 4) if earned else None,
            "items": {
                item.id: {
                    "numerator": parts[item.id][0],
                    "denominator": parts[item.id][1],
                    "points": format_decimal(earned.items[item.id], 4) if earned else None,
                }
                for item in plan.adjustments.items
            },
        }
    if plan.grades:
        made["grade"] = unit.grade
    if plan.gates:
        made["missed"] = [{"gate": m.gate.id, "reason": m.reason} for m in unit.missed]
    if plan.tie_break:
        made["parted_by"] = list(unit.parted_by)
    return made


def figure_document(figure: Figure | None, *, with_weight: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = {"points": format_decimal(figure.points, 4) if figure else None}
    if with_weight:
        made["weight"] = format_decimal(figure.weight, 4) if figure else None
    return {**made, "rank": figure.rank if figure else None}

"""From the rows that queries answer to results, and from results to the published document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from services.scoring.engine.declarations import Metric
from services.scoring.engine.entered import NOTHING_ENTERED, Entered
from services.scoring.engine.figures import lead, printed, share, time_progress
from services.scoring.engine.ranking import Figure, Standing, Terms, ranked
from services.scoring.engine.scheme import Lights, Scheme, scheme_for

COLOURS = ("green", "yellow", "red")
Row = Mapping[str, Any]
MoreTerms = Mapping[str, Mapping[str, tuple[int, int | None]]]  # metric → unit → its terms
NO_MORE: MoreTerms = {}


@dataclass(frozen=True, slots=True)
class Light:
    """A project's lights on a day, and the figures behind them; None where nothing applies."""

    project_id: str
    unit_id: str
    overall: str
    axes: Mapping[str, str | None]
    completion: Fraction | None
    time_progress: Fraction
    not_reported: bool

    @property
    def lead(self) -> Fraction | None:
        """Percentage points ahead of time progress, or behind it."""
        return None if self.completion is None else lead(self.completion, self.time_progress)


@dataclass(frozen=True)
class Result:
    """What a run says: the standings of each group, the terms behind them, and the lights."""

    as_of: date
    scheme: Scheme
    preset: Lights
    groups: Mapping[str, Sequence[Standing]]
    terms: Mapping[str, Terms]
    lights: Sequence[Light]
    entered: Entered = NOTHING_ENTERED


def result(
    day: date,
    scheme: Scheme,
    preset: Lights,
    units: Mapping[str, str],
    terms_rows: Sequence[Row],
    lights_rows: Iterable[Row],
    more: MoreTerms = NO_MORE,
    entered: Entered = NOTHING_ENTERED,
) -> Result:
    """A run's result from its two queries' rows; `units` is unit → group.

    `more` are the terms that come from the marks of projects.
    """
    found = terms_of(terms_rows, units, scheme.needed_metrics, more, entered)
    terms = {unit.unit_id: unit for unit in found}
    lights = [light_of(row, preset, day) for row in lights_rows]
    standings = ranked(terms.values(), scheme, entered)
    return Result(day, scheme, preset, standings, terms, lights, entered)


def terms_of(
    rows: Sequence[Row],
    groups: Mapping[str, str],
    metrics: Sequence[Metric],
    more: MoreTerms = NO_MORE,
    entered: Entered = NOTHING_ENTERED,
) -> Iterable[Terms]:
    """The terms of each unit; where a metric is of all, everyone's denominators are added."""
    tallied = [metric for metric in metrics if metric.is_tallied]
    others = [metric for metric in metrics if not metric.is_tallied]
    of_all = {m.id: sum(row[f"{m.id} d"] for row in rows) for m in tallied if m.of_all}
    for row in rows:
        parts = {m.id: (row[f"{m.id} n"], of_all.get(m.id, row.get(f"{m.id} d"))) for m in tallied}
        for metric in others:
            parts[metric.id] = terms_beside(metric, row["unit_id"], more, entered)
        yield Terms(row["unit_id"], groups[row["unit_id"]], row["projects"], parts)


def terms_beside(
    metric: Metric, unit: str, more: MoreTerms, entered: Entered
) -> tuple[int, int | None]:
    """The terms that no tally gives: a mark entered by hand, or what projects' marks add up to."""
    if metric.by_hand:
        mark = entered.mark(unit, metric.id)
        return (mark.value.numerator, mark.value.denominator) if mark else (0, 0)
    return more[metric.id].get(unit, (0, 0 if metric.take == "mean" else None))


def light_of(row: Row, preset: Lights, day: date) -> Light:
    codes = [row[axis.id] for axis in preset.axes]
    worst = max((code for code in codes if code is not None), default=None)
    overall = "none" if worst is None else COLOURS[worst]
    axes = {
        axis.id: None if code is None else COLOURS[code]
        for axis, code in zip(preset.axes, codes, strict=True)
    }
    due = Fraction(row["due_parts"], row["plan_parts"]) if row["on_curve"] else time_progress(day)
    return Light(
        row["project_id"],
        row["unit_id"],
        "paused" if row["paused"] else overall,
        axes,
        share(row["ytd"], row["plan"]) if row["plan"] else None,
        due,
        not row["reported"],
    )


def document(found: Result, names: Mapping[str, str]) -> dict[str, Any]:
    """The result as `bairi score --format json` prints it; `names` is unit → name."""
    return {
        "as_of": found.as_of.isoformat(),
        "scheme": found.scheme.id,
        "lights_preset": found.preset.id,
        "groups": [
            {"group": group, "units": units_document(found, group, standings, names)}
            for group, standings in found.groups.items()
        ],
        "lights": [light_document(light) for light in found.lights],
    }


def units_document(
    found: Result, group: str, standings: Sequence[Standing], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The units of a group by the group's own scheme; what the scheme has not is no key."""
    scheme = scheme_for(found.scheme, group)
    metrics = scheme.scored_metrics
    made = []
    for unit in standings:
        parts = found.terms[unit.unit_id].of_metric
        figures = {
            "pillars": {
                pillar.id: figure_document(unit.pillars.get(pillar.id), with_weight=True)
                for pillar in scheme.pillars
            },
            "metrics": {
                metric.id: {
                    "numerator": parts[metric.id][0],
                    "denominator": parts[metric.id][1],
                    **figure_document(unit.metrics.get(metric.id)),
                }
                for metric in metrics
            },
        }
        made.append(
            {
                "unit_id": unit.unit_id,
                "name": names[unit.unit_id],
                "rank": unit.rank,
                "total": printed(unit.total, scheme.decimals),
                **figures,
                **beside_document(unit, scheme, parts),
            }
        )
    return made


def beside_document(
    unit: Standing, scheme: Scheme, parts: Mapping[str, tuple[int, int | None]]
) -> dict[str, Any]:
    """What stands around the pillars, where the scheme has it."""
    made: dict[str, Any] = {}
    if scheme.adjustments:
        earned = unit.adjusted
        made["adjustments"] = {
            "points": printed(earned.points, 4) if earned else None,
            "items": {
                item.id: {
                    "numerator": parts[item.id][0],
                    "denominator": parts[item.id][1],
                    "points": printed(earned.items[item.id], 4) if earned else None,
                }
                for item in scheme.adjustments.items
            },
        }
    if scheme.grades:
        made["grade"] = unit.grade
    if scheme.gates:
        made["missed"] = [{"gate": m.gate.id, "reason": m.reason} for m in unit.missed]
    if scheme.tie_break:
        made["parted_by"] = list(unit.parted_by)
    return made


def figure_document(figure: Figure | None, *, with_weight: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = {"points": printed(figure.points, 4) if figure else None}
    if with_weight:
        made["weight"] = printed(figure.weight, 4) if figure else None
    return {**made, "rank": figure.rank if figure else None}


def light_document(light: Light) -> dict[str, Any]:
    return {
        "project_id": light.project_id,
        "overall": light.overall,
        "axes": dict(light.axes),
        "completion": printed(light.completion, 4),
        "time_progress": printed(light.time_progress, 4),
        "lead": printed(light.lead, 2),
        "not_reported": light.not_reported,
    }

"""From the rows that queries answer to results, and from results to the published document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import lead, printed, share, time_progress
from services.scoring.engine.ranking import Figure, Standing, Terms, ranked
from services.scoring.engine.scheme import Lights, Scheme

COLOURS = ("green", "yellow", "red")
Row = Mapping[str, Any]


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


def result(
    day: date,
    scheme: Scheme,
    preset: Lights,
    units: Mapping[str, str],
    terms_rows: Sequence[Row],
    lights_rows: Iterable[Row],
) -> Result:
    """A run's result from its two queries' rows; `units` is unit → group."""
    terms = {unit.unit_id: unit for unit in terms_of(terms_rows, units, scheme.scored_metrics)}
    lights = [light_of(row, preset, day) for row in lights_rows]
    return Result(day, scheme, preset, ranked(terms.values(), scheme), terms, lights)


def terms_of(
    rows: Sequence[Row], groups: Mapping[str, str], metrics: Sequence[Metric]
) -> Iterable[Terms]:
    """The terms of each unit; where a metric is of all, everyone's denominators are added."""
    of_all = {m.id: sum(row[f"{m.id} d"] for row in rows) for m in metrics if m.of_all}
    for row in rows:
        parts = {m.id: (row[f"{m.id} n"], of_all.get(m.id, row.get(f"{m.id} d"))) for m in metrics}
        yield Terms(row["unit_id"], groups[row["unit_id"]], row["projects"], parts)


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
            {"group": group, "units": [unit_document(found, unit, names) for unit in standings]}
            for group, standings in found.groups.items()
        ],
        "lights": [light_document(light) for light in found.lights],
    }


def unit_document(found: Result, unit: Standing, names: Mapping[str, str]) -> dict[str, Any]:
    scheme, parts = found.scheme, found.terms[unit.unit_id].of_metric
    return {
        "unit_id": unit.unit_id,
        "name": names[unit.unit_id],
        "rank": unit.rank,
        "total": printed(unit.total, scheme.decimals),
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
            for metric in scheme.scored_metrics
        },
    }


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

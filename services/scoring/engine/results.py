"""From the rows that queries answer to results, and from results to the published document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.scoring.engine.beside import NOTHING_BESIDE, Beside, beside_document
from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import printed
from services.scoring.engine.light_details import lights_document
from services.scoring.engine.lights import Light, lights_from
from services.scoring.engine.presets import Lights
from services.scoring.engine.ranking import Figure, Standing, Terms, ranked
from services.scoring.engine.scheme import Scheme

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """What a run says: the standings of each group, the terms behind them, the lights.

    `beside`: what else scheme and preset ask for, such as boards and lights of units.
    """

    as_of: date
    scheme: Scheme
    preset: Lights
    groups: Mapping[str, Sequence[Standing]]
    terms: Mapping[str, Terms]
    lights: Sequence[Light]
    beside: Beside = NOTHING_BESIDE


def result(
    day: date,
    scheme: Scheme,
    preset: Lights,
    units: Mapping[str, str],
    terms_rows: Sequence[Row],
    lights_rows: Sequence[Row],
) -> Result:
    """A run's result from its two queries' rows; `units` is unit → group."""
    terms = {unit.unit_id: unit for unit in terms_of(terms_rows, units, scheme.scored_metrics)}
    lights = lights_from(lights_rows, preset, day)
    return Result(day, scheme, preset, ranked(terms.values(), scheme), terms, lights)


def terms_of(
    rows: Sequence[Row], groups: Mapping[str, str], metrics: Sequence[Metric]
) -> Iterable[Terms]:
    """The terms of each unit; where a metric is of all, everyone's denominators are added."""
    of_all = {m.id: sum(row[f"{m.id} d"] for row in rows) for m in metrics if m.of_all}
    for row in rows:
        parts = {m.id: (row[f"{m.id} n"], of_all.get(m.id, row.get(f"{m.id} d"))) for m in metrics}
        yield Terms(row["unit_id"], groups[row["unit_id"]], row["projects"], parts)


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
        "lights": lights_document(found.lights, found.preset, found.beside.lights_since),
        **beside_document(found.beside, found.preset, off_metrics(found.scheme)),
    }


def off_metrics(scheme: Scheme) -> list[Metric]:
    """The metrics of a scheme that need what is not there yet."""
    return [metric for metric in scheme.scored_metrics if metric.needs]


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

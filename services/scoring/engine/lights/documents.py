"""Documents of lights: colours, figures, thresholds, and the days since when."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from services.scoring.engine.declarations import Axis, Measure, Metric
from services.scoring.engine.figures import format_decimal
from services.scoring.engine.lights.history import ColourSince
from services.scoring.engine.lights.project_lights import COLOURS, ProjectLight, light_document
from services.scoring.engine.lights.unit_lights import UnitLight
from services.scoring.engine.scheme.light_presets import Lights

OVERALL = "overall"
MEASURE_DECIMALS: Mapping[Measure, int] = {"share": 4, "points": 2}
ColourSinceByAxis = Mapping[
    str, Mapping[str, ColourSince]
]  # project or unit → axis, or OVERALL → since when


def lights_document(
    lights: Sequence[ProjectLight], preset: Lights, since: ColourSinceByAxis
) -> Iterator[dict[str, Any]]:
    """The lights of projects; their details only where the preset is `detailed`."""
    for light in lights:
        document = light_document(light)
        if preset.detailed or preset.curve is not None:
            document["basis"] = light.basis
        if preset.detailed:
            of_light = since.get(light.project_id, {})
            document |= colour_since_document(of_light.get(OVERALL))
            document["details"] = light_details(light, preset, of_light)
        yield document


def light_details(
    light: ProjectLight, preset: Lights, since: Mapping[str, ColourSince]
) -> dict[str, Any]:
    return {
        axis.id: {
            "word": colour_label(axis, colour),
            "figure": format_figure(light.figure(axis.id), axis_measure(axis, None)),
            "threshold": deciding_condition(axis, colour),
            **colour_since_document(since.get(axis.id)),
        }
        for axis in preset.project_axes
        if (colour := light.axes[axis.id]) is not None
    }


def unit_lights_document(
    lights: Sequence[UnitLight],
    preset: Lights,
    metrics: Mapping[str, Metric],
    since: ColourSinceByAxis,
) -> list[dict[str, Any]]:
    """The lights of units, in order: overall the worst axis, and the figures behind each axis."""
    axes = {axis.id: axis for axis in preset.unit_axes}
    by_unit: dict[str, list[UnitLight]] = {}
    for light in lights:
        by_unit.setdefault(light.unit_id, []).append(light)
    return [
        {
            "unit_id": unit,
            "overall": worst_colour([light.colour for light in of_unit]),
            "axes": dict.fromkeys(axes) | {light.axis: light.colour for light in of_unit},
            "details": {
                light.axis: unit_light_details(light, axes[light.axis], metrics)
                | colour_since_document(since.get(unit, {}).get(light.axis))
                for light in of_unit
            },
        }
        for unit, of_unit in by_unit.items()
    ]


def unit_light_details(
    light: UnitLight, axis: Axis, metrics: Mapping[str, Metric]
) -> dict[str, Any]:
    """Figure, target and average as printed; the number of missed months, where the axis has it."""
    measure = axis_measure(axis, metrics[axis.metric or ""])
    return {
        "word": colour_label(axis, light.colour),
        **{
            name: format_figure(value, "count" if name == "months_missed" else measure)
            for name, value in light.values.items()
        },
        "threshold": deciding_condition(axis, light.colour),
    }


def worst_colour(colours: Sequence[str]) -> str:
    return max(colours, key=COLOURS.index)


def axis_measure(axis: Axis, metric: Metric | None) -> Measure:
    if metric is not None:
        return metric.measure
    return axis.figure.measure if axis.figure else "count"


def colour_label(axis: Axis, colour: str) -> str:
    """The office's own word for the colour."""
    return str(getattr(axis.words, colour))


def deciding_condition(axis: Axis, colour: str) -> str:
    """The condition that decided: that of the colour; of green, the one that was not met."""
    return axis.red if colour == "red" else axis.yellow


def format_figure(value: Fraction | None, measure: Measure) -> str | None:
    """A figure to the decimals of its measure; a count or a number of days whole, a mean to two."""
    whole = value is None or value.denominator == 1
    return format_decimal(value, MEASURE_DECIMALS.get(measure, 0 if whole else 2))


def colour_since_document(since: ColourSince | None) -> dict[str, Any]:
    if since is None:
        return {}
    document: dict[str, Any] = {"since": since.on.isoformat()}
    return document | {"or_earlier": True} if since.or_earlier else document

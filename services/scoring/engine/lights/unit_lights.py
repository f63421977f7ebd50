"""Lights of units: a metric against the unit's own target, the average of all, earlier months.

Pure: terms of units as of a day and of the month ends before it in, lights out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

from services.scoring.engine.declarations import Axis, Metric
from services.scoring.engine.language.formula_text import FormulaMistake, FormulaText
from services.scoring.engine.language.interpreter import (
    FigureValues,
    find_condition_error,
    is_condition_met,
)
from services.scoring.engine.language.ratios import POINTS_IN_ONE
from services.scoring.engine.points.benchmarks import metric_average
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.scheme.light_presets import Lights

UNIT_TEXT_NAMES = ("figure", "target", "average")
MONTHS_MISSED = "months_missed"
UnitTargets = Mapping[str, Mapping[str, Fraction]]  # unit → metric → the target entered for it


@dataclass(frozen=True)
class UnitsOnDay:
    """The terms of all units as of a day, and the metrics of the terms.

    `scales`: the divisor of a metric's value, where it is made of projects' marks.
    """

    as_of: date
    terms: Mapping[str, UnitTerms]
    metrics: Mapping[str, Metric]
    scales: Mapping[str, int] = field(default_factory=dict)

    def value(self, unit: str, metric: str) -> Fraction | None:
        """A unit's figure, of points in points; None where it is not applicable."""
        found = self.terms[unit].value(self.metrics[metric])
        return found if found is None else found * self.scale(metric)

    def scale(self, metric: str) -> Fraction:
        """The factor that converts a value to the metric's measure."""
        points = POINTS_IN_ONE if self.metrics[metric].measure == "points" else 1
        return Fraction(points, self.scales.get(metric, 1))

    @cached_property
    def averages(self) -> Mapping[str, Fraction | None]:
        """Each metric over all live units together; a mean of counts, sums and shares of all."""
        live = [unit.of_metric for unit in self.terms.values() if unit.live_projects]
        return {
            name: metric_average([terms[name] for terms in live], metric, self.scale(name))
            for name, metric in self.metrics.items()
        }

    def values(self, unit: str, metric: str, targets: UnitTargets) -> FigureValues:
        """The figures that a text about a unit's metric may name."""
        return {
            "figure": self.value(unit, metric),
            "target": targets.get(unit, {}).get(metric),
            "average": self.averages[metric],
        }


@dataclass(frozen=True)
class UnitLight:
    """A unit's light on one axis, the figures behind it, and the number of missed months."""

    unit_id: str
    axis: str
    colour: str
    values: FigureValues


def axis_texts(axis: Axis) -> Iterator[tuple[FormulaText, Sequence[str]]]:
    """The texts of a unit's axis, with the names that each may use."""
    place = f"红黄绿灯 {axis.id} 轴的"
    texts = {"applies": axis.applies, "yellow": axis.yellow, "red": axis.red}
    for part, text in texts.items():
        yield (
            FormulaText(text, f"{place} {part}"),
            (*UNIT_TEXT_NAMES, MONTHS_MISSED) if axis.missed else UNIT_TEXT_NAMES,
        )
    if axis.missed:
        yield FormulaText(axis.missed, f"{place} missed"), UNIT_TEXT_NAMES


def find_unit_axis_errors(
    axes: Sequence[Axis], known: Mapping[str, Metric]
) -> Iterator[tuple[int, FormulaMistake]]:
    """Every axis of units that cannot be judged: its index, and the mistake."""
    for n, axis in enumerate(axes):
        if axis.subject != "unit":
            continue
        if axis.metric not in known:
            yield n, FormulaMistake(f"红黄绿灯 {axis.id} 轴：没有名为“{axis.metric}”的指标")
        for text, names in axis_texts(axis):
            if mistake := find_condition_error(text, names):
                yield n, mistake


def build_unit_lights(
    preset: Lights, today: UnitsOnDay, month_ends: Sequence[UnitsOnDay], targets: UnitTargets
) -> list[UnitLight]:
    """The lights of live units on a day, in order of unit and axis.

    `month_ends` are those up to the day, the last one first: `missed` is evaluated on them.
    """
    lights = []
    for unit in sorted(name for name, terms in today.terms.items() if terms.live_projects):
        for axis in preset.unit_axes:
            values = axis_values(axis, unit, today, month_ends, targets)
            if (colour := axis_colour(axis, values)) is not None:
                lights.append(UnitLight(unit, axis.id, colour, values))
    return lights


def axis_values(
    axis: Axis,
    unit: str,
    today: UnitsOnDay,
    month_ends: Sequence[UnitsOnDay],
    targets: UnitTargets,
) -> FigureValues:
    metric = axis.metric or ""
    values = today.values(unit, metric, targets)
    if not axis.missed:
        return values
    text = FormulaText(axis.missed, f"红黄绿灯 {axis.id} 轴的 missed")
    missed = 0
    for end in month_ends:
        if unit not in end.terms or not is_condition_met(text, end.values(unit, metric, targets)):
            break
        missed += 1
    return {**values, MONTHS_MISSED: Fraction(missed)}


def axis_colour(axis: Axis, values: FigureValues) -> str | None:
    """Green, yellow or red; None where the axis does not apply."""

    def is_met(text: str) -> bool:
        return is_condition_met(FormulaText(text, f"红黄绿灯 {axis.id} 轴的"), values)

    if not is_met(axis.applies):
        return None
    return "red" if is_met(axis.red) else "yellow" if is_met(axis.yellow) else "green"

"""等次 and what lowers it: grades on the total or by place, and gates that must be passed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from services.scoring.engine.declarations import (
    Declaration,
    DeclarationId,
    Label,
    Metric,
    validation_error,
)
from services.scoring.engine.figures import format_decimal
from services.scoring.engine.points.benchmarks import Benchmarks
from services.scoring.engine.points.calculation import resolve_targets
from services.scoring.engine.points.ranks import first_part_size
from services.scoring.engine.points.rules import (
    AVERAGE,
    PartOfOne,
    PositiveInteger,
    RoundingMode,
    RuleNumber,
    RuleTarget,
)


class Grade(Declaration):
    """A grade from a total on, or for the first part of the group, or both at once.

    Grades stand from the best down, `first` counts from the top each time, and the last grade takes
    whoever is left.
    """

    id: DeclarationId
    zh: Label
    from_total: RuleNumber | None = None
    first: PartOfOne | None = None
    rounded: RoundingMode = "down"


class Gate(Declaration):
    """An item that must not be missed: the metric's value at `at` or better.

    Missed, it lowers the grade by some, or lets grade or total be no better than this.
    """

    id: DeclarationId
    zh: Label
    metric: DeclarationId
    at: RuleTarget
    not_applicable: Literal["met", "missed"] = "met"
    lowers: PositiveInteger | None = None
    best_grade: DeclarationId | None = None
    best_total: RuleNumber | None = None
    groups: tuple[Label, ...] = ()

    @model_validator(mode="after")
    def does_something(self) -> "Gate":
        if (self.lowers, self.best_grade, self.best_total) == (None, None, None):
            raise validation_error("要写没过的后果：lowers、best_grade、best_total")
        return self


@dataclass(frozen=True)
class MissedGate:
    """A gate that a unit did not pass, with the reason as people read it."""

    gate: Gate
    reason: str


ValuesByMetric = Mapping[str, Mapping[str, Fraction]]  # metric → unit → value


def find_missed_gates(
    gates: Sequence[Gate],
    units: Sequence[str],
    values: ValuesByMetric,
    metrics: Mapping[str, Metric],
    compared: Benchmarks,
) -> dict[str, tuple[MissedGate, ...]]:
    """The gates that each unit missed."""
    found: dict[str, tuple[MissedGate, ...]] = dict.fromkeys(units, ())
    for gate in gates:
        metric, of_units = metrics[gate.metric], values[gate.metric]
        found_at = resolve_targets(
            gate.at, len(of_units), compared.targets(gate.at, gate.metric, of_units)
        )
        wanted = dict(zip(of_units, found_at, strict=True))
        for unit in units:
            if reason := describe_missed_gate(gate, metric, of_units.get(unit), wanted.get(unit)):
                found[unit] += (MissedGate(gate, reason),)
    return found


def describe_missed_gate(
    gate: Gate, metric: Metric, value: Fraction | None, at: Fraction | None
) -> str | None:
    if value is None or at is None:
        what = "不适用" if value is None else f"没有{'平均' if gate.at == AVERAGE else '录入目标'}"
        return f"{metric.zh}{what}" if gate.not_applicable == "missed" else None
    lower = metric.direction == "lower"
    if value <= at if lower else value >= at:
        return None
    wanted = "不高于" if lower else "不低于"
    limit = format_value_with_unit(metric, at)
    return f"{metric.zh} {format_value_with_unit(metric, value)}，要求{wanted} {limit}"


def format_value_with_unit(metric: Metric, value: Fraction) -> str:
    """A value with at most four decimals; a share in percent, and points as such."""
    unit = {"share": "%", "points": "点"}.get(metric.measure, "")
    text = format_decimal(value * 100 if unit else value, 4) or ""
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text}{unit}"


def cap_total(total: Fraction, of_unit: Sequence[MissedGate]) -> Fraction:
    """The total that the missed gates leave."""
    caps = [Fraction(m.gate.best_total) for m in of_unit if m.gate.best_total is not None]
    return min([total, *caps])


def assign_grades(
    grades: Sequence[Grade],
    totals: Mapping[str, Fraction],
    place: Mapping[str, int],
    gates: Mapping[str, Sequence[MissedGate]],
) -> dict[str, str]:
    """Unit → its grade; `place` counts those who are better, and all of `totals` are the group."""
    order = {grade.id: n for n, grade in enumerate(grades)}
    firsts = {
        grade.id: first_part_size(Fraction(grade.first), len(totals), grade.rounded)
        for grade in grades
        if grade.first is not None
    }

    def reached(unit: str, grade: Grade) -> bool:
        enough = grade.from_total is None or totals[unit] >= Fraction(grade.from_total)
        return enough and place[unit] <= firsts.get(grade.id, place[unit])

    found = {}
    for unit in totals:
        n = next(n for n, grade in enumerate(grades) if reached(unit, grade))
        best = [order[m.gate.best_grade] for m in gates[unit] if m.gate.best_grade is not None]
        n = max([n, *best]) + sum(m.gate.lowers or 0 for m in gates[unit])
        found[unit] = grades[min(n, len(grades) - 1)].id
    return found

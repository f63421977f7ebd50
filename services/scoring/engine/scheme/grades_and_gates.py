"""Grades, by total or by rank, and gates, which lower a grade or cap a total when missed."""

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
from services.scoring.engine.scheme.adjustments import ValuesByMetric


class Grade(Declaration):
    """A grade from a total on, or for the first part of the group, or both at once.

    Grades are listed from the best down, `first` counts from the top each time, and the last grade
    is for all other units.
    """

    id: DeclarationId
    zh: Label
    from_total: RuleNumber | None = None
    first: PartOfOne | None = None
    rounded: RoundingMode = "down"


class Gate(Declaration):
    """A gate that must not be missed: the metric's value at `at` or better.

    If missed, it lowers the grade by a number of grades, or caps the grade or the total.
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
    def check_consequence(self) -> "Gate":
        if (self.lowers, self.best_grade, self.best_total) == (None, None, None):
            raise validation_error("要写没过的后果：lowers、best_grade、best_total")
        return self


@dataclass(frozen=True)
class MissedGate:
    """A gate that a unit did not pass, with the reason for people."""

    gate: Gate
    reason: str


def find_missed_gates(
    gates: Sequence[Gate],
    units: Sequence[str],
    values: ValuesByMetric,
    metrics: Mapping[str, Metric],
    benchmarks: Benchmarks,
) -> dict[str, tuple[MissedGate, ...]]:
    """Find the gates that each unit missed."""
    found: dict[str, tuple[MissedGate, ...]] = dict.fromkeys(units, ())
    for gate in gates:
        metric, of_units = metrics[gate.metric], values[gate.metric]
        found_at = resolve_targets(
            gate.at, len(of_units), benchmarks.targets(gate.at, gate.metric, of_units)
        )
        wanted = dict(zip(of_units, found_at, strict=True))
        for unit in units:
            if reason := describe_missed_gate(gate, metric, of_units.get(unit), wanted.get(unit)):
                found[unit] += (MissedGate(gate, reason),)
    return found


def describe_missed_gate(
    gate: Gate, metric: Metric, value: Fraction | None, threshold: Fraction | None
) -> str | None:
    if value is None or threshold is None:
        what = "不适用" if value is None else f"没有{'平均' if gate.at == AVERAGE else '录入目标'}"
        return f"{metric.zh}{what}" if gate.not_applicable == "missed" else None
    lower = metric.direction == "lower"
    if value <= threshold if lower else value >= threshold:
        return None
    wanted = "不高于" if lower else "不低于"
    limit = format_value_with_unit(metric, threshold)
    return f"{metric.zh} {format_value_with_unit(metric, value)}，要求{wanted} {limit}"


def format_value_with_unit(metric: Metric, value: Fraction) -> str:
    """Format a value with at most four decimals; a share in percent, points with their unit."""
    unit = {"share": "%", "points": "点"}.get(metric.measure, "")
    text = format_decimal(value * 100 if unit else value, 4) or ""
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text}{unit}"


def cap_total(total: Fraction, missed: Sequence[MissedGate]) -> Fraction:
    """Limit a total by the gates that its unit missed."""
    caps = [Fraction(m.gate.best_total) for m in missed if m.gate.best_total is not None]
    return min([total, *caps])


def assign_grades(
    grades: Sequence[Grade],
    totals: Mapping[str, Fraction],
    ranks: Mapping[str, int],
    missed: Mapping[str, Sequence[MissedGate]],
) -> dict[str, str]:
    """Unit → its grade; `ranks` are competition ranks, and the units of `totals` are the group."""
    order = {grade.id: n for n, grade in enumerate(grades)}
    firsts = {
        grade.id: first_part_size(Fraction(grade.first), len(totals), grade.rounded)
        for grade in grades
        if grade.first is not None
    }

    def reached(unit: str, grade: Grade) -> bool:
        enough = grade.from_total is None or totals[unit] >= Fraction(grade.from_total)
        return enough and ranks[unit] <= firsts.get(grade.id, ranks[unit])

    found = {}
    for unit in totals:
        n = next(n for n, grade in enumerate(grades) if reached(unit, grade))
        best = [order[m.gate.best_grade] for m in missed[unit] if m.gate.best_grade is not None]
        n = max([n, *best]) + sum(m.gate.lowers or 0 for m in missed[unit])
        found[unit] = grades[min(n, len(grades) - 1)].id
    return found

"""等次 and what lowers it: grades on the total or by place, and gates that must be passed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from services.scoring.engine.declarations import Declaration, Id, Label, Metric, told
from services.scoring.engine.figures import printed
from services.scoring.engine.points.benchmarks import Compared
from services.scoring.engine.points.calculation import against
from services.scoring.engine.points.ranks import number_of_first
from services.scoring.engine.points.rules import AVERAGE, Number, Part, Rounded, Target, Whole


class Grade(Declaration):
    """A grade from a total on, or for the first part of the group, or both at once.

    Grades stand from the best down, `first` counts from the top each time, and the last grade takes
    whoever is left.
    """

    id: Id
    zh: Label
    from_total: Number | None = None
    first: Part | None = None
    rounded: Rounded = "down"


class Gate(Declaration):
    """An item that must not be missed: the metric's value at `at` or better.

    Missed, it lowers the grade by some, or lets grade or total be no better than this.
    """

    id: Id
    zh: Label
    metric: Id
    at: Target
    not_applicable: Literal["met", "missed"] = "met"
    lowers: Whole | None = None
    best_grade: Id | None = None
    best_total: Number | None = None
    groups: tuple[Label, ...] = ()

    @model_validator(mode="after")
    def does_something(self) -> "Gate":
        if (self.lowers, self.best_grade, self.best_total) == (None, None, None):
            raise told("要写没过的后果：lowers、best_grade、best_total")
        return self


@dataclass(frozen=True)
class Missed:
    """A gate that a unit did not pass, with the reason as people read it."""

    gate: Gate
    reason: str


Values = Mapping[str, Mapping[str, Fraction]]  # metric → unit → value


def missed(
    gates: Sequence[Gate],
    units: Sequence[str],
    values: Values,
    metrics: Mapping[str, Metric],
    compared: Compared,
) -> dict[str, tuple[Missed, ...]]:
    """The gates that each unit missed."""
    found: dict[str, tuple[Missed, ...]] = dict.fromkeys(units, ())
    for gate in gates:
        metric, of_units = metrics[gate.metric], values[gate.metric]
        found_at = against(gate.at, len(of_units), compared.targets(gate.at, gate.metric, of_units))
        wanted = dict(zip(of_units, found_at, strict=True))
        for unit in units:
            if reason := why_missed(gate, metric, of_units.get(unit), wanted.get(unit)):
                found[unit] += (Missed(gate, reason),)
    return found


def why_missed(
    gate: Gate, metric: Metric, value: Fraction | None, at: Fraction | None
) -> str | None:
    if value is None or at is None:
        what = "不适用" if value is None else f"没有{'平均' if gate.at == AVERAGE else '录入目标'}"
        return f"{metric.zh}{what}" if gate.not_applicable == "missed" else None
    lower = metric.direction == "lower"
    if value <= at if lower else value >= at:
        return None
    wanted = "不高于" if lower else "不低于"
    return f"{metric.zh} {said(metric, value)}，要求{wanted} {said(metric, at)}"


def said(metric: Metric, value: Fraction) -> str:
    """A value with at most four decimals; a share in percent, and points as such."""
    unit = {"share": "%", "points": "点"}.get(metric.measure, "")
    text = printed(value * 100 if unit else value, 4) or ""
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text}{unit}"


def total_within(total: Fraction, of_unit: Sequence[Missed]) -> Fraction:
    """The total that the missed gates leave."""
    caps = [Fraction(m.gate.best_total) for m in of_unit if m.gate.best_total is not None]
    return min([total, *caps])


def graded(
    grades: Sequence[Grade],
    totals: Mapping[str, Fraction],
    place: Mapping[str, int],
    gates: Mapping[str, Sequence[Missed]],
) -> dict[str, str]:
    """Unit → its grade; `place` counts those who are better, and all of `totals` are the group."""
    order = {grade.id: n for n, grade in enumerate(grades)}
    firsts = {
        grade.id: number_of_first(Fraction(grade.first), len(totals), grade.rounded)
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

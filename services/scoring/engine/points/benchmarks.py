"""Benchmarks that values are compared with: a unit's own target, or its group's average."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from services.scoring.engine.columns import ValueColumn
from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import exact_ratio
from services.scoring.engine.points.manual_entries import ManualEntries
from services.scoring.engine.points.rules import AVERAGE

TermPairs = Sequence[tuple[int, int | None]]  # numerator and denominator of each unit


def metric_average(
    terms: TermPairs, metric: Metric, scale: Fraction = Fraction(1)
) -> Fraction | None:
    """The value of a metric over units together, as if their rows were one unit's; times `scale`.

    Of counts, sums and shares of all it is the mean of the units; of marks by hand, the mean of
    the entered ones. None where it is not applicable.
    """
    if metric.by_hand:  # each mark is a quotient of its own
        marks = [Fraction(n, d) for n, d in terms if d]
        return scale * sum(marks) / len(marks) if marks else None
    if not terms:
        return None
    numerator = sum(n for n, _ in terms)
    divisors = [d for _, d in terms if d is not None]
    if not divisors:
        return scale * Fraction(numerator, len(terms))
    found = exact_ratio(numerator, len(terms) * divisors[0] if metric.of_all else sum(divisors))
    return None if found is None else scale * found


@dataclass(frozen=True)
class Benchmarks:
    """The entered targets and the averages that the values of one group are compared with."""

    entered: ManualEntries
    averages: Mapping[str, Fraction | None] = field(default_factory=dict)

    def targets(self, word: object, metric: str, units: Collection[str]) -> ValueColumn:
        """The number that a word (`target`, `average`) stands for, by unit; None without one."""
        if word == AVERAGE:
            return [self.averages.get(metric)] * len(units)
        own = self.entered.targets_of(metric)
        return [own.get(unit) for unit in units]

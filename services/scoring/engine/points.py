"""From values to points: each rule gives every unit of a group its share of a metric's weight."""

from collections.abc import Mapping
from fractions import Fraction

from services.scoring.engine.scheme import BestRatio, Points, Proportional

Values = Mapping[str, Fraction]


def shares_of_weight(rule: Points, values: Values, *, lower_is_better: bool) -> dict[str, Fraction]:
    """The share of the weight that each unit earns; `values` are of one group, all applicable."""
    match rule:
        case Proportional(full_at=full_at, cap=cap):
            full, most = Fraction(full_at), Fraction(cap)
            parts = values if full == 1 else {unit: v / full for unit, v in values.items()}
            return {unit: min(part, most) for unit, part in parts.items()}
        case BestRatio():
            if lower_is_better:
                least = min(values.values(), default=Fraction(0))
                return {
                    unit: Fraction(1) if value == least else least / value
                    for unit, value in values.items()
                }
            best = max(values.values(), default=Fraction(0))
            return {unit: value / best if best else Fraction(0) for unit, value in values.items()}


def dense_ranks(values: Values, *, lower_is_better: bool = False) -> dict[str, int]:
    """Best first; equal values share a rank and the next one follows without a gap (7, 7, 8)."""
    ratios = {unit: (value.numerator, value.denominator) for unit, value in values.items()}
    return ranks_of_ratios(ratios, lower_is_better=lower_is_better)


def ranks_of_ratios(
    ratios: Mapping[str, tuple[int, int]], *, lower_is_better: bool = False
) -> dict[str, int]:
    """The same of numerators ÷ denominators above 0, reduced or not.

    Integers are put in order, which is far quicker than fractions: two different ratios are at
    least 1 ÷ (product of their denominators) apart, so scaled by more than that and cut to whole
    they still differ, and equal ones do not.
    """
    bits = 2 * max((denominator.bit_length() for _, denominator in ratios.values()), default=0)
    scaled = {unit: (n << bits) // d for unit, (n, d) in ratios.items()}
    ordered = sorted(set(scaled.values()), reverse=not lower_is_better)
    place = {value: rank for rank, value in enumerate(ordered, start=1)}
    return {unit: place[value] for unit, value in scaled.items()}

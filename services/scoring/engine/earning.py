"""What a scored metric earns: its rule, and the words beside the rule that change what it gives."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from services.scoring.engine.comparing import Compared
from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import exact_sum
from services.scoring.engine.points import against, shares_of_weight
from services.scoring.engine.scheme import ScoredMetric
from services.scoring.engine.vocabulary import word_in

OfUnits = Mapping[str, Fraction]
ZERO, ONE = Fraction(0), Fraction(1)


def earned_shares(
    scored: ScoredMetric,
    metric: Metric,
    values: Mapping[str, OfUnits],
    nominal: Fraction,
    compared: Compared,
) -> OfUnits:
    """Unit → the share of the weight that it earns, of those to whom the metric is applicable.

    `values` is metric → unit → value.
    """
    of_units, lower = values[scored.id], metric.direction == "lower"
    earned: OfUnits = shares_of_weight(
        scored.points,
        of_units,
        lower_is_better=lower,
        nominal=nominal,
        targets=compared.targets(word_in(scored.points), scored.id, of_units),
    )
    if scored.counts_from is not None:
        targets = compared.targets(scored.counts_from, scored.id, of_units)
        least = against(scored.counts_from, of_units, targets)
        earned = {
            unit: share if enough(of_units[unit], least[unit], lower) else min(share, ZERO)
            for unit, share in earned.items()
            if unit in least
        }
    if scored.times:
        coefficients = values[scored.times]
        earned = {unit: share * coefficients.get(unit, ONE) for unit, share in earned.items()}
    return earned


def enough(value: Fraction, wanted: Fraction, lower_is_better: bool) -> bool:
    return value <= wanted if lower_is_better else value >= wanted


def where_not_applicable(scored: ScoredMetric, earned: OfUnits, units: Sequence[str]) -> OfUnits:
    """The same with the units to whom the metric is not applicable, unless its weight is shared."""
    match scored.not_applicable:
        case "zero":
            otherwise = ZERO
        case "full":
            otherwise = ONE
        case "average" if earned:
            otherwise = exact_sum(earned.values()) / len(earned)
        case _:
            return earned
    return {**dict.fromkeys(units, otherwise), **earned}

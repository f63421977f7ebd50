"""Points that a scored metric earns: its rule, and the modifiers of the rule's result."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from services.scoring.engine.columns import ValueColumn, align_with_column
from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import exact_sum
from services.scoring.engine.points.benchmarks import Benchmarks
from services.scoring.engine.points.calculation import compute_weight_shares, resolve_targets
from services.scoring.engine.points.rules import target_word
from services.scoring.engine.scheme.model import ScoredMetric

ZERO, ONE = Fraction(0), Fraction(1)


def earned_shares(
    scored: ScoredMetric,
    metric: Metric,
    units: Sequence[str],
    values: Mapping[str, ValueColumn],
    nominal: Fraction,
    benchmarks: Benchmarks,
) -> ValueColumn:
    """The share of the weight that each of the units earns; None where it is not applicable."""
    column, lower = values[scored.id], metric.direction == "lower"
    known = [value for value in column if value is not None]
    rated_units = [unit for unit, value in zip(units, column, strict=True) if value is not None]
    word = target_word(scored.points)
    earned = compute_weight_shares(
        scored.points,
        known,
        lower_is_better=lower,
        nominal=nominal,
        targets=benchmarks.targets(word, scored.id, rated_units) if word else (),
    )
    if scored.counts_from is not None:
        targets = benchmarks.targets(scored.counts_from, scored.id, rated_units)
        wanted = resolve_targets(scored.counts_from, len(known), targets)
        pairs = zip(known, wanted, strict=True)
        counts = [
            None if least is None else meets_threshold(value, least, lower)
            for value, least in pairs
        ]
        earned = [*map(apply_counting_threshold, earned, counts)]
    earned = align_with_column(earned, column)
    if scored.times:
        earned = [
            share if share is None or times is None else share * times
            for share, times in zip(earned, values[scored.times], strict=True)
        ]
    return earned


def apply_counting_threshold(share: Fraction | None, counts: bool | None) -> Fraction | None:
    if share is None or counts is None:
        return None
    return share if counts else min(share, ZERO)


def meets_threshold(value: Fraction, wanted: Fraction, lower_is_better: bool) -> bool:
    return value <= wanted if lower_is_better else value >= wanted


def fill_not_applicable(scored: ScoredMetric, earned: ValueColumn) -> ValueColumn:
    """Fill in the units without the metric's points, unless its weight is shared among others."""
    known = [share for share in earned if share is not None]
    match scored.not_applicable:
        case "zero":
            otherwise = ZERO
        case "full":
            otherwise = ONE
        case "average" if known:
            otherwise = exact_sum(known) / len(known)
        case _:
            return earned
    return [otherwise if share is None else share for share in earned]

"""Ranks in a group: dense and competition ranks, the first part of a group, deciding tie-breaks."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

from services.scoring.engine.points.rules import RoundingMode

RankingMethod = Literal["dense", "competition"]


def dense_ranks(
    values: Sequence[Any], near: Sequence[Any] = (), *, lower_is_better: bool = False
) -> list[int]:
    """Dense ranks, best first: equal values share one, the next follows without a gap (7, 7, 8).

    `near` are the values rounded to floats, which sort far quicker. Rounding never swaps two, so
    exact ones are compared only where the rounded are equal, and sorted only if they differ there.
    """
    keys = near or values
    ranks, rank, last = [0] * len(values), 0, None
    for n in sorted(range(len(values)), key=keys.__getitem__, reverse=not lower_is_better):
        if last is None or keys[n] != keys[last]:
            rank += 1
        elif near and values[n] != values[last]:
            return dense_ranks(values, lower_is_better=lower_is_better)
        ranks[n] = rank
        last = n
    return ranks


def competition_ranks(values: Sequence[Any], *, lower_is_better: bool = False) -> list[int]:
    """Competition ranks: one more than the number of better values (7, 7, 9)."""
    return rank_keys(dense_ranks(values, lower_is_better=lower_is_better), "competition")


def rank_keys(keys: Sequence[Any], ranking: RankingMethod) -> list[int]:
    """Ranks of comparable keys, the least first; equal keys share one."""
    sizes, ranks, ahead = Counter(keys), {}, 0
    for dense, key in enumerate(sorted(sizes), start=1):
        ranks[key] = dense if ranking == "dense" else ahead + 1
        ahead += sizes[key]
    return [ranks[key] for key in keys]


def first_part_size(part: Fraction, unit_count: int, rounded: RoundingMode) -> int:
    """The number of units in the first part of them: 30 % of 7 is 2.1, and so 2, 2 or 3."""
    number = part * unit_count
    match rounded:
        case "down":
            return number.numerator // number.denominator
        case "half_up":
            return (2 * number.numerator + number.denominator) // (2 * number.denominator)
        case "up":
            return -(-number.numerator // number.denominator)


def deciding_tie_breaks(
    keys: Mapping[str, Sequence[Hashable]], names: Sequence[str]
) -> dict[str, list[str]]:
    """The names that parted each unit from others; a key is the total, then one value a name.

    A name parts units whose keys are equal before it, and differ at it.
    """
    parted: dict[str, list[str]] = {unit: [] for unit in keys}
    for n, name in enumerate(names, start=1):
        alike: defaultdict[tuple[Hashable, ...], list[str]] = defaultdict(list)
        for unit, key in keys.items():
            alike[tuple(key[:n])].append(unit)
        for units in alike.values():
            if len({keys[unit][n] for unit in units}) > 1:
                for unit in units:
                    parted[unit].append(name)
    return parted

"""Places in a group: dense ranks, competition ranks, the first part of a group, parting of ties."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

from services.scoring.engine.points.rules import RoundingMode

RankingMethod = Literal["dense", "competition"]


def dense_ranks(
    values: Sequence[Any], near: Sequence[Any] = (), *, lower_is_better: bool = False
) -> list[int]:
    """Best first; equal values share a rank and the next one follows without a gap (7, 7, 8).

    `near` are the values rounded to floats, which sort far quicker. To round never swaps two, so
    exact ones are asked only where the rounded are equal, and sorted only where they differ there.
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
    """Competition ranks: one more than the number of those who are better (7, 7, 9)."""
    return rank_keys(dense_ranks(values, lower_is_better=lower_is_better), "competition")


def rank_keys(keys: Sequence[Any], ranking: RankingMethod) -> list[int]:
    """Ranks of keys that compare, the least first; equal keys share one."""
    sizes, given, ahead = Counter(keys), {}, 0
    for dense, key in enumerate(sorted(sizes), start=1):
        given[key] = dense if ranking == "dense" else ahead + 1
        ahead += sizes[key]
    return [given[key] for key in keys]


def first_part_size(part: Fraction, units: int, rounded: RoundingMode) -> int:
    """How many units the first part of them is: 30 % of 7 is 2.1, and so 2, 2 or 3."""
    number = part * units
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
    """Which of the names parted each unit from others; a key is the total, then one a name.

    A name parts those who are equal up to it, and no longer with it.
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

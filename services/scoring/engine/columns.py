"""What the metrics and the pillars of a group earn, in columns; a unit's figures out of them.

A column has a value for every live unit of a group, at the unit's place in it; rules are given the
known ones alone, and what they answer goes back to its places. Figures of one unit are made where
they are looked at: a ranking reckons with columns, whose plain values in their order cost far less
than an object for every unit and metric, or looking each up by the unit.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, TypeVar

T = TypeVar("T")
V = TypeVar("V")
ValueColumn = Sequence[Fraction | None]  # None where not applicable
RankColumn = Sequence[int | None]


class Figure(NamedTuple):
    """What a metric or a pillar earns a unit: points, of an effective weight, and a rank.

    What is not applicable, but earns something by the scheme, has no rank.
    """

    points: Fraction
    weight: Fraction
    rank: int | None


@dataclass(frozen=True)
class EarnedColumns:
    """What every metric, or every pillar, earns in a group, as the share of its effective weight.

    Name → shares, and ranks; `weights` is, by unit, name → effective weight of what is applicable.
    """

    shares: Mapping[str, ValueColumn]
    ranks: Mapping[str, RankColumn]
    weights: Sequence[Mapping[str, Fraction]]


@dataclass(frozen=True, slots=True, eq=False)
class UnitFigures(Mapping[str, Figure]):
    """The figures of the unit at a place in its group, of what is applicable to it."""

    place: int
    columns: EarnedColumns

    def __getitem__(self, name: str) -> Figure:
        share = self.columns.shares[name][self.place]
        if share is None:
            raise KeyError(name)
        weight = self.columns.weights[self.place][name]
        return Figure(weight * share, weight, self.columns.ranks[name][self.place])

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns.weights[self.place])

    def __len__(self) -> int:
        return len(self.columns.weights[self.place])


def unit_rows(columns: Collection[Sequence[V]], units: int) -> Iterable[Sequence[V]]:
    """The columns unit by unit; where there is none, a row of nothing for each."""
    return zip(*columns, strict=True) if columns else [()] * units


def map_known_values(
    column: Sequence[V | None], made: Callable[[Sequence[V]], Sequence[T | None]]
) -> Sequence[T | None]:
    """What is made of the values that are there, each back at its place."""
    return align_with_column(made([value for value in column if value is not None]), column)


def align_with_column(found: Sequence[T | None], column: Sequence[V | None]) -> Sequence[T | None]:
    """What was made of a column's known values, each where its value stands."""
    if len(found) == len(column):
        return found
    each = iter(found)
    return [None if value is None else next(each) for value in column]

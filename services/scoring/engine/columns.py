"""Columns of the shares that metrics and pillars earn in a group, and a unit's figures from them.

A column has a value for every live unit of a group, at the unit's index; rules get only the known
values, and their results are aligned with the column again. Figures of one unit are built when
read: a ranking computes with columns, whose plain values in their order cost far less than an
object for every unit and metric, or a look-up by unit.
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
    """The points that a metric or a pillar earns a unit, of an effective weight, and the rank.

    A metric that is not applicable, but earns points by the scheme, has no rank.
    """

    points: Fraction
    weight: Fraction
    rank: int | None


@dataclass(frozen=True)
class EarnedColumns:
    """The shares of their effective weights that metrics, or pillars, earn in a group.

    `shares` and `ranks` are by name; `weights` is, by unit, the weight of each applicable name.
    """

    shares: Mapping[str, ValueColumn]
    ranks: Mapping[str, RankColumn]
    weights: Sequence[Mapping[str, Fraction]]


@dataclass(frozen=True, slots=True, eq=False)
class UnitFigures(Mapping[str, Figure]):
    """The figures of the unit at an index in its group, of the names applicable to it."""

    index: int
    columns: EarnedColumns

    def __getitem__(self, name: str) -> Figure:
        share = self.columns.shares[name][self.index]
        if share is None:
            raise KeyError(name)
        weight = self.columns.weights[self.index][name]
        return Figure(weight * share, weight, self.columns.ranks[name][self.index])

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns.weights[self.index])

    def __len__(self) -> int:
        return len(self.columns.weights[self.index])


def unit_rows(columns: Collection[Sequence[V]], unit_count: int) -> Iterable[Sequence[V]]:
    """The columns as rows of units; without columns, an empty row for each."""
    return zip(*columns, strict=True) if columns else [()] * unit_count


def map_known_values(
    column: Sequence[V | None], function: Callable[[Sequence[V]], Sequence[T | None]]
) -> Sequence[T | None]:
    """Apply a function to the known values of a column, and align its results with the column."""
    return align_with_column(function([value for value in column if value is not None]), column)


def align_with_column(values: Sequence[T | None], column: Sequence[V | None]) -> Sequence[T | None]:
    """Put the results for a column's known values at the indexes of these values."""
    if len(values) == len(column):
        return values
    each = iter(values)
    return [None if value is None else next(each) for value in column]

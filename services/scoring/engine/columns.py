"""What the metrics and the pillars of a group earn, in columns; a unit's figures out of them.

Figures of one unit are made where they are looked at: a ranking reckons with columns, whose plain
values cost far less than an object for every unit and metric.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


class Figure(NamedTuple):
    """What a metric or a pillar earns a unit: points, of an effective weight, and a rank.

    What is not applicable, but earns something by the scheme, has no rank.
    """

    points: Fraction
    weight: Fraction
    rank: int | None


@dataclass(frozen=True)
class Columns:
    """What every metric, or every pillar, earns in a group: name → unit → its points, its rank.

    `weights` is unit → name → effective weight, of what is applicable.
    """

    points: Mapping[str, Mapping[str, Fraction]]
    ranks: Mapping[str, Mapping[str, int]]
    weights: Mapping[str, Mapping[str, Fraction]]


@dataclass(frozen=True, slots=True, eq=False)
class FiguresOf(Mapping[str, Figure]):
    """A unit's figures of what is applicable to it."""

    unit_id: str
    columns: Columns

    def __getitem__(self, name: str) -> Figure:
        unit = self.unit_id
        points = self.columns.points[name][unit]
        return Figure(points, self.columns.weights[unit][name], self.columns.ranks[name].get(unit))

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns.weights.get(self.unit_id, ()))

    def __len__(self) -> int:
        return len(self.columns.weights.get(self.unit_id, ()))

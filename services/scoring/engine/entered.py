"""What people enter beside the ledger: targets of units, and values of metrics by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True)
class Given:
    """An exact number, and why and by whom it was entered."""

    value: Fraction
    reason: str = ""
    who: str = ""


ByUnit = Mapping[str, Mapping[str, Given]]  # unit → metric → what was entered


@dataclass(frozen=True)
class Entered:
    """Targets of any metric, and marks: the values of metrics that are `by_hand`."""

    targets: ByUnit = field(default_factory=dict)
    marks: ByUnit = field(default_factory=dict)

    def targets_of(self, metric: str) -> dict[str, Fraction]:
        """Unit → its target for a metric, of those who have one."""
        return {u: given[metric].value for u, given in self.targets.items() if metric in given}

    def mark(self, unit: str, metric: str) -> Given | None:
        return self.marks.get(unit, {}).get(metric)


NOTHING_ENTERED = Entered()


def mistake_among(marks: ByUnit, by_hand: Iterable[str]) -> str | None:
    """Why marks cannot be used: a metric that is not entered by hand, or no reason."""
    allowed = set(by_hand)
    for unit, given in marks.items():
        for metric, mark in given.items():
            if metric not in allowed:
                return f"指标“{metric}”不是人工录入的（{unit}）"
            if not mark.reason.strip():
                return f"{unit} 的“{metric}”没有写理由"
    return None

"""Manual entries, outside the ledger: targets of units, and marks, values of metrics by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

from services.scoring.engine.declarations import Metric
from services.scoring.engine.language.ratios import POINTS_IN_ONE
from shared.problems import Problem


class EnteredMistake(Problem):
    """录入的目标或打分有误

    What was entered is wrong.
    """

    status = 422


@dataclass(frozen=True)
class ManualEntry:
    """An exact number, the reason why it was entered, and by whom."""

    value: Fraction
    reason: str = ""
    who: str = ""


EntriesByUnit = Mapping[str, Mapping[str, ManualEntry]]  # unit → metric → entry


class EntrySource(Protocol):
    """What knows the entries of every day."""

    def on(self, day: date) -> "ManualEntries": ...


@dataclass(frozen=True)
class ManualEntries:
    """What holds on a day: targets of any metric, in its measure, and marks, the values of metrics
    that are `by_hand`. `source` knows what holds on other days.

    Raises EnteredMistake for a mark without a reason.
    """

    targets: EntriesByUnit = field(default_factory=dict)
    marks: EntriesByUnit = field(default_factory=dict)
    source: EntrySource | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        for unit, marks in self.marks.items():
            for metric, mark in marks.items():
                if not mark.reason.strip():
                    raise EnteredMistake(f"{unit} 的“{metric}”打分要写理由")

    def in_shares(self, metrics: Mapping[str, Metric]) -> "ManualEntries":
        """These entries with targets in points as shares, for rules: 5 points are 0.05."""
        of_points = {metric.id for metric in metrics.values() if metric.measure == "points"}
        targets = {
            unit: {
                name: replace(target, value=target.value / POINTS_IN_ONE)
                if name in of_points
                else target
                for name, target in entries.items()
            }
            for unit, entries in self.targets.items()
        }
        return replace(self, targets=targets)

    def for_other_day(self, day: date) -> "ManualEntries":
        """What holds on another day; where no source knows, the targets and no marks."""
        return self.source.on(day) if self.source else replace(self, marks={})

    def overridden_by(self, other: "ManualEntries") -> "ManualEntries":
        """These entries and the others, of which the others win where both have one."""
        return ManualEntries(
            merge_entries(self.targets, other.targets), merge_entries(self.marks, other.marks)
        )

    def targets_of(self, metric: str) -> dict[str, Fraction]:
        """Unit → its target for a metric, of units with one."""
        return {u: own[metric].value for u, own in self.targets.items() if metric in own}

    @property
    def target_values(self) -> dict[str, dict[str, Fraction]]:
        """Unit → metric → its target."""
        return {
            unit: {metric: target.value for metric, target in entries.items()}
            for unit, entries in self.targets.items()
        }

    def mark(self, unit: str, metric: str) -> ManualEntry | None:
        return self.marks.get(unit, {}).get(metric)


def merge_entries(first: EntriesByUnit, over: EntriesByUnit) -> EntriesByUnit:
    return {unit: {**first.get(unit, {}), **over.get(unit, {})} for unit in {**first, **over}}


NO_ENTRIES = ManualEntries()


def entries_document(entered: ManualEntries) -> dict[str, Any]:
    """The document of the entries, to be read by `parse_entries_document`."""

    def convert(entries: EntriesByUnit) -> dict[str, Any]:
        return {
            unit: {
                metric: {"value": str(one.value), "reason": one.reason, "who": one.who}
                for metric, one in by_metric.items()
            }
            for unit, by_metric in entries.items()
        }

    return {"targets": convert(entered.targets), "marks": convert(entered.marks)}


def parse_entries_document(document: Mapping[str, Any]) -> ManualEntries:
    """The entries of a document of `entries_document`."""

    def convert(entries: Mapping[str, Any]) -> EntriesByUnit:
        return {
            unit: {
                metric: ManualEntry(Fraction(one["value"]), one["reason"], one["who"])
                for metric, one in by_metric.items()
            }
            for unit, by_metric in entries.items()
        }

    return ManualEntries(convert(document["targets"]), convert(document["marks"]))

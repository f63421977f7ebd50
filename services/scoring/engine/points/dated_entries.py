"""Entries by hand with the day or month that they hold for: what holds on a day, what on none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from services.scoring.engine.points.manual_entries import EntriesByUnit, ManualEntries, ManualEntry
from shared.calendar import month_end

EntryWord = Literal["target", "mark"]
EntryKey = tuple[EntryWord, str, str]  # kind, unit, metric


@dataclass(frozen=True)
class Span:
    """A day, or a month from its first day to its last."""

    first: date
    last: date

    def __str__(self) -> str:
        return self.first.isoformat() if self.first == self.last else f"{self.first:%Y-%m}"


def span_of_month(day: date) -> Span:
    return Span(day.replace(day=1), month_end(day))


@dataclass(frozen=True)
class DatedEntry:
    """An entry, and the day or month that it holds for; without a span it says none."""

    kind: EntryWord
    unit: str
    metric: str
    entry: ManualEntry
    span: Span | None = None

    @property
    def key(self) -> EntryKey:
        return self.kind, self.unit, self.metric

    @property
    def rank(self) -> tuple[int, int]:
        """Of two entries that hold on a day the higher counts: the later, then the shorter span."""
        if self.span is None:
            return 0, 0
        return self.span.first.toordinal(), -(self.span.last - self.span.first).days

    def holds_on(self, day: date, asked: date | None) -> bool:
        """A target holds from its day on, a mark in its span, without one on the day asked."""
        if self.span is None:
            return self.kind == "target" or day == asked
        return self.span.first <= day and (self.kind == "target" or day <= self.span.last)


class NotUsed(StrEnum):
    """Why an entry is not used."""

    without_day = "without_day"
    other_day = "other_day"
    superseded = "superseded"
    not_scored = "not_scored"


@dataclass(frozen=True)
class UnusedEntry:
    """An entry that no figure rests on, and why."""

    entry: DatedEntry
    code: NotUsed

    @property
    def reason(self) -> str:
        span, is_mark = self.entry.span, self.entry.kind == "mark"
        match self.code:
            case NotUsed.without_day:
                return "未写明月份，未计入"
            case NotUsed.other_day if is_mark:
                return f"是 {span} 的打分，未计入"
            case NotUsed.other_day:
                return f"自 {span} 起有效，未用"
            case NotUsed.superseded:
                return "同一单位、指标另有更近日期的一项，未计入"
            case NotUsed.not_scored:
                return "方案不用这项指标，未计入"


@dataclass(frozen=True)
class DatedEntries:
    """All that a file says of all days. `asked` is the day of a command that has one."""

    entries: Sequence[DatedEntry] = ()
    asked: date | None = None

    def on(self, day: date) -> ManualEntries:
        """What holds on a day: of each unit and metric one target and one mark."""
        entries: dict[str, dict[str, dict[str, ManualEntry]]] = {"target": {}, "mark": {}}
        for (kind, unit, metric), found in self.in_force(day).items():
            entries[kind].setdefault(unit, {})[metric] = found.entry
        targets: EntriesByUnit = entries["target"]
        return ManualEntries(targets, entries["mark"], self)

    def asked_on(self, day: date) -> "DatedEntries":
        """The same, of a command of that day: marks that say no day are of it."""
        return replace(self, asked=day)

    def in_force(self, day: date) -> dict[EntryKey, DatedEntry]:
        held = (entry for entry in self.entries if entry.holds_on(day, self.asked))
        return {entry.key: entry for entry in sorted(held, key=lambda entry: entry.rank)}

    def find_unused(self, days: Collection[date], scored: Collection[str]) -> Sequence[UnusedEntry]:
        """The entries that hold on none of the days that are computed, or are marks of no metric
        that is scored.
        """
        used = {id(entry) for day in days for entry in self.in_force(day).values()}
        unused = []
        for entry in self.entries:
            if entry.kind == "mark" and entry.metric not in scored:
                unused.append(UnusedEntry(entry, NotUsed.not_scored))
            elif id(entry) not in used:
                unused.append(UnusedEntry(entry, self.tell_why_unused(entry, days)))
        return unused

    def tell_why_unused(self, entry: DatedEntry, days: Collection[date]) -> NotUsed:
        if any(entry.holds_on(day, self.asked) for day in days):
            return NotUsed.superseded
        return NotUsed.without_day if entry.span is None else NotUsed.other_day


NOTHING_ENTERED = DatedEntries()


def unused_entries_document(unused: Sequence[UnusedEntry]) -> list[dict[str, Any]]:
    return [
        {
            "kind": found.entry.kind,
            "unit_id": found.entry.unit,
            "metric": found.entry.metric,
            "day": None if found.entry.span is None else str(found.entry.span),
            "code": found.code.value,
            "reason": found.reason,
        }
        for found in unused
    ]

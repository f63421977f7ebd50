"""Implausibilities: what speaks against a figure, by value and in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any

from shared.facts.words import Word
from shared.plausibility.texts import CHINESE_TEXTS, ENGLISH_TEXTS

DoubtedValue = int | Decimal | date  # whole yuan, per cent, a day


class Measure(Enum):
    """What the two figures of a doubt are."""

    yuan = "yuan"
    percent = "percent"
    day = "day"


@dataclass(frozen=True)
class Implausibility:
    """One doubt about a record.

    `value` is the figure in doubt, which may be a sum that the record leads to; `limit` the figure
    that speaks against it, None where it is that something is not there. `holds` says that the
    record waits for the office; else it counts, and the doubt is told. `code` never changes.
    """

    code: str
    table: str
    column: str
    value: DoubtedValue
    limit: DoubtedValue | None
    holds: bool = True
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def measure(self) -> Measure:
        if isinstance(self.value, date):
            return Measure.day
        return Measure.percent if isinstance(self.value, Decimal) else Measure.yuan

    def sentence(self, *, english: bool = False) -> str:
        """The doubt in words, with both figures."""
        texts = ENGLISH_TEXTS if english else CHINESE_TEXTS
        return texts[self.code].format(**self.words(english=english))

    def words(self, *, english: bool = False) -> dict[str, str]:
        """What fills the sentence: the figures, and what they are about."""
        words = {name: write_detail(each, english) for name, each in self.details.items()}
        words["figure"] = write_figure(self.value, english)
        words["limit"] = "" if self.limit is None else write_figure(self.limit, english)
        return words

    def document(self) -> dict[str, Any]:
        """What is kept of it: figures as texts of their values, sentences in both languages."""
        return {
            "code": self.code,
            "table": self.table,
            "column": self.column,
            "measure": self.measure.value,
            "value": str(self.value),
            "limit": None if self.limit is None else str(self.limit),
            "holds": self.holds,
            "zh": self.sentence(),
            "en": self.sentence(english=True),
        }


def write_figure(figure: DoubtedValue, english: bool) -> str:
    """A figure as people read it: `9,000,000,000 元`, `120%`, `2027-01-31`."""
    if isinstance(figure, date):
        return figure.isoformat()
    if isinstance(figure, Decimal):
        return f"{figure.normalize():f}%"
    return f"{figure:,} yuan" if english else f"{figure:,} 元"


def write_detail(detail: Any, english: bool) -> str:
    if isinstance(detail, Word):
        return detail.value.replace("_", " ") if english else detail.label
    return str(detail)

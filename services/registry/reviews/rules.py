"""Rules of reading a report, pure: what it says beside what was recorded, as people read it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from shared.facts.columns import Column
from shared.facts.kind import FactKind

YES, NO = "是", "否"
BETWEEN_WORDS = "、"


class ComparedField(NamedTuple):
    """A column of a report, of the version that it corrects, and of the present one, as texts."""

    column: str
    title: str
    reported: str | None
    corrected: str | None
    present: str | None
    differs: bool


def compare_fields(
    kind: FactKind,
    reported: Mapping[str, Any],
    corrected: Mapping[str, Any] | None,
    present: Mapping[str, Any] | None,
) -> list[ComparedField]:
    """Compare a report with the records, column by column; a record that is not there is blank.

    A column `differs` where the record that there would be is not the present one.
    """
    found = []
    for column in kind.columns:
        new, old, now = (
            (record or {}).get(column.name) for record in (reported, corrected, present)
        )
        texts = write_value(column, new), write_value(column, old), write_value(column, now)
        found.append(ComparedField(column.name, column.title, *texts, differs=new != now))
    return found


def write_value(column: Column, value: Any) -> str | None:
    """A value of JSON as people read it: words by their Chinese, a list with 、 between."""
    if value is None or value == []:
        return None
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return BETWEEN_WORDS.join(label_word(column, each) for each in value)
    if isinstance(value, int) and column.name.endswith("_yuan"):
        return f"{value:,}"
    return label_word(column, value) if isinstance(value, str) else str(value)


def label_word(column: Column, word: str) -> str:
    """The Chinese of a word of the column's vocabulary; another word stays."""
    return column.words.labels().get(word, word) if column.words else word

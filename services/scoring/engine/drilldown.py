"""What is behind a figure: the rows that count, with what each adds, and why others do not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TERMINATED = "已终止"


@dataclass(frozen=True)
class Contribution:
    """One row behind a metric. `left_out` is why it does not count, None where it does.

    The numerators and denominators of a unit's rows add up to the unit's exactly. A fund without a
    project has no `project_id`.
    """

    unit_id: str
    project_id: str | None
    numerator: int
    denominator: int
    left_out: str | None


def contributions(
    rows: Iterable[Mapping[str, Any]], conditions: Sequence[str]
) -> list[Contribution]:
    """The rows of `compiler.rows_query`, with its conditions in words."""
    return [
        Contribution(row["unit_id"], row["project_id"], row["n"], row["d"], reason(row, conditions))
        for row in rows
    ]


def reason(row: Mapping[str, Any], conditions: Sequence[str]) -> str | None:
    """Every condition that a row fails, in words; None where it meets them all."""
    if not row["live"]:
        return TERMINATED
    failed = [words for n, words in enumerate(conditions) if not row[f"c{n}"]]
    return f"不符合：{'、'.join(failed)}" if failed else None

"""Merged cells of a sheet: only as far as it has cells, and not without end."""

from collections.abc import Iterable

from shared.ledger.file_problems import unreadable
from shared.ledger.sheets import MergedRange, SheetRow

MAX_MERGED_CELLS = 1_000_000


def clip_merged(merged: Iterable[MergedRange], rows: list[SheetRow]) -> tuple[MergedRange, ...]:
    """The merged ranges as far as the sheet has cells; raises FileProblem for too many."""
    last_row, last_column = len(rows) - 1, max(map(len, rows), default=0) - 1
    found: list[MergedRange] = []
    area = 0
    for top, left, bottom, right in merged:
        bottom, right = min(bottom, last_row), min(right, last_column)
        if top <= bottom and left <= right:
            found.append((top, left, bottom, right))
            area += (bottom - top + 1) * (right - left + 1)
        if area > MAX_MERGED_CELLS:
            raise unreadable(f"合并的单元格超过 {MAX_MERGED_CELLS} 个，应取消合并后另存")
    return tuple(found)

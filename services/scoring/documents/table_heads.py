"""The head of a table: one row of titles, or two where columns have spanners."""

from typing import NamedTuple

from services.scoring.documents.bulletin import Table
from services.scoring.documents.column_widths import head_groups


class HeadCell(NamedTuple):
    """A title, the column where it begins, and the number of columns and rows that it takes.

    The fields go into the PDF template by name.
    """

    title: str
    at: int
    across: int = 1
    down: int = 1


def build_table_head(table: Table) -> list[list[HeadCell]]:
    columns = list(enumerate(table.columns))
    if not any(column.spanner for _, column in columns):
        return [[HeadCell(column.title, at) for at, column in columns]]
    runs = {run[0]: len(run) for run in head_groups(table.columns)}
    upper = [
        HeadCell(column.spanner, at, across=runs[at])
        if at in runs
        else HeadCell(column.title, at, down=2)
        for at, column in columns
        if at in runs or not column.spanner
    ]
    return [upper, [HeadCell(column.title, at) for at, column in columns if column.spanner]]

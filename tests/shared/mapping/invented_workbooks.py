"""Invented layouts as workbooks."""

from datetime import date
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from tests.shared.mapping.invented_layouts import Layout


def write_layout(layout: Layout, path: Path) -> None:
    """The workbook of a layout, its groups merged or only written above their first column."""
    workbook = Workbook(path)
    page = workbook.add_worksheet(layout.sheet)
    as_day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    rows = [*layout.titles, *layout.head, *layout.body]
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(i, j, value, as_day)
            elif isinstance(value, str):
                page.write_string(i, j, value)
            elif value is not None:
                page.write_number(i, j, value)
    if layout.merged:
        merge_head(page, layout)
    workbook.close()


def merge_head(page: Any, layout: Layout) -> None:
    top, depth = len(layout.titles), len(layout.head)
    for index, column in enumerate(layout.columns):
        last = len(column.path) - 1
        if depth - 1 > last:
            page.merge_range(top + last, index, top + depth - 1, index, column.path[-1])
        for level in range(last):
            if layout.head[level][index] is None:
                continue
            end = index
            while (
                end + 1 < len(layout.columns)
                and layout.head[level][end + 1] is None
                and layout.columns[end + 1].path[: level + 1] == column.path[: level + 1]
                and len(layout.columns[end + 1].path) > level + 1
            ):
                end += 1
            if end > index:
                page.merge_range(top + level, index, top + level, end, column.path[level])

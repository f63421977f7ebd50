"""Workbooks of the ledger that are written: equal ledgers are equal files, and texts stay texts."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from shared.ledger.sheets import Sheet

FIXED_CREATION_TIME = datetime(2000, 1, 1, tzinfo=UTC)
COLUMN_WIDTH = 16  # characters


def write_workbook(sheets: Iterable[Sheet], path: Path) -> None:
    """At most 1,048,576 rows a sheet, as Excel has it. Texts stay texts: nothing is a formula."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    workbook = Workbook(path)
    workbook.set_properties({"created": FIXED_CREATION_TIME})
    bold = workbook.add_format({"bold": True, "text_wrap": True})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    amount = workbook.add_format({"num_format": "#,##0"})
    for sheet in sheets:
        page = workbook.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        page.set_column(0, len(sheet.rows[0]) - 1, COLUMN_WIDTH)
        for row_index, row in enumerate(sheet.rows):
            for index, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(row_index, index, cell, None if row_index else bold)
                elif isinstance(cell, date):
                    page.write_datetime(row_index, index, cell, day)
                elif isinstance(
                    cell, int | float
                ):  # years are short of the thousands that get separators
                    page.write_number(row_index, index, cell, amount if cell >= 10_000 else None)
    try:
        workbook.close()
    except FileCreateError as error:  # wraps the OSError that says why
        raise error.args[0] from None

"""Reading a clean ledger: a folder of CSV files with English headers, every cell kept as text.

Only what the oracle needs. It checks nothing: a ledger that breaks the rules has no defined result.
"""

import csv
from datetime import date
from pathlib import Path

Row = dict[str, str]
Ledger = dict[str, list[Row]]


def read_folder(folder: Path) -> Ledger:
    """Return the rows of every CSV file in the folder, under the file's name without `.csv`."""
    ledger: Ledger = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            ledger[path.stem] = [dict(row) for row in csv.DictReader(file)]
    return ledger


def rows(ledger: Ledger, table: str) -> list[Row]:
    """Return the rows of a table; a missing file is a table without rows."""
    return ledger.get(table, [])


def text(row: Row, column: str) -> str:
    """Return a cell without surrounding spaces; a missing column is blank."""
    return (row.get(column) or "").strip()


def to_date(row: Row, column: str) -> date | None:
    """Return a cell as a date; blank is unknown."""
    cell = text(row, column)
    return date.fromisoformat(cell) if cell else None


def to_int(row: Row, column: str) -> int | None:
    """Return a cell as a whole number; blank is unknown, never zero."""
    cell = text(row, column)
    return int(cell) if cell else None


def to_bool(row: Row, column: str) -> bool:
    """Return a cell as a yes or no; blank counts as no."""
    return text(row, column).lower() in {"true", "是"}

"""Ledgers of several offices made of the golden ones: in other regions, with the same ids."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.paths import GOLDEN
from tests.registry.clients import REGION, zipped_files
from tests.samples import sample_files
from tests.together.regions import BESIDE, CITY_OFFICE, PROJECT, UNIT

MARK = "·"  # between the office and the id
Rows = list[dict[str, str]]
# A text of each table that says whose the row is, and the id that it says.
MARKED = {
    "units": ("name", "unit_id"),
    "projects": ("name", "project_id"),
    "problems": ("summary", "problem_id"),
    "milestones": ("reason", "project_id"),
    "progress": ("note", "project_id"),
    "permits": ("document_no", "project_id"),
    "pauses": ("reason", "project_id"),
}
ALWAYS_MARKED = ("progress",)  # where the text is blank, too
OTHER_UNITS = {"authority_unit_id", "handler_unit_id"}


def neighbours(folder: Path) -> bytes:
    """A ledger as another county's: its region, and the same ids."""
    return zipped_rows(move_ledger(csv_rows(folder), BESIDE))


def csv_rows(folder: Path) -> dict[str, Rows]:
    """The rows of the CSV files of a ledger, by table."""
    return {
        path.stem: [*csv.DictReader(io.StringIO(path.read_text("utf-8")))]
        for path in sorted(folder.glob("*.csv"))
    }


def write_csv_files(tables: Mapping[str, Rows]) -> dict[str, str]:
    """The files of a ledger, by name."""
    files = {}
    for name, rows in tables.items():
        sink = io.StringIO()
        out = csv.DictWriter(sink, [*rows[0]], lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
        files[f"{name}.csv"] = sink.getvalue()
    return files


def zipped_rows(tables: Mapping[str, Rows]) -> bytes:
    return zipped_files(write_csv_files(tables))


def move_ledger(tables: Mapping[str, Rows], region: str) -> dict[str, Rows]:
    """The same in another region, national codes too."""
    return {
        name: [
            {column: text.replace(REGION, region) for column, text in row.items()} for row in rows
        ]
        for name, rows in tables.items()
    }


def mark_ledger(tables: Mapping[str, Rows], office: str) -> dict[str, Rows]:
    """The same, every row with a text says whose it is."""
    return {name: [*marked_rows(name, rows, office)] for name, rows in tables.items()}


def marked_rows(table: str, rows: Rows, office: str) -> Iterator[dict[str, str]]:
    if table not in MARKED:
        yield from rows
        return
    column, key = MARKED[table]
    for row in rows:
        is_marked = row[column] != "" or table in ALWAYS_MARKED
        yield row | ({column: f"{row[column]}〔{office}{MARK}{row[key]}〕"} if is_marked else {})


def restrict_ledger(tables: Mapping[str, Rows], unit: str, project: str) -> dict[str, Rows]:
    """What a ledger has of a unit and of a project that is with it."""
    found = {
        name: [
            row | dict.fromkeys(row.keys() & OTHER_UNITS, unit)
            for row in rows
            if (row.get("unit_id", unit), row.get("project_id", project)) == (unit, project)
        ]
        for name, rows in tables.items()
    }
    return {name: rows for name, rows in found.items() if rows}


def own_ledger() -> bytes:
    samples = sample_files()
    marked = write_csv_files(mark_ledger(csv_rows(GOLDEN / "county"), REGION))
    return zipped_files(marked | {f"{name}.csv": text for name, text in samples.items()})


def ledger_beside() -> bytes:
    moved = move_ledger(csv_rows(GOLDEN / "small"), BESIDE)
    return zipped_rows(mark_ledger(moved, BESIDE))


def ledger_of_city() -> bytes:
    """A unit of the city's and its project, which lies in the own county."""
    own = restrict_ledger(csv_rows(GOLDEN / "county"), UNIT, PROJECT)
    for unit in own["units"]:
        unit["region_code"] = CITY_OFFICE
    return zipped_rows(mark_ledger(own, CITY_OFFICE))

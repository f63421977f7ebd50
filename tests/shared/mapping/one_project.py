"""Sheets with one project, whose cells a test names by header."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.facts.tables import Facts
from shared.ledger.sheets import Sheet
from shared.mapping.mapped_reading import MappedReading, read_mapped
from tests.shared.mapping.made_sheets import propose, rows_of, stored_project, stored_units

TITLE = "2022年重点项目调度表（截至9月30日）"
STORED = stored_units(stored_project("P001", "东区学校"))
SEPTEMBER = date(2022, 9, 30)


def read_columns(
    columns: dict[str, Any],
    stored: Facts = STORED,
    title: str = TITLE,
    answers: Mapping[str, str] | None = None,
) -> MappedReading:
    """A sheet with one project, its cells by header; answers by key, or header of a column."""
    rows: list[list[Any]] = [[title], ["项目名称", *columns], ["东区学校", *columns.values()]]
    sheet = Sheet("台账", rows, ((0, 0, 0, 9),))
    given = {
        key if ":" in key else f"column:台账:{key}": value for key, value in (answers or {}).items()
    }
    return read_mapped(propose(sheet), [sheet], stored, given)


def amounts(reading: MappedReading) -> list[tuple[Any, ...]]:
    return rows_of(reading, "progress", "as_of", "invested_ytd_yuan")

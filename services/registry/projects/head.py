"""The head of a project in another form: its columns, and the names of units that these lead to."""

from services.registry.records.statements import (
    CURRENT_SQL,
    response_column_sql,
    visible_rows_sql,
)
from shared.facts.projects import PROJECTS, UNITS

QUALIFIED = "~ '^[0-9]{6}:'"
FOUND = "found"  # the name of the project's row


def head_sql(column: str) -> str:
    """A column of the head."""
    if column.endswith("unit_name"):
        return f"{unit_name_sql(column.removesuffix('_name') + '_id')} AS {column}"
    return column if column in ("office", "version") else response_column_sql(PROJECTS, column)


def unit_name_sql(column: str) -> str:
    """Name of the unit that a column names, which may be of an office above."""
    unit = f"{FOUND}.{column}"
    office = f"CASE WHEN {unit} {QUALIFIED} THEN left({unit}, 6) ELSE {FOUND}.office END"
    plain = f"CASE WHEN {unit} {QUALIFIED} THEN substr({unit}, 8) ELSE {unit} END"
    rows = visible_rows_sql(UNITS.name, CURRENT_SQL, f"office = {office}", f"unit_id = {plain}")
    return f"(SELECT name FROM ({rows}) AS unit)"

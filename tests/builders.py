"""Plain functions that build a valid row of a ledger; name only what the test is about.

Dates may be written as people read them: `actual_on="2022-03-31"`.
"""

from datetime import date
from typing import Any

from shared.facts.columns import ColumnType
from shared.facts.tables import FACT_COLUMNS, Facts

Row = dict[str, Any]


def a_unit(unit_id: str = "U01", **given: Any) -> Row:
    usual = {"name": f"单位{unit_id}", "kind": "department", "group": "departments"}
    return row("units", {"unit_id": unit_id, **usual, **given})


def a_project(project_id: str = "P001", **given: Any) -> Row:
    usual = {"name": f"项目{project_id}", "unit_id": "U01", "nature": "new", "key_levels": []}
    return row("projects", {"project_id": project_id, **usual, **given})


def a_plan(planned_yuan: int | None, project_id: str = "P001", **given: Any) -> Row:
    plan = {"project_id": project_id, "year": 2022, "planned_yuan": planned_yuan}
    return row("plans", {**plan, **given})


def a_curve(*by_month: int) -> Row:
    """The twelve columns of a cumulative plan."""
    return {f"m{month:02}": yuan for month, yuan in enumerate(by_month, start=1)}


def a_milestone(kind: str, project_id: str = "P001", **given: Any) -> Row:
    return row("milestones", {"project_id": project_id, "kind": kind, **given})


def a_report(as_of: str, invested_ytd_yuan: int | None, project_id: str = "P001") -> Row:
    given = {"project_id": project_id, "as_of": as_of, "invested_ytd_yuan": invested_ytd_yuan}
    return row("progress", given)


def a_permit(kind: str = "eia", project_id: str = "P001", **given: Any) -> Row:
    return row("permits", {"project_id": project_id, "kind": kind, "needed": True, **given})


def a_fund(amount_yuan: int | None, **given: Any) -> Row:
    usual = {"source": "central_budget", "event": "approved", "on": "2022-05-01"}
    return row("funds", {"amount_yuan": amount_yuan, **usual, **given})


def a_problem(problem_id: str = "Q1", **given: Any) -> Row:
    return row("problems", {"problem_id": problem_id, "project_id": "P001", **given})


def a_pause(from_on: str, to_on: str | None = None, **given: Any) -> Row:
    usual = {"project_id": "P001", "from_on": from_on, "to_on": to_on, "approved": True}
    return row("pauses", {**usual, **given})


def a_ledger(**tables: list[Row]) -> Facts:
    """Facts of these rows; the one unit U01 unless the test brings its own."""
    return Facts.from_rows({"units": [a_unit()], **tables})


def row(table: str, given: Row) -> Row:
    """A row with its dates read; a column that the table does not have is the test's mistake."""
    days = {column.name for column in FACT_COLUMNS[table] if column.kind is ColumnType.day}
    unknown = given.keys() - {column.name for column in FACT_COLUMNS[table]}
    assert not unknown, f"{table} has no {unknown}"
    return {
        name: date.fromisoformat(value) if name in days and value else value
        for name, value in given.items()
    }

"""The figures of a project as the cells of an office's sheet say them, on a day.

Only what was reported for the day that a header says stands there; an older figure does not stand
in for it, since it would come back as one of that day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shared.facts.columns import ColumnType
from shared.ledger.cell_writers import chinese_writer
from shared.ledger.sheets import Cell
from shared.mapping.contributions import PROBLEM_SEPARATOR
from shared.mapping.intervals import format_interval
from shared.mapping.model import ColumnMapping
from shared.mapping.periods import Period
from shared.mapping.records import Row, StoredRows
from shared.mapping.targets import (
    CURVE,
    FUNDS,
    INVESTED,
    PERCENT,
    PERIOD,
    PROBLEMS,
    UNIT_NAMES,
    Target,
)

HUNDRED = 100


@dataclass(frozen=True)
class ShownColumn:
    """A column of the export: its mapping and target, its headings, and of when it is."""

    mapping: ColumnMapping
    target: Target | None
    path: tuple[str, ...]
    year: int
    day: date
    factor: int = 1

    @property
    def is_amount(self) -> bool:
        return self.target is not None and self.target.is_amount


@dataclass(frozen=True)
class FigureBook:
    """The stored facts by project, as cells ask for them."""

    stored: StoredRows

    def value(self, column: ShownColumn, project: Row) -> Any:
        """The value of a column for a project, as the ledger has it; None where it is unknown."""
        target, key = column.target, project["project_id"]
        if target is None:
            return None
        match target.name:
            case name if name == PERIOD:
                return self.interval(key)
            case name if name == PROBLEMS:
                return self.problems(key, column.day)
            case name if name == FUNDS:
                return self.funds(key, column)
            case name if name == CURVE:
                return self.curve(key, column)
            case name if name == INVESTED:
                return self.invested(key, column)
            case name if name == PERCENT:
                reported = self.stored.row("progress", (key, column.day)) or {}
                percent = reported.get("physical_pct")
                return reported.get("note") if percent is None else percent
        match target.table:
            case "projects":
                return project[target.column.name]
            case "plans":
                row = self.stored.row("plans", (key, column.year))
            case "progress":
                row = self.stored.row("progress", (key, column.day))
            case "milestones":
                kind = column.mapping.kind or ""
                return self.stored.current_milestone(key, kind, target.column.name)
            case _:
                row = self.stored.row(target.table, (key, column.mapping.kind, None))
        return row[target.column.name] if row else None

    def interval(self, project_id: str) -> str | None:
        start, end = (
            self.stored.current_milestone(project_id, kind, "planned_on")
            for kind in ("started", "completed")
        )
        return format_interval(start, end) if start and end else None

    def problems(self, project_id: str, day: date) -> str | None:
        rows = self.stored.of_project("problems", project_id)
        texts = [row["summary"] for row in rows if row["summary"] and is_open(row, day)]
        return PROBLEM_SEPARATOR.join(texts) or None

    def funds(self, project_id: str, column: ShownColumn) -> int | None:
        wanted = column.mapping.source, column.mapping.event
        found = [
            row["amount_yuan"]
            for row in self.stored.of_project("funds", project_id)
            if (row["source"], row["event"]) == wanted
            and row["amount_yuan"] is not None
            and row["on"]
            and row["on"] <= column.day
        ]
        return sum(found) if found else None

    def curve(self, project_id: str, column: ShownColumn) -> int | None:
        row, month = self.stored.row("plans", (project_id, column.year)), column.day.month
        if row is None or row[f"m{month:02}"] is None:
            return None
        before = row[f"m{month - 1:02}"] if month > 1 and column.mapping.span == "month" else 0
        return None if before is None else int(row[f"m{month:02}"] - before)

    def invested(self, project_id: str, column: ShownColumn) -> int | None:
        """What was completed by the day: this year, in its month alone, or since the start."""
        row = self.stored.row("progress", (project_id, column.day))
        amount: int | None = row["invested_ytd_yuan"] if row else None
        if amount is None or column.mapping.span == "year":
            return amount
        if column.mapping.span == "ever":
            plan = self.stored.row("plans", (project_id, column.day.year))
            prior = plan["prior_invested_yuan"] if plan else None
            return None if prior is None else amount + prior
        before = self.before_month(project_id, column)
        return None if before is None else amount - before

    def before_month(self, project_id: str, column: ShownColumn) -> int | None:
        """What was completed by the end of the month before; None where that is unknown.

        Of months side by side whose blanks are zero it is that of the last one that is known.
        """
        by_month = [
            (self.stored.row("progress", (project_id, end)) or {}).get("invested_ytd_yuan")
            for month in range(1, column.day.month)
            if (end := Period(column.day.year, month).end(None))
        ]
        if column.mapping.months and column.mapping.blank_months == "zero":
            by_month = [0, *(amount for amount in by_month if amount is not None)]
        return by_month[-1] if by_month else 0

    def completion(self, project_ids: Iterable[str], day: date) -> Decimal | None:
        """Completed of planned in per cent, of projects that have both."""
        done = planned = 0
        for key in project_ids:
            row = self.stored.row("progress", (key, day))
            plan = self.stored.row("plans", (key, day.year))
            if row and plan and row["invested_ytd_yuan"] is not None and plan["planned_yuan"]:
                done += row["invested_ytd_yuan"]
                planned += plan["planned_yuan"]
        return round(Decimal(done * HUNDRED) / planned, 2) if planned else None


def is_open(problem: Row, day: date) -> bool:
    """Whether a problem is open on a day, by its own dates."""
    raised, ends = problem["raised_on"], (problem["resolved_on"], problem["closed_on"])
    return (raised is None or raised <= day) and not any(end and end <= day for end in ends)


def show_cell(column: ShownColumn, value: Any, stored: StoredRows) -> Cell:
    """A value as the cell of the sheet: amounts in its unit, names of units, words."""
    if value is None or column.target is None:
        return None
    if column.is_amount:
        return show_amount(value, column.factor)
    if column.target.name in UNIT_NAMES:
        return stored.unit_names.get(value) or str(value)
    if column.target.column.kind is ColumnType.percent and isinstance(value, str):
        return value
    if column.target.is_day and column.mapping.year is not None and value.year == column.year:
        return show_month(value)
    cell: Cell = chinese_writer(column.target.column)(value)
    return cell


def show_month(day: date) -> str:
    """A day of the column's year: `8月` of its last day, else with the day."""
    is_end = day == Period(day.year, day.month).end(None)
    return f"{day.month}月" if is_end else f"{day.month}月{day.day}日"


def show_amount(yuan: int, factor: int) -> Cell:
    """An amount in its unit; as text where a workbook's number would lose digits."""
    amount = Decimal(yuan) / factor
    number = float(amount)
    return (
        int(amount)
        if amount == int(amount)
        else number
        if Decimal(f"{number:.15g}") == amount
        else str(amount)
    )

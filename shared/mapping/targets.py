"""Targets of a mapping: the columns of the ledger that a column of a sheet may say, and how.

A target is a table and a column, `plans.planned_yuan`; two more stand for what one cell says of
several facts: `milestones.period` (from when to when) and `plans.curve` (a month of the curve).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from shared.facts.columns import Column, ColumnType
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS

PERIOD, CURVE = "milestones.period", "plans.curve"
NAME, UNIT, COMPETENT_UNIT = "projects.name", "projects.unit_id", "projects.competent_unit_id"
NATURE, PROJECT_ID = "projects.nature", "projects.project_id"
NATIONAL_CODE, REGION = "projects.national_code", "projects.region_code"
INVESTED, PERCENT, NOTE = "progress.invested_ytd_yuan", "progress.physical_pct", "progress.note"
PLANNED, PRIOR = "plans.planned_yuan", "plans.prior_invested_yuan"
PLANNED_ON, ACTUAL_ON = "milestones.planned_on", "milestones.actual_on"
FUNDS, PROBLEMS = "funds.amount_yuan", "problems.summary"
UNIT_NAMES = frozenset({UNIT, COMPETENT_UNIT})

YEARLY, DAILY = frozenset({PLANNED, PRIOR, CURVE}), frozenset({INVESTED, PERCENT, NOTE, FUNDS})
WITH_KIND = frozenset({"milestones", "permits"})
SPECIAL: dict[str, Column] = {
    PERIOD: Column("period", "计划起止时间", ColumnType.text, False),
    CURVE: Column("curve", "各月累计计划", ColumnType.yuan, False),
}
NOT_BY_SHEET = frozenset({"project_id", "year", "as_of", "kind", "decided_on", "source", "event"})


@dataclass(frozen=True)
class Target:
    """A target: its table, and the column whose cells are read."""

    name: str
    table: str
    column: Column

    @property
    def is_amount(self) -> bool:
        return self.column.kind is ColumnType.yuan

    @property
    def is_day(self) -> bool:
        return self.column.kind is ColumnType.day

    @property
    def title(self) -> str:
        return f"{FACT_KINDS[self.table].zh}·{self.column.title}"


def find_target(name: str) -> Target | None:
    """The target of a name, or None."""
    return targets_by_name().get(name)


def list_targets() -> list[Target]:
    """The targets that a person may choose: projects and what belongs to a project."""
    return list(targets_by_name().values())


@cache
def targets_by_name() -> Mapping[str, Target]:
    """All targets: no cell of a row of a project says another column of the ledger."""
    names = [PROJECT_ID]
    for table in ("projects", "plans", "milestones", "progress", "permits"):
        names += [f"{table}.{c.name}" for c in FACT_COLUMNS[table] if c.name not in NOT_BY_SHEET]
    names = [name for name in names if not name.startswith("plans.m")]
    columns = {f"{table}.{c.name}": c for table in FACT_COLUMNS for c in FACT_COLUMNS[table]}
    return {
        name: Target(name, name.partition(".")[0], (SPECIAL | columns)[name])
        for name in [*names, PERIOD, CURVE, FUNDS, PROBLEMS]
    }


def list_needs(target: Target) -> tuple[str, ...]:
    """What the mapping of a column with this target has to say beside it."""
    if target.name == FUNDS:
        return ("source", "event")
    if target.name == INVESTED or target.name == CURVE:
        return ("span",)
    return ("kind",) if target.table in WITH_KIND and target.name != PERIOD else ()

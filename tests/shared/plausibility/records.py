"""Records as they are judged: blank where a case says nothing."""

from datetime import date
from typing import Any

from shared.facts.tables import FACT_KINDS
from shared.plausibility.context import ProjectContext, build_context
from shared.plausibility.findings import Implausibility
from shared.plausibility.judgement import judge
from shared.plausibility.thresholds import DEFAULT_THRESHOLDS, PlausibilityThresholds

TODAY = date(2022, 9, 14)


def day(text: str | None) -> date | None:
    """A day of 2022 from `09-30`, any day from `2021-09-30`."""
    if text is None:
        return None
    return date.fromisoformat(text if len(text) == 10 else f"2022-{text}")


def row(table: str, **values: Any) -> dict[str, Any]:
    """A row of a table; what looks like a day is one."""
    blank = {c.name: None for c in FACT_KINDS[table].columns}
    days = {c.name for c in FACT_KINDS[table].columns if c.kind.value == "day"}
    given = {
        name: day(v) if name in days and isinstance(v, str) else v for name, v in values.items()
    }
    return {**blank, "project_id": "P1", **given} if "project_id" in blank else {**blank, **given}


def beside(total: int | None = None, **rows: list[dict[str, Any]]) -> ProjectContext:
    """The context of a project of this total."""
    return build_context({"projects": [row("projects", total_investment_yuan=total)], **rows})


def doubts(
    table: str,
    record: dict[str, Any],
    context: ProjectContext,
    thresholds: PlausibilityThresholds = DEFAULT_THRESHOLDS,
    today: date = TODAY,
) -> tuple[Implausibility, ...]:
    return judge(FACT_KINDS[table], record, context, thresholds, today)


def figures(found: tuple[Implausibility, ...]) -> dict[str, tuple[Any, Any]]:
    """The two figures of each doubt by its code."""
    assert len({each.code for each in found}) == len(found)
    return {each.code: (each.value, each.limit) for each in found}

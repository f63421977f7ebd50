"""Doubts about a report of progress: amounts beside the total, the plan and other reports."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from shared.facts.projects import PROGRESS
from shared.plausibility.context import ProjectContext
from shared.plausibility.findings import DoubtedValue, Implausibility
from shared.plausibility.thresholds import PlausibilityThresholds

AMOUNT, PERCENT = "invested_ytd_yuan", "physical_pct"


def judge_progress(
    record: Mapping[str, Any],
    context: ProjectContext,
    thresholds: PlausibilityThresholds,
    today: date,
) -> Iterator[Implausibility]:
    """Doubts about the amount, which is cumulative since 1 January, and the percentage."""
    as_of, amount, percent = record["as_of"], record[AMOUNT], record[PERCENT]
    if amount is not None:
        yield from judge_amount(as_of, amount, context, thresholds)
        yield from judge_neighbours(as_of, amount, context)
    if percent is not None and percent > thresholds.max_percent:
        limit = Decimal(thresholds.max_percent)
        yield Implausibility("percent_above_limit", PROGRESS.name, PERCENT, percent, limit)


def judge_amount(
    as_of: date, amount: int, context: ProjectContext, thresholds: PlausibilityThresholds
) -> Iterator[Implausibility]:
    """Doubts where it is above some times the plan of its year, or above the total.

    It may be so by itself, or only with what was completed in the years before: told once.
    """
    total, plan = context.total, context.plan(as_of.year)
    completed = (plan.prior or 0) + amount
    if total is not None and amount > total:
        yield doubt_amount("ytd_above_total", amount, total)
    elif total is not None and completed > total:
        yield doubt_amount("invested_above_total", completed, total)
    if plan.planned and amount > thresholds.plan_factor * plan.planned:
        limit = thresholds.plan_factor * plan.planned
        details = {"year": as_of.year, "factor": thresholds.plan_factor}
        yield doubt_amount("ytd_above_plan", amount, limit, **details)


def judge_neighbours(as_of: date, amount: int, context: ProjectContext) -> Iterator[Implausibility]:
    """Doubts where it falls: below the report before it in its year, or above the one after."""
    before, after = context.report_before(as_of), context.report_after(as_of)
    if before and amount < before[1]:
        yield doubt_amount("below_earlier", amount, before[1], day=before[0])
    if after and amount > after[1]:
        yield doubt_amount("above_later", amount, after[1], day=after[0])


def doubt_amount(
    code: str, value: DoubtedValue, limit: DoubtedValue, **details: Any
) -> Implausibility:
    return Implausibility(code, PROGRESS.name, AMOUNT, value, limit, details=details)

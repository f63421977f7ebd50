"""Doubts about a fund: approved above the total investment."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from shared.facts.money_and_statistics import FUNDS
from shared.facts.words import FundEvent
from shared.plausibility.context import ProjectContext
from shared.plausibility.findings import Implausibility
from shared.plausibility.thresholds import PlausibilityThresholds


def judge_fund(
    record: Mapping[str, Any],
    context: ProjectContext,
    thresholds: PlausibilityThresholds,
    today: date,
) -> Iterator[Implausibility]:
    """A doubt where all that is approved up to the day of the row is above the total."""
    if context.total is None or not is_summed(record):
        return
    on: date = record["on"]
    approved = context.approved_up_to(on) + record["amount_yuan"]
    if approved > context.total:
        yield Implausibility(
            "approved_above_total",
            FUNDS.name,
            "amount_yuan",
            approved,
            context.total,
            details={"day": on},
        )


def is_summed(record: Mapping[str, Any]) -> bool:
    """Whether a fund is in the sum of what is approved of its project."""
    known = None not in (record["project_id"], record["amount_yuan"], record["on"])
    return known and record["event"] == FundEvent.approved

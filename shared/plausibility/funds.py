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
    on, amount = record["on"], record["amount_yuan"]
    is_summed = record["event"] == FundEvent.approved and record["project_id"]
    if not is_summed or on is None or amount is None or context.total is None:
        return
    approved = context.approved_up_to(on) + amount
    if approved > context.total:
        yield Implausibility(
            "approved_above_total",
            FUNDS.name,
            "amount_yuan",
            approved,
            context.total,
            details={"day": on},
        )

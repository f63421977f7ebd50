"""The judgement of a record: all doubts about it, as it is written."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from shared.facts.kind import FactKind
from shared.facts.money_and_statistics import FUNDS
from shared.facts.projects import MILESTONES, PROGRESS
from shared.facts.tables import FACT_KINDS
from shared.plausibility.context import ProjectContext
from shared.plausibility.days import judge_days
from shared.plausibility.findings import Implausibility
from shared.plausibility.funds import judge_fund
from shared.plausibility.milestones import judge_milestone
from shared.plausibility.progress import judge_progress
from shared.plausibility.thresholds import PlausibilityThresholds

Judge = Callable[
    [Mapping[str, Any], ProjectContext, PlausibilityThresholds, date], Iterator[Implausibility]
]
# What is asked of a kind beside its days.
JUDGES: Mapping[str, Judge] = {
    MILESTONES.name: judge_milestone,
    PROGRESS.name: judge_progress,
    FUNDS.name: judge_fund,
}
JUDGED_KINDS = frozenset(n for n, kind in FACT_KINDS.items() if n in JUDGES or kind.past_days)


def judge(
    kind: FactKind,
    record: Mapping[str, Any],
    context: ProjectContext,
    thresholds: PlausibilityThresholds,
    today: date,
) -> tuple[Implausibility, ...]:
    """Every doubt about a record of a kind on a day of China; none where it may be true."""
    found = list(judge_days(kind, record, thresholds, today))
    if kind.name in JUDGES:
        found += JUDGES[kind.name](record, context, thresholds, today)
    return tuple(found)

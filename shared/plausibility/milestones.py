"""Doubts about an actual date: the order of life, and a start before its permit.

They are about the date that holds for a kind, the latest so far; an earlier one, or one to come,
moves nothing.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from shared.facts.projects import MILESTONES
from shared.facts.words import MilestoneKind
from shared.plausibility.context import ProjectContext
from shared.plausibility.findings import Implausibility
from shared.plausibility.thresholds import PlausibilityThresholds

# What must come first; equal days are fine.
CHAIN = (
    MilestoneKind.signed,
    MilestoneKind.started,
    MilestoneKind.completed,
    MilestoneKind.in_production,
)
STARTED = MilestoneKind.started
ACTUAL = "actual_on"


def judge_milestone(
    record: Mapping[str, Any],
    context: ProjectContext,
    thresholds: PlausibilityThresholds,
    today: date,
) -> Iterator[Implausibility]:
    """Doubts about the actual date of a row, where it is the one that holds."""
    kind, actual = record["kind"], record[ACTUAL]
    if actual is None or actual > today or kind not in CHAIN:
        return
    other = context.actual_date(kind, today)
    if other is not None and other > actual:
        return
    yield from judge_order(MilestoneKind(kind), actual, context, today)
    if kind == STARTED:
        yield from judge_start(actual, context)


def judge_order(
    kind: MilestoneKind, actual: date, context: ProjectContext, today: date
) -> Iterator[Implausibility]:
    """Doubts of every pair of the chain that the date is in."""
    position = CHAIN.index(kind)
    for index, other in enumerate(CHAIN):
        known = None if index == position else context.actual_date(other, today)
        if known is None:
            continue
        details: dict[str, Any] = {"kind": kind, "other": other}
        if index < position and actual < known:
            yield doubt_date("before_its_predecessor", actual, known, **details)
        if index > position and actual > known:
            yield doubt_date("after_its_successor", actual, known, **details)


def judge_start(actual: date, context: ProjectContext) -> Iterator[Implausibility]:
    """A doubt about a start before the first part of a needed construction permit is granted."""
    permit = context.permit
    if permit is None:
        return
    holds = not permit.is_trusting
    if permit.granted_on is None:
        yield doubt_date("started_without_permit", actual, None, holds=holds)
    elif actual < permit.granted_on:
        yield doubt_date("started_before_permit", actual, permit.granted_on, holds=holds)


def doubt_date(
    code: str, value: date, limit: date | None, *, holds: bool = True, **details: Any
) -> Implausibility:
    return Implausibility(code, MILESTONES.name, ACTUAL, value, limit, holds, details)

"""The standing of a campaign on a day: each target's figure, and the straight line to the target.

Pure: the terms of units as of days in, standings and their documents out. A value is in the terms
of the metric's formula (a share is 0.9, never 90), as targets are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from services.scoring.engine.campaigns.campaign import Campaign, Countdown, Target
from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import exact_ratio
from services.scoring.engine.language.ratios import POINTS_IN_ONE
from services.scoring.engine.lights.documents import format_figure
from services.scoring.engine.lights.unit_lights import UnitsOnDay
from shared.facts.words import Word

UnitsByDay = Mapping[date, UnitsOnDay]


class TargetState(Word):
    met = "met", "已达标"
    on_line = "on_line", "达到序时"
    behind = "behind", "落后序时"
    open = "open", "未到期"  # and there is no line to be held against
    missed = "missed", "未达标"
    not_applicable = "not_applicable", "不适用"


@dataclass(frozen=True)
class TargetStanding:
    """A target on a day. Once it is due, its state is that of the day when it was due, for ever.

    `line` is the value on the straight line from the first day's value; None before the first day,
    and where the metric was not applicable then. `when_due` is None until it is due.
    """

    target: Target
    state: TargetState
    value: Fraction | None
    line: Fraction | None
    when_due: Fraction | None


def unit_or_overall_value(units: UnitsOnDay, unit: str | None, metric: str) -> Fraction | None:
    """A unit's figure, or that of all live units as one; None where it is not applicable."""
    scale = units.scales.get(metric, 1)
    if unit is not None:
        terms = units.terms.get(unit)  # it may have left the region since
        return terms.value(units.metrics[metric], scale) if terms else None
    live = [terms.of_metric[metric] for terms in units.terms.values() if terms.live_projects]
    divisors = [d for _, d in live if d is not None]
    numerator = sum(n for n, _ in live)
    if not divisors:
        return Fraction(numerator, scale)
    # Of all: every unit has the same denominator, the one of all together.
    divisor = divisors[0] if units.metrics[metric].of_all else sum(divisors)
    return exact_ratio(numerator, divisor * scale)


def needed_days(campaign: Campaign, days: Iterable[date]) -> set[date]:
    """The days whose terms are needed: the requested ones, the first, and earlier due days."""
    wanted = set(days)
    last = max(wanted, default=campaign.from_on)
    due = {t.due_on for t in campaign.targets if t.due_on <= last}
    return wanted | due | {campaign.from_on}


def build_target_standing(
    target: Target, as_of: date, campaign: Campaign, days: UnitsByDay
) -> TargetStanding:
    metric = days[as_of].metrics[target.metric]
    wanted, higher = Fraction(target.value), metric.direction == "higher"

    def reached(value: Fraction, goal: Fraction) -> bool:
        return value >= goal if higher else value <= goal

    value = unit_or_overall_value(days[as_of], target.unit_id, target.metric)
    line = straight_line_value(target, as_of, campaign, days)
    due = as_of >= target.due_on
    when_due = (
        unit_or_overall_value(days[target.due_on], target.unit_id, target.metric) if due else None
    )
    judged = when_due if due else value
    if judged is None:
        state = TargetState.not_applicable
    elif reached(judged, wanted):
        state = TargetState.met
    elif due:
        state = TargetState.missed
    elif line is None:
        state = TargetState.open
    else:
        state = TargetState.on_line if reached(judged, line) else TargetState.behind
    return TargetStanding(target, state, value, line, when_due)


def straight_line_value(
    target: Target, as_of: date, campaign: Campaign, days: UnitsByDay
) -> Fraction | None:
    """The value on the line from the first day's to the target's, which is level once it is due."""
    wanted = Fraction(target.value)
    if as_of >= target.due_on:
        return wanted
    first = unit_or_overall_value(days[campaign.from_on], target.unit_id, target.metric)
    if as_of < campaign.from_on or first is None:
        return None
    gone = Fraction((as_of - campaign.from_on).days, (target.due_on - campaign.from_on).days)
    return first + (wanted - first) * gone


def build_target_standings(
    as_of: date, campaign: Campaign, days: UnitsByDay
) -> list[TargetStanding]:
    """Every target on a day: those of all units first, then by unit, metric and day."""
    ordered = sorted(campaign.targets, key=lambda t: (t.unit_id or "", t.metric, t.due_on))
    return [build_target_standing(target, as_of, campaign, days) for target in ordered]


# --- documents


def format_campaign_value(value: Fraction | None, metric: Metric) -> str | None:
    """A value as printed: a share to four decimals, points as points."""
    points = POINTS_IN_ONE if metric.measure == "points" else 1
    return format_figure(None if value is None else value * points, metric.measure)


def countdown_document(countdown: Countdown) -> dict[str, Any]:
    return {
        "on": countdown.as_of.isoformat(),
        "days": countdown.days,
        "day": countdown.day_number,
        "days_left": countdown.days_left,
        "working_days_left": countdown.working_days_left,
        "provisional": countdown.provisional,
    }


def target_standing_document(standing: TargetStanding, metric: Metric) -> dict[str, Any]:
    return {
        "unit_id": standing.target.unit_id,
        "metric": metric.id,
        "due_on": standing.target.due_on.isoformat(),
        "target": format_campaign_value(Fraction(standing.target.value), metric),
        "value": format_campaign_value(standing.value, metric),
        "line": format_campaign_value(standing.line, metric),
        "when_due": format_campaign_value(standing.when_due, metric),
        "state": standing.state,
    }


def campaign_day_document(
    countdown: Countdown, standings: Sequence[TargetStanding], metrics: Mapping[str, Metric]
) -> dict[str, Any]:
    """A day of a campaign: its countdown, and every target."""
    targets = [target_standing_document(s, metrics[s.target.metric]) for s in standings]
    return {**countdown_document(countdown), "targets": targets}

"""The summary of a campaign (LX-1): first day against last, targets met, commitments kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from services.scoring.engine.campaigns.campaign import Campaign, commitment_target_key
from services.scoring.engine.campaigns.standings import (
    TargetState,
    UnitsByDay,
    build_target_standings,
    format_campaign_value,
    target_standing_document,
    unit_or_overall_value,
)
from services.scoring.engine.declarations import Metric
from services.scoring.engine.lights.unit_lights import UnitsOnDay
from shared.facts.tables import Facts
from shared.facts.words import MilestoneKind

SUMMARY_MILESTONES = (MilestoneKind.started, MilestoneKind.pooled, MilestoneKind.completed)


@dataclass(frozen=True)
class ReachedMilestone:
    """A milestone that a project reached between the first and the last day."""

    kind: str
    project_id: str
    unit_id: str
    on: date


def reached_milestones(facts: Facts, first: date, last: date) -> list[ReachedMilestone]:
    """The milestones that live projects reached in these days, both included.

    Of each kind and project the latest date counts.
    """
    rows = facts.tables["milestones"].select(["project_id", "kind", "actual_on"])
    rows = rows.filter(pc.less_equal(rows["actual_on"], pa.scalar(last)))
    ended = rows.filter(pc.equal(rows["kind"], str(MilestoneKind.terminated)))["project_id"]
    wanted = pa.array([str(kind) for kind in SUMMARY_MILESTONES])
    rows = rows.filter(pc.is_in(rows["kind"], wanted))
    latest = rows.group_by(["project_id", "kind"]).aggregate([("actual_on", "max")])
    latest = latest.filter(pc.greater_equal(latest["actual_on_max"], pa.scalar(first)))
    projects, gone = facts.tables["projects"], {*ended.to_pylist()}
    ids, units = (projects[name].to_pylist() for name in ("project_id", "unit_id"))
    unit_of = dict(zip(ids, units, strict=True))
    found = [
        ReachedMilestone(
            row["kind"], row["project_id"], unit_of[row["project_id"]], row["actual_on_max"]
        )
        for row in latest.to_pylist()
        if row["project_id"] not in gone
    ]
    return sorted(found, key=lambda reached: (reached.kind, reached.on, reached.project_id))


def campaign_summary_document(
    campaign: Campaign,
    days: UnitsByDay,
    milestones: Sequence[ReachedMilestone],
    metrics: Mapping[str, Metric],
) -> dict[str, Any]:
    """The summary document; `days` has the terms of `metrics` on the first and last day.

    A commitment that is tied to no target, or to one that was not applicable, is neither kept nor
    broken.
    """
    ended = build_target_standings(campaign.to_on, campaign, days)
    states = {found.target.key: found.state for found in ended}
    verdict = {TargetState.met: True, TargetState.missed: False}
    numbers = [found.state for found in ended]
    return {
        "from_on": campaign.from_on.isoformat(),
        "to_on": campaign.to_on.isoformat(),
        "met": numbers.count(TargetState.met),
        "missed": numbers.count(TargetState.missed),
        "not_applicable": numbers.count(TargetState.not_applicable),
        "targets": [target_standing_document(s, metrics[s.target.metric]) for s in ended],
        "commitments": [
            {
                **commitment.model_dump(mode="json"),
                "kept": verdict.get(states[commitment_target_key(commitment)])
                if commitment.metric
                else None,
            }
            for commitment in campaign.commitments
        ],
        "metrics": [
            line
            for metric in metrics.values()
            for line in metric_change_documents(
                metric, days[campaign.from_on], days[campaign.to_on]
            )
        ],
        "projects": [
            {
                "kind": reached.kind,
                "project_id": reached.project_id,
                "unit_id": reached.unit_id,
                "on": reached.on.isoformat(),
            }
            for reached in milestones
        ],
    }


def metric_change_documents(
    metric: Metric, first: UnitsOnDay, last: UnitsOnDay
) -> list[dict[str, Any]]:
    """A metric of all units, then of every unit: first day, last day, and the difference."""
    made = []
    for unit in (None, *sorted(last.terms)):
        values = [unit_or_overall_value(units, unit, metric.id) for units in (first, last)]
        before, after = values
        change = None if before is None or after is None else after - before
        made.append(
            {
                "unit_id": unit,
                "metric": metric.id,
                "first": format_campaign_value(before, metric),
                "last": format_campaign_value(after, metric),
                "change": format_campaign_value(change, metric),
            }
        )
    return made

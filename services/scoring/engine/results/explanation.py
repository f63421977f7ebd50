"""Explanations of figures: the rows that count and their parts, and the reasons of the others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from services.scoring.engine.columns import Figure
from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import format_decimal
from services.scoring.engine.ranking.ranking import Standing
from services.scoring.engine.results.run_result import (
    ScoringResult,
    figure_document,
    standing_extras_document,
)
from services.scoring.engine.scheme.project_marks import ProjectMark

TERMINATED_LABEL = "已终止"


@dataclass(frozen=True)
class Contribution:
    """One row behind a metric; `left_out` is the reason why it does not count, None where it does.

    The numerators and denominators of a unit's rows add up to the unit's exactly. A fund without a
    project has no `project_id`. Of a project's mark, `items` are its parts.
    """

    unit_id: str
    project_id: str | None
    numerator: int
    denominator: int
    left_out: str | None
    items: Mapping[str, Fraction] | None = None


@dataclass(frozen=True)
class MetricExplanation:
    """One metric of a unit: rows counted, rows left out, the part of other units in the divisor."""

    metric: Metric
    numerator: int
    denominator: int | None
    counted: Sequence[Contribution]
    left_out: Sequence[Contribution]
    denominator_of_others: int


def build_contributions(
    rows: Iterable[Mapping[str, Any]], conditions: Sequence[str]
) -> list[Contribution]:
    """The rows of `compiler.metric_rows_query`, with its conditions in words."""
    return [
        Contribution(
            row["unit_id"],
            row["project_id"],
            row["n"],
            row["d"],
            row_exclusion_reason(row, conditions),
        )
        for row in rows
    ]


def row_exclusion_reason(row: Mapping[str, Any], conditions: Sequence[str]) -> str | None:
    """Every condition that a row fails, in words; None where it meets them all."""
    return exclusion_reason(row["live"], [row[f"c{n}"] for n in range(len(conditions))], conditions)


def exclusion_reason(live: bool, met: Sequence[bool], conditions: Sequence[str]) -> str | None:
    """The reason why a row does not count, None where it does."""
    if not live:
        return TERMINATED_LABEL
    failed = [words for words, holds in zip(conditions, met, strict=True) if not holds]
    return f"不符合：{'、'.join(failed)}" if failed else None


def build_mark_contributions(
    metric: Metric, marks: Iterable[ProjectMark], conditions: Sequence[str]
) -> list[Contribution]:
    """The contributions to a metric that takes the marks of projects, each with its items."""
    contributions = []
    for mark in marks:
        left_out = exclusion_reason(mark.live, mark.met, conditions)
        if left_out is None and mark.weight is None:
            left_out = f"没有权重：{metric.weighted_by}"
        weight = mark.weight if left_out is None and mark.weight is not None else 0
        terms = mark.mark * weight, weight if metric.take == "mean" else 0
        items = mark.items if left_out is None else None
        contributions.append(Contribution(mark.unit_id, mark.project_id, *terms, left_out, items))
    return contributions


def explain_metric(
    metric: Metric, rows: Sequence[Contribution], result: ScoringResult, unit: str
) -> MetricExplanation:
    """A unit's figure from the rows of all units."""
    own = [row for row in rows if row.unit_id == unit]
    others = sum(row.denominator for row in rows if row.unit_id != unit)
    return MetricExplanation(
        metric,
        *result.terms[unit].of_metric[metric.id],
        [row for row in own if row.left_out is None],
        [row for row in own if row.left_out is not None],
        others if metric.of_all else 0,
    )


def unit_metrics(result: ScoringResult, unit: str) -> Sequence[Metric]:
    """All metrics by which the unit's group is judged, in pillars and around them."""
    return result.plan_of_unit(unit).needed_metrics


def find_standing(result: ScoringResult, unit: str) -> Standing:
    return next(s for group in result.groups.values() for s in group if s.unit_id == unit)


def explanation_document(
    result: ScoringResult,
    unit: str,
    name: str,
    explained: Sequence[MetricExplanation],
    projects: Mapping[str, str],
) -> dict[str, Any]:
    """The explanation of all figures of a unit; `projects` is project → name.

    `exact` points are fractions, so that parts add up.
    """
    standing, terms = find_standing(result, unit), result.terms[unit]
    plan = result.plan_of_unit(unit)
    return {
        "as_of": result.as_of.isoformat(),
        "scheme": result.scheme.id,
        "unit_id": standing.unit_id,
        "name": name,
        "rank": standing.rank,
        "total": format_decimal(standing.total, plan.decimals),
        "pillars": {
            pillar.id: exact_figure_document(standing.pillars.get(pillar.id))
            for pillar in plan.pillars
        },
        "metrics": {
            found.metric.id: {
                "name": found.metric.zh,
                "formula": found.metric.formula,
                "reading": found.metric.reading,
                "source": found.metric.source,
                "numerator": found.numerator,
                "denominator": found.denominator,
                "denominator_of_others": found.denominator_of_others,
                **manual_entries_document(found.metric, result, unit),
                **exact_figure_document(standing.metrics.get(found.metric.id)),
                "projects": [contribution_document(row, projects) for row in found.counted],
                "left_out": [contribution_document(row, projects) for row in found.left_out],
            }
            for found in explained
        },
        **standing_extras_document(standing, plan, terms.of_metric),
    }


def manual_entries_document(metric: Metric, result: ScoringResult, unit: str) -> dict[str, Any]:
    """The entries for a metric: the unit's target, the mark by hand; each with its reason."""
    entries = {
        "target": result.entered.targets.get(unit, {}).get(metric.id),
        "mark": result.entered.mark(unit, metric.id),
    }
    return {
        name: {"value": str(entry.value), "reason": entry.reason, "who": entry.who}
        for name, entry in entries.items()
        if entry is not None
    }


def exact_figure_document(figure: Figure | None) -> dict[str, Any]:
    document = figure_document(figure, with_weight=True)
    return {**document, "points_exact": str(figure.points) if figure else None}


def contribution_document(row: Contribution, projects: Mapping[str, str]) -> dict[str, Any]:
    name = projects.get(row.project_id or "")
    document: dict[str, Any] = {"project_id": row.project_id, "name": name}
    if row.left_out is not None:
        return {**document, "reason": row.left_out}
    document |= {"numerator": row.numerator, "denominator": row.denominator}
    if row.items is not None:
        document["items"] = {item: format_decimal(points, 4) for item, points in row.items.items()}
    return document

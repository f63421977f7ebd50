"""Captions of the targets of a campaign: names, and values as they are printed."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.scoring.documents.composition.number_format import format_document_figure
from services.scoring.engine.declarations import Metric

JsonDocument = Mapping[str, Any]
FIGURES = ("target", "value", "line", "when_due")


def caption_targets(
    targets: Sequence[JsonDocument], metrics: Mapping[str, Metric], units: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The targets on a day with the names of metric and unit, and texts beside the figures."""
    return [caption_target(target, metrics[target["metric"]], units) for target in targets]


def caption_target(
    target: JsonDocument, metric: Metric, units: Mapping[str, str]
) -> dict[str, Any]:
    texts = {
        f"{name}_text": target[name] and format_document_figure(target[name], metric.measure)
        for name in FIGURES
    }
    return {**target, "metric_name": metric.zh, "unit_name": units.get(target["unit_id"]), **texts}

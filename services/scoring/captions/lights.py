"""Captions of lights: axes, figures and conditions in words."""

from collections.abc import Mapping
from typing import Any

from services.scoring.captions.ranking import measure_unit
from services.scoring.documents.composition.number_format import format_document_figure
from services.scoring.engine.declarations import Axis, Metric
from services.scoring.engine.language.symbols import PROJECTS_TABLE
from services.scoring.engine.lights.documents import axis_measure
from services.scoring.engine.phrasing.formulas import FormulaPhrases, describe_axis
from services.scoring.engine.phrasing.term_measures import FactsById
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme

JsonDocument = Mapping[str, Any]


def caption_axes(preset: Lights, scheme: Scheme, subject: str = "project") -> list[dict[str, Any]]:
    """The axes of projects, or of units, in plain words."""
    facts = scheme.facts_by_id | preset.facts_by_id
    metrics = preset.metrics_by_id(scheme.metrics_by_id)
    captions = []
    for axis in preset.axes:
        if axis.subject == subject:
            applies, yellow, red = describe_axis(axis, facts)
            metric = metrics[axis.metric] if axis.metric else None
            captions.append(
                {
                    "id": axis.id,
                    "zh": axis.zh,
                    "words": axis.words.model_dump(),
                    "unit": measure_unit(axis_measure(axis, metric)),
                    "figure": describe_axis_figure(axis, metric, facts),
                    "applies": applies,
                    "yellow": yellow,
                    "red": red,
                }
            )
    return captions


def describe_axis_figure(axis: Axis, metric: Metric | None, facts: FactsById) -> str | None:
    """The figure that an axis compares, in words; of units it is a metric."""
    if metric is not None:
        return metric.zh
    if axis.figure is None:
        return None
    phrases = FormulaPhrases(PROJECTS_TABLE, facts)
    if axis.figure.denominator:
        return phrases.describe_quotient(axis.figure.numerator, axis.figure.denominator)
    return phrases.describe(axis.figure.numerator)


def caption_light_details(
    light: JsonDocument, scheme: Scheme, preset: Lights
) -> dict[str, dict[str, Any]]:
    """The details of a light with the names of the axes, the figures and conditions in words."""
    axes = {axis.id: axis for axis in preset.axes}
    metrics = preset.metrics_by_id(scheme.metrics_by_id)
    phrases = FormulaPhrases(PROJECTS_TABLE, scheme.facts_by_id | preset.facts_by_id)
    captioned = {}
    for name, detail in light.get("details", {}).items():
        axis = axes[name]
        measure = axis_measure(axis, metrics[axis.metric] if axis.metric else None)
        captioned[name] = {
            **detail,
            "zh": axis.zh,
            "text": format_document_figure(detail["figure"], measure),
            "threshold_text": phrases.describe(detail["threshold"]),
        }
    return captioned

"""Captions of lights: axes, figures and conditions in words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from services.scoring.captions.ranking import measure_unit
from services.scoring.documents.bulletin import DASH
from services.scoring.documents.composition.number_format import format_document_figure
from services.scoring.engine.declarations import Measure
from services.scoring.engine.language.symbols import PROJECTS_TABLE
from services.scoring.engine.lights.documents import axis_measure
from services.scoring.engine.phrasing.formulas import (
    FormulaPhrases,
    describe_axis,
    describe_axis_figure,
)
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


def describe_lead(lead: str) -> str:
    """How far the investment is before or behind its time progress."""
    points = Decimal(lead)
    if not points:
        return "投资与序时进度持平"
    return f"投资{'超前' if points > 0 else '滞后'} {abs(points)} 个百分点"


def is_lead(figure: str, measure: Measure, lead: str | None) -> bool:
    """Whether the figure of an axis is the lead with the other sign."""
    return measure == "points" and lead is not None and Decimal(figure) == -Decimal(lead)


def describe_light_figure(figure: str | None, measure: Measure, lead: str | None) -> str:
    """The figure behind a colour in words; blank where the axis has none."""
    if figure is None:
        return ""
    if lead is not None and is_lead(figure, measure, lead):
        return describe_lead(lead)
    return format_document_figure(figure, measure)


def caption_light_details(
    light: JsonDocument, scheme: Scheme, preset: Lights
) -> dict[str, dict[str, Any]]:
    """The details of a light with figures and conditions in words."""
    axes = {axis.id: axis for axis in preset.axes}
    metrics = preset.metrics_by_id(scheme.metrics_by_id)
    phrases = FormulaPhrases(PROJECTS_TABLE, scheme.facts_by_id | preset.facts_by_id)
    captioned = {}
    for name, detail in light.get("details", {}).items():
        axis = axes[name]
        measure = axis_measure(axis, metrics[axis.metric] if axis.metric else None)
        captioned[name] = {
            **detail,
            "text": describe_light_figure(detail["figure"], measure, light.get("lead")) or DASH,
            "threshold_text": phrases.describe(detail["threshold"]),
        }
    return captioned


def caption_unit_light_details(
    light: JsonDocument, scheme: Scheme, preset: Lights
) -> dict[str, dict[str, Any]]:
    """The same of a unit's light, with the names of the axes."""
    axes = {axis.id: axis.zh for axis in preset.axes}
    details = caption_light_details(light, scheme, preset)
    return {name: {**detail, "zh": axes[name]} for name, detail in details.items()}

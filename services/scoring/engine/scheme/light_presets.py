"""Presets of lights: their axes, with the facts and metrics that only they need."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, field_validator

from services.scoring.engine.catalogue.time_progress import common_curve_facts
from services.scoring.engine.declarations import (
    Axis,
    Declaration,
    DocumentId,
    Label,
    Metric,
    NamedFact,
    validation_error,
)

CumulativeShare = Annotated[Decimal, Field(ge=0, le=10, decimal_places=3)]


class Lights(Declaration):
    """A preset of lights: its axes in the order in which they are shown.

    `curve`, twelve cumulative shares of the year's plan at month ends, replaces every project's own
    and the even one. `detailed`: the published document shows for every light the figure, the
    threshold and since when. `facts` and `metrics` are the preset's own, as a scheme's are.
    """

    id: DocumentId
    zh: Label
    source: str
    notes: str = ""
    detailed: bool = False
    curve: Annotated[tuple[CumulativeShare, ...], Field(min_length=12, max_length=12)] | None = None
    axes: Annotated[tuple[Axis, ...], Field(min_length=1)]
    facts: tuple[NamedFact, ...] = ()
    metrics: tuple[Metric, ...] = ()

    @field_validator("curve")
    @classmethod
    def check_curve(cls, curve: tuple[Decimal, ...] | None) -> tuple[Decimal, ...] | None:
        """Check that the curve never falls and ends above 0."""
        if curve and (list(curve) != sorted(curve) or not curve[-1]):
            raise validation_error("累计曲线不能下降，年末应大于 0")
        return curve

    @property
    def common_curve(self) -> list[Fraction] | None:
        return None if self.curve is None else [Fraction(share) for share in self.curve]

    @property
    def facts_by_id(self) -> dict[str, NamedFact]:
        """The facts that the preset adds to the catalogue's, and those that its curve changes."""
        of_curve = common_curve_facts(self.common_curve) if self.common_curve else ()
        return {fact.id: fact for fact in (*of_curve, *self.facts)}

    @property
    def project_axes(self) -> tuple[Axis, ...]:
        return tuple(axis for axis in self.axes if axis.subject == "project")

    @property
    def unit_axes(self) -> tuple[Axis, ...]:
        return tuple(axis for axis in self.axes if axis.subject == "unit")

    def metrics_by_id(self, scheme_metrics: Mapping[str, Metric]) -> dict[str, Metric]:
        """The metrics of the scheme, and the preset's own."""
        return {**scheme_metrics, **{metric.id: metric for metric in self.metrics}}

    def unit_axis_metrics(self, scheme_metrics: Mapping[str, Metric]) -> list[Metric]:
        """The metrics of the unit axes, of the scheme or the preset's own."""
        metrics = self.metrics_by_id(scheme_metrics)
        return [metrics[axis.metric] for axis in self.unit_axes if axis.metric]


def lights_tag(value: Any) -> str:
    """The discriminator of a scheme's lights: a name, or a preset of its own."""
    return "written" if isinstance(value, Mapping | Lights) else "named"


# A scheme names a built-in preset, or brings one of its own.
LightsOrName = Annotated[
    Annotated[DocumentId, Tag("named")] | Annotated[Lights, Tag("written")],
    Discriminator(lights_tag),
]

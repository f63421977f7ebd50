"""Captions of a ranking, and of the explanation of a unit's figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from services.scoring.documents.composition.number_format import (
    MEASURE_LABELS,
    NOT_APPLICABLE,
    NOT_ENTERED,
    format_cell_value,
    format_metric_value,
)
from services.scoring.engine.declarations import Measure, Metric
from services.scoring.engine.figures import format_decimal
from services.scoring.engine.phrasing.formulas import describe_metric
from services.scoring.engine.phrasing.term_measures import (
    FactsById,
    TermMeasure,
    term_measure,
)
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.plan import GroupPlan, resolve_group

JsonDocument = Mapping[str, Any]
PERCENT = "%"
MIXED: TermMeasure = "mixed"


def measure_unit(measure: Measure) -> str | None:
    """The unit of printed values; none of numbers of things."""
    return PERCENT if measure == "share" else MEASURE_LABELS.get(measure)


def name_metric(metric: Metric) -> dict[str, Any]:
    """A metric's names, and the unit of its values."""
    unit = measure_unit(metric.measure)
    return {"id": metric.id, "zh": metric.zh, "en": metric.en, "unit": unit}


def caption_groups(groups: Sequence[JsonDocument], scheme: Scheme) -> list[dict[str, Any]]:
    """The groups of a ranking with heads of their columns, and texts beside their figures."""
    return [GroupCaptions.of_group(scheme, group["group"]).caption(group) for group in groups]


@dataclass(frozen=True)
class GroupCaptions:
    """What a scheme says of a group, to caption its figures."""

    plan: GroupPlan
    facts: FactsById

    @classmethod
    def of_group(cls, scheme: Scheme, group: str) -> "GroupCaptions":
        return cls(resolve_group(scheme, group), scheme.facts_by_id)

    def caption(self, group: JsonDocument) -> dict[str, Any]:
        return {
            **group,
            "ranked": sum(unit["rank"] is not None for unit in group["units"]),
            "pillars": self.pillar_heads(),
            "metrics": self.metric_heads(),
            "units": [self.caption_unit(unit) for unit in group["units"]],
        }

    @cached_property
    def term_measures(self) -> dict[str, TermMeasure]:
        """Metric → the measure of both its terms."""
        measures: dict[str, TermMeasure] = {}
        for metric in self.plan.needed_metrics:
            terms = (metric.numerator, metric.denominator) if metric.denominator else ()
            found = {term_measure(term, metric.over, self.facts) for term in terms}
            measures[metric.id] = found.pop() if len(found) == 1 else MIXED
        return measures

    def pillar_heads(self) -> list[dict[str, Any]]:
        """The pillars, with the points that each is worth."""
        weights = self.plan.pillar_weights
        return [
            {"id": pillar.id, "zh": pillar.zh, "weight": format_decimal(weights[pillar.id], 4)}
            for pillar in self.plan.pillars
        ]

    def metric_heads(self) -> list[dict[str, Any]]:
        """The metrics that are needed: those of the pillars, then the others."""
        pillars = {scored.id: pillar.id for pillar, scored in self.plan.scored_by_pillar()}
        weights = self.plan.nominal_weights
        return [
            {
                **name_metric(metric),
                "pillar": pillars.get(metric.id),
                "weight": format_decimal(weights.get(metric.id), 4),
            }
            for metric in self.plan.needed_metrics
        ]

    def caption_unit(self, unit: JsonDocument) -> dict[str, Any]:
        """A unit: values of its metrics in words, names of its grade and of gates that it missed.

        Keys that the scheme has no use for are not added.
        """
        return {**unit, "metrics": self.caption_metrics(unit["metrics"]), **self.name_extras(unit)}

    def name_extras(self, unit: JsonDocument) -> dict[str, Any]:
        """What stands around the pillars of a unit, with names."""
        made: dict[str, Any] = {}
        if adjustments := unit.get("adjustments"):
            items = self.caption_metrics(adjustments["items"])
            zh = self.plan.adjustments.zh if self.plan.adjustments else None
            made["adjustments"] = {**adjustments, "zh": zh, "items": items}
        if grade := unit.get("grade"):
            made["grade_name"] = next((g.zh for g in self.plan.grades if g.id == grade), None)
        if missed := unit.get("missed"):
            gates = {gate.id: gate.zh for gate in self.plan.gates}
            made["missed"] = [{**each, "zh": gates.get(each["gate"])} for each in missed]
        return made

    def caption_metrics(self, metrics: JsonDocument) -> dict[str, Any]:
        """Figures by metric, each with its texts."""
        return {name: self.caption_figure(name, figure) for name, figure in metrics.items()}

    def caption_figure(self, name: str, figure: JsonDocument) -> dict[str, Any]:
        """A figure of a metric, its value as it is printed, and its terms where there are two."""
        metric = self.plan.metrics_by_id[name]
        numerator, denominator = figure["numerator"], figure["denominator"]
        text = format_metric_value(metric, numerator, denominator, self.plan.scale(metric))
        if text not in (NOT_APPLICABLE, NOT_ENTERED):
            text += MEASURE_LABELS.get(metric.measure, "")
        terms = self.format_terms(metric, numerator, denominator)
        return {**figure, "text": text, "terms": terms}

    def format_terms(self, metric: Metric, numerator: int, denominator: int | None) -> str | None:
        """Both terms, 48/53 or 1,200.00/1,325.00万元; none of what is neither count nor amount."""
        if not denominator or not metric.denominator:
            return None
        measure = self.term_measures[metric.id]
        if measure == "count":
            return f"{numerator}/{denominator}"
        if measure == MIXED:
            return None
        above, below = (format_cell_value(Fraction(n), "yuan") for n in (numerator, denominator))
        return f"{above}/{below}万元"


def caption_explanation(document: JsonDocument, captions: GroupCaptions) -> dict[str, Any]:
    """An explanation with names, values in words, and of every row what it adds."""
    plan = captions.plan
    pillars = {pillar.id: pillar.zh for pillar in plan.pillars}
    heads = {head["id"]: head for head in captions.metric_heads()}

    def caption_metric(name: str, figure: JsonDocument) -> dict[str, Any]:
        projects = [captions.caption_figure(name, row) for row in figure["projects"]]
        words = describe_metric(plan.metrics_by_id[name], captions.facts)
        head = {key: heads[name][key] for key in ("en", "unit", "pillar")}
        more = {"words": words, "projects": projects}
        return {**captions.caption_figure(name, figure), **head, **more}

    return {
        **document,
        "group": plan.group,
        "pillars": {
            name: {**each, "zh": pillars[name]} for name, each in document["pillars"].items()
        },
        "metrics": {name: caption_metric(name, each) for name, each in document["metrics"].items()},
        **captions.name_extras(document),
    }

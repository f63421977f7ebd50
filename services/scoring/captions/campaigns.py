"""Captions of campaigns: names of units, metrics and projects, and figures as they are printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.scoring.captions.ranking import measure_unit
from services.scoring.documents.composition.number_format import format_document_figure
from services.scoring.engine.declarations import Metric
from shared.facts.projects import Project, Unit
from shared.facts.tables import Facts

JsonDocument = Mapping[str, Any]
TARGET_FIGURES = ("target", "value", "line", "when_due")
CHANGE_FIGURES = ("first", "last", "change")


@dataclass(frozen=True)
class CampaignCaptions:
    """The names that a campaign's documents need."""

    metrics: Mapping[str, Metric]
    units: Mapping[str, str]
    projects: Mapping[str, str]

    @classmethod
    def of_facts(cls, metrics: Mapping[str, Metric], facts: Facts) -> "CampaignCaptions":
        units = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
        projects = {project.project_id: project.name for project in facts.rows(Project)}
        return cls(metrics, units, projects)

    def caption_day(self, day: JsonDocument) -> dict[str, Any]:
        return {**day, "targets": self.caption_figures(day["targets"], TARGET_FIGURES)}

    def caption_summary(self, summary: JsonDocument) -> dict[str, Any]:
        return {
            **summary,
            "targets": self.caption_figures(summary["targets"], TARGET_FIGURES),
            "commitments": [self.name_line(line) for line in summary["commitments"]],
            "metrics": self.caption_figures(summary["metrics"], CHANGE_FIGURES),
            "projects": [
                {
                    **self.name_unit(line),
                    "project_name": self.projects.get(line["project_id"]),
                }
                for line in summary["projects"]
            ],
        }

    def caption_figures(
        self, lines: Sequence[JsonDocument], figures: Sequence[str]
    ) -> list[dict[str, Any]]:
        """Lines about a metric with names, the unit of its values, and these as printed."""
        captioned = []
        for line in lines:
            measure = self.metrics[line["metric"]].measure
            texts = {
                f"{name}_text": format_document_figure(line[name], measure) for name in figures
            }
            captioned.append({**self.name_line(line), "unit": measure_unit(measure), **texts})
        return captioned

    def name_line(self, line: JsonDocument) -> dict[str, Any]:
        metric = self.metrics.get(line["metric"] or "")
        return {**self.name_unit(line), "metric_name": metric.zh if metric else None}

    def name_unit(self, line: JsonDocument) -> dict[str, Any]:
        return {**line, "unit_name": self.units.get(line["unit_id"] or "")}

"""Context of a report, as the database tells it: the policy of the office, facts of the project."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from services.registry.records.report_rules import ReviewMode
from services.registry.records.thresholds import parse_thresholds
from shared.facts.columns import ColumnType
from shared.facts.kind import FactKind
from shared.facts.tables import FACT_KINDS
from shared.plausibility.context import NO_PROJECT, ProjectContext, build_context
from shared.plausibility.thresholds import PlausibilityThresholds

MAX_POLICIES = 1024  # of offices, that are kept parsed


@dataclass(frozen=True)
class ReviewPolicy:
    """What an office reviews of a kind, and what it takes for possible."""

    mode: ReviewMode
    thresholds: PlausibilityThresholds


@lru_cache(MAX_POLICIES)
def parse_policy(settings: str) -> ReviewPolicy:
    """Parse what an office has set of reviews; what it has not is the default."""
    found = json.loads(settings)
    return ReviewPolicy(
        ReviewMode(found.get("review") or ReviewMode.findings),
        parse_thresholds(found.get("plausibility")),
    )


def parse_context(tables: str | None) -> ProjectContext:
    """Parse the facts of a project as the database writes them into JSON."""
    if tables is None:
        return NO_PROJECT
    found: dict[str, list[dict[str, Any]] | None] = json.loads(tables)
    return build_context(
        {
            name: [parse_row(FACT_KINDS[name], row) for row in rows or ()]
            for name, rows in found.items()
        }
    )


def parse_row(kind: FactKind, row: Mapping[str, Any]) -> dict[str, Any]:
    days = {column.name for column in kind.columns if column.kind is ColumnType.day}
    return {
        name: date.fromisoformat(value) if value and name in days else value
        for name, value in row.items()
    }

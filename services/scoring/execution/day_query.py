"""The query of a day: a ledger's runner, and the parts of scheme and lights that it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.scoring.engine.declarations import Axis, Metric, NamedFact
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.duckdb import QueryRunner
from shared.facts.projects import Unit
from shared.facts.tables import Facts

DeclaredFacts = Mapping[str, NamedFact]
NO_GROUPS: Mapping[str, str] = {}


def declared_facts(scheme: Scheme, preset: Lights | None) -> dict[str, NamedFact]:
    """The facts that texts may name: the catalogue's, the scheme's, the preset's."""
    return {**scheme.facts_by_id, **(preset.facts_by_id if preset else {})}


def unit_groups(facts: Facts) -> dict[str, str]:
    """Unit → its group."""
    return {unit.unit_id: unit.group for unit in facts.rows(Unit)}


@dataclass(frozen=True)
class DayQuery:
    """The query of one day of a ledger, built once a run; `for_day` leads away from it, not back.

    `groups` is unit → group; `declared` are the facts that texts of scheme and preset may name.
    """

    run: QueryRunner
    as_of: date
    scheme: Scheme
    preset: Lights | None
    declared: DeclaredFacts
    groups: Mapping[str, str]
    metrics: Sequence[Metric]
    entered: ManualEntries = NO_ENTRIES

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes of projects' lights; none without a preset."""
        return self.preset.project_axes if self.preset else ()

    def for_day(self, as_of: date) -> "DayQuery":
        """The query of another day, with the entries that hold on it."""
        if as_of == self.as_of:
            return self
        return replace(self, as_of=as_of, entered=self.entered.for_other_day(as_of))

    def for_metrics(self, metrics: Sequence[Metric]) -> "DayQuery":
        """The query of the same day for other metrics."""
        return replace(self, metrics=metrics)


def build_day_query(
    run: QueryRunner,
    as_of: date,
    scheme: Scheme,
    preset: Lights | None,
    groups: Mapping[str, str] = NO_GROUPS,
    entered: ManualEntries = NO_ENTRIES,
) -> DayQuery:
    """The query of the metrics that a scheme needs; only terms of units need `groups`."""
    declared = declared_facts(scheme, preset)
    return DayQuery(run, as_of, scheme, preset, declared, groups, scheme.needed_metrics, entered)

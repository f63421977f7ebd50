"""The facts that a unit may move, each as a change of the ledger on the as-of day.

A candidate is a row, or whole yuan: one more of a kind that a project offers.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from services.scoring.engine.what_if.changes import Changing, FactChange
from services.scoring.engine.what_if.move_kinds import (
    ATTRACTED_FUNDS_MOVE_KIND,
    INVESTMENT_MOVE_KIND,
    LISTING_MOVE_KIND,
    MILESTONE_MOVE_KINDS,
    PERMIT_MOVE_KIND,
    WON_FUNDS_MOVE_KINDS,
    MoveKind,
)
from shared.facts.tables import Facts
from shared.facts.words import FundEvent, FundSource, KeyLevel, MilestoneKind
from shared.ledger.cells import YUAN_LIMIT

LedgerRow = Mapping[str, Any]
ProjectFacts = Mapping[str, Mapping[str, Any]]  # live project → its row of `project_facts_query`
MAX_ADDED_YUAN = YUAN_LIMIT - 1


@dataclass(frozen=True)
class FactMove:
    """One fact of a unit's moved: a row of a table in place of another, or one more.

    `replaces` is the index of the other row, `key` the columns that find it. Of money `row` has
    what is there now, and up to `max_yuan` may be added to `kind.column`.
    """

    kind: MoveKind
    unit_id: str
    project_id: str | None
    row: LedgerRow
    replaces: int | None = None
    key: tuple[str, ...] = ()
    max_yuan: int = 0

    def increased_by(self, yuan: int) -> "FactMove":
        """The same move with so many yuan more."""
        column = self.kind.column
        return replace(self, row={**self.row, column: (self.row[column] or 0) + yuan})

    def to_change(self, before: LedgerRow | None) -> FactChange:
        """The move as a change of a «what if» request; `before` is the row that it replaces."""
        row = {
            name: serialize_cell(value)
            for name, value in self.row.items()
            if value not in (None, [])
        }
        table: dict[str, Any] = {"table": self.kind.table}
        if before is None:
            return FactChange(change=Changing.add, row=row, **table)
        where = {name: serialize_cell(before[name]) for name in self.key}
        to = {name: row[name] for name in row if before[name] != self.row[name]}
        return FactChange(change=Changing.set, where=where, to=to, **table)


def serialize_cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True)
class Dossier:
    """A live project's facts on a day, and its rows, each with its index in its table."""

    project: LedgerRow
    index: int
    as_of: date
    facts: Mapping[str, Any]
    rows: Mapping[str, list[tuple[int, LedgerRow]]] = field(default_factory=dict)

    def offers(self, kind: MoveKind) -> bool:
        return bool(self.facts[kind.flag])


def candidate_moves(
    facts: Facts, project_facts: ProjectFacts, as_of: date, units: set[str]
) -> Iterator[FactMove]:
    """Every fact of these units that may be moved on a day, in order of kind and project."""
    dossiers = [
        dossier
        for dossier in build_live_dossiers(facts, project_facts, as_of)
        if dossier.project["unit_id"] in units
    ]
    for milestone, kind in MILESTONE_MOVE_KINDS.items():
        for dossier in dossiers:
            if dossier.offers(kind):
                yield build_milestone_move(dossier, milestone)
    for dossier in dossiers:
        yield from listing_moves(dossier)
    for dossier in dossiers:
        yield from permit_moves(dossier)
    for dossier in dossiers:
        yield from investment_moves(dossier)
    for dossier in dossiers:
        yield from attracted_funds_moves(dossier)
    for source, kind in WON_FUNDS_MOVE_KINDS.items():
        for unit in sorted(units):
            row = build_fund_row(source, FundEvent.approved, as_of)
            yield FactMove(kind, unit, None, {**row, "unit_id": unit}, max_yuan=MAX_ADDED_YUAN)


def build_live_dossiers(facts: Facts, project_facts: ProjectFacts, as_of: date) -> list[Dossier]:
    """The live projects of a day in the order of the ledger."""
    rows: defaultdict[str, dict[str, list[tuple[int, LedgerRow]]]] = defaultdict(dict)
    for table in ("milestones", "progress", "permits"):
        for index, row in enumerate(facts.tables[table].to_pylist()):
            rows[row["project_id"]].setdefault(table, []).append((index, row))
    return [
        Dossier(row, index, as_of, project_facts[row["project_id"]], rows[row["project_id"]])
        for index, row in enumerate(facts.tables["projects"].to_pylist())
        if row["project_id"] in project_facts
    ]


def build_project_move(kind: MoveKind, dossier: Dossier, row: LedgerRow, **more: Any) -> FactMove:
    project = dossier.project
    return FactMove(kind, project["unit_id"], project["project_id"], row, **more)


# --- one row more


def build_milestone_move(dossier: Dossier, milestone: MilestoneKind) -> FactMove:
    """The milestone reached on the day: on the row decided last, or on a row of its own."""
    kind = MILESTONE_MOVE_KINDS[milestone]
    existing = [
        (row["decided_on"] or date.min, index, row)
        for index, row in dossier.rows.get("milestones", ())
        if row["kind"] == milestone
    ]
    if not existing:
        row = {"project_id": dossier.project["project_id"], "kind": str(milestone)}
        return build_project_move(kind, dossier, {**row, "actual_on": dossier.as_of})
    _, index, last = max(existing, key=lambda one: one[:2])
    key = ("project_id", "kind", "decided_on")
    row = {**last, "actual_on": dossier.as_of}
    return build_project_move(kind, dossier, row, replaces=index, key=key)


def listing_moves(dossier: Dossier) -> Iterator[FactMove]:
    if dossier.offers(LISTING_MOVE_KIND):
        row = {**dossier.project, "key_levels": [str(KeyLevel.county)]}
        yield build_project_move(
            LISTING_MOVE_KIND, dossier, row, replaces=dossier.index, key=("project_id",)
        )


def permit_moves(dossier: Dossier) -> Iterator[FactMove]:
    """The permits needed and not granted; the catalogue only counts them, so rows are read."""
    for index, row in dossier.rows.get("permits", ()):
        if row["needed"] and (row["granted_on"] is None or row["granted_on"] > dossier.as_of):
            key = ("project_id", "kind", "stage")
            granted = {**row, "granted_on": dossier.as_of}
            yield build_project_move(PERMIT_MOVE_KIND, dossier, granted, replaces=index, key=key)


# --- yuan more


def investment_moves(dossier: Dossier) -> Iterator[FactMove]:
    """More investment of the year as reported on the day, up to the project's total."""
    if not dossier.offers(INVESTMENT_MOVE_KIND):
        return
    project, ytd = dossier.project, dossier.facts["ytd"]
    max_yuan = (project["total_investment_yuan"] or MAX_ADDED_YUAN) - ytd
    if max_yuan <= 0:
        return
    today = [(n, r) for n, r in dossier.rows.get("progress", ()) if r["as_of"] == dossier.as_of]
    new: LedgerRow = {"project_id": project["project_id"], "as_of": dossier.as_of}
    index, row = today[0] if today else (None, new)
    yield build_project_move(
        INVESTMENT_MOVE_KIND,
        dossier,
        {**row, "invested_ytd_yuan": ytd},
        replaces=index,
        key=("project_id", "as_of"),
        max_yuan=max_yuan,
    )


def attracted_funds_moves(dossier: Dossier) -> Iterator[FactMove]:
    """More money of its investors, up to the contract."""
    project = dossier.project
    if dossier.offers(ATTRACTED_FUNDS_MOVE_KIND):
        max_yuan = (project["contract_yuan"] or 0) - dossier.facts["attracted_arrived"]
        row = build_fund_row(FundSource.attracted, FundEvent.arrived, dossier.as_of)
        if max_yuan > 0:
            row = {**row, "project_id": project["project_id"]}
            yield build_project_move(ATTRACTED_FUNDS_MOVE_KIND, dossier, row, max_yuan=max_yuan)


def build_fund_row(source: FundSource, event: FundEvent, on: date) -> LedgerRow:
    return {"source": str(source), "event": str(event), "amount_yuan": 0, "on": on}

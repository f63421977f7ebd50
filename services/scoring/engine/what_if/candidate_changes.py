"""Which facts a unit may move, and in what they are measured: rows, or whole yuan.

Each kind says to which projects it applies, and what one more of it would be as a change of the
ledger on the day. What others decide is not moved: plans, contracts, sizes, who is responsible.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from services.scoring.engine.what_if.changes import Changing, FactChange
from shared.facts.tables import Facts
from shared.facts.words import FundEvent, FundSource, KeyLevel, MilestoneKind, Nature, Word
from shared.ledger.cells import YUAN_LIMIT

LedgerRow = Mapping[str, Any]
MAX_ADDED_YUAN = YUAN_LIMIT - 1
POOLING_THRESHOLD_YUAN = 5_000_000  # from which a project is to be pooled (应统尽统)


class Measured(Word):
    """In what a kind of fact is counted."""

    rows = "rows", "条"
    yuan = "yuan", "元"


ROWS, YUAN = Measured.rows, Measured.yuan


@dataclass(frozen=True)
class FactKind:
    """A kind of fact; `zh` says one more of it, or of money what the amount follows.

    Money is the `column` of one row of the `table`.
    """

    id: str
    zh: str
    measured: Measured
    table: str
    column: str = ""


@dataclass(frozen=True)
class FactMove:
    """One fact of a unit's moved: a row of a table in place of another, or one more.

    Of money `row` has what is there now, and up to `most` yuan may be added to `kind.column`.
    """

    kind: FactKind
    unit_id: str
    project_id: str | None
    row: LedgerRow
    replaces: int | None = None
    key: tuple[str, ...] = ()
    most: int = 0

    def by(self, yuan: int) -> "FactMove":
        """The same with so many yuan more."""
        column = self.kind.column
        return replace(self, row={**self.row, column: (self.row[column] or 0) + yuan})

    def written(self, before: LedgerRow | None) -> FactChange:
        """As a change that anybody may ask «what if» with; `before` is the row it replaces."""
        row = {
            name: serialize_cell(value)
            for name, value in self.row.items()
            if value not in (None, [])
        }
        given: dict[str, Any] = {"table": self.kind.table}
        if before is None:
            return FactChange(change=Changing.add, row=row, **given)
        where = {name: serialize_cell(before[name]) for name in self.key}
        to = {name: row[name] for name in row if before[name] != self.row[name]}
        return FactChange(change=Changing.set, where=where, to=to, **given)


def serialize_cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True)
class Dossier:
    """A live project's rows, each with its place in its table."""

    project: LedgerRow
    place: int
    day: date
    rows: Mapping[str, list[tuple[int, LedgerRow]]] = field(default_factory=dict)

    @cached_property
    def done_on(self) -> dict[str, date]:
        """Milestone kind → its latest actual date up to the day."""
        found: dict[str, date] = {}
        for _, row in self.rows.get("milestones", ()):
            if row["actual_on"] and row["actual_on"] <= self.day:
                kind = str(row["kind"])
                found[kind] = max(row["actual_on"], found.get(kind, row["actual_on"]))
        return found

    def done(self, kind: MilestoneKind) -> bool:
        return kind in self.done_on

    @property
    def begun(self) -> bool:
        nature = self.project["nature"]
        return nature == Nature.continuing or (
            nature == Nature.new and self.done(MilestoneKind.started)
        )

    @property
    def resumes(self) -> bool:
        """Whether it should have resumed this year, and has not."""
        planned = [
            row["planned_on"]
            for _, row in self.rows.get("milestones", ())
            if row["kind"] == MilestoneKind.resumed and row["planned_on"]
        ]
        on = self.done_on.get(MilestoneKind.resumed)
        return bool(planned) and (on is None or on.year < self.day.year)

    @property
    def completed(self) -> int:
        """The investment of the year as last reported, in yuan."""
        reports = [
            (row["as_of"], row["invested_ytd_yuan"])
            for _, row in self.rows.get("progress", ())
            if row["as_of"].year == self.day.year
            and row["as_of"] <= self.day
            and row["invested_ytd_yuan"] is not None
        ]
        return int(max(reports)[1]) if reports else 0

    @property
    def arrived(self) -> int:
        """What its investors have brought so far, in yuan."""
        return sum(
            row["amount_yuan"] or 0
            for _, row in self.rows.get("funds", ())
            if (row["source"], row["event"]) == (FundSource.attracted, FundEvent.arrived)
            and row["on"]
            and row["on"] <= self.day
        )


# --- one row more

MILESTONE_CONDITIONS: Mapping[MilestoneKind, tuple[str, Callable[[Dossier], bool]]] = {
    MilestoneKind.started: ("再开工 1 个项目", lambda d: d.project["nature"] == Nature.new),
    MilestoneKind.resumed: ("再复工 1 个项目", lambda d: d.begun and d.resumes),
    MilestoneKind.pooled: (
        "再入库 1 个项目",
        lambda d: d.begun and (d.project["total_investment_yuan"] or 0) >= POOLING_THRESHOLD_YUAN,
    ),
    MilestoneKind.landed: ("再落地 1 个项目", lambda d: d.done(MilestoneKind.signed)),
    MilestoneKind.completed: ("再竣工 1 个项目", lambda d: d.begun),
    MilestoneKind.in_production: ("再投产 1 个项目", lambda d: d.begun),
}
MILESTONE_FACT_KINDS = {
    kind: FactKind(str(kind), zh, ROWS, "milestones")
    for kind, (zh, _) in MILESTONE_CONDITIONS.items()
}
PERMIT_FACT_KIND = FactKind("permit", "再办结 1 项手续", ROWS, "permits")
LISTING_FACT_KIND = FactKind("listed", "再有 1 个项目列入重点", ROWS, "projects")
INVESTMENT_FACT_KIND = FactKind(
    "investment", "单个项目再完成投资", YUAN, "progress", "invested_ytd_yuan"
)
ATTRACTED_FUNDS_FACT_KIND = FactKind(
    "attracted_funds", "单个项目再到位招商资金", YUAN, "funds", "amount_yuan"
)
WON_FUNDS_FACT_KINDS = {
    FundSource.central_budget: FactKind(
        "central_budget", "再争取中央预算内资金", YUAN, "funds", "amount_yuan"
    ),
    FundSource.policy_instrument: FactKind(
        "policy_instrument", "再争取政策性金融工具", YUAN, "funds", "amount_yuan"
    ),
}
FACT_KINDS = (
    *MILESTONE_FACT_KINDS.values(),
    LISTING_FACT_KIND,
    PERMIT_FACT_KIND,
    INVESTMENT_FACT_KIND,
    ATTRACTED_FUNDS_FACT_KIND,
    *WON_FUNDS_FACT_KINDS.values(),
)


def candidate_moves(facts: Facts, day: date, units: set[str]) -> Iterator[FactMove]:
    """Every fact of these units that may be moved on a day, in order of kind and place."""
    dossiers = [d for d in build_live_dossiers(facts, day) if d.project["unit_id"] in units]
    for kind, (_, applies) in MILESTONE_CONDITIONS.items():
        for dossier in dossiers:
            if applies(dossier) and (kind is MilestoneKind.resumed or not dossier.done(kind)):
                yield build_milestone_move(dossier, kind)
    for dossier in dossiers:
        yield from listing_moves(dossier)
    for dossier in dossiers:
        yield from permit_moves(dossier)
    for dossier in dossiers:
        yield from investment_moves(dossier)
    for dossier in dossiers:
        yield from attracted_funds_moves(dossier)
    for source, kind_of_fund in WON_FUNDS_FACT_KINDS.items():
        for unit in sorted(units):
            row = build_fund_row(source, FundEvent.approved, day)
            yield FactMove(kind_of_fund, unit, None, {**row, "unit_id": unit}, most=MAX_ADDED_YUAN)


def build_live_dossiers(facts: Facts, day: date) -> list[Dossier]:
    """The live projects of a day in order."""
    rows: defaultdict[str, dict[str, list[tuple[int, LedgerRow]]]] = defaultdict(dict)
    for table in ("milestones", "progress", "permits", "funds"):
        for place, row in enumerate(facts.tables[table].to_pylist()):
            rows[row["project_id"]].setdefault(table, []).append((place, row))
    found = [
        Dossier(row, place, day, rows[row["project_id"]])
        for place, row in enumerate(facts.tables["projects"].to_pylist())
    ]
    return [dossier for dossier in found if not dossier.done(MilestoneKind.terminated)]


def build_project_move(kind: FactKind, dossier: Dossier, row: LedgerRow, **given: Any) -> FactMove:
    project = dossier.project
    return FactMove(kind, project["unit_id"], project["project_id"], row, **given)


def build_milestone_move(dossier: Dossier, kind: MilestoneKind) -> FactMove:
    """Done on the day: on the row decided last, or on a row of its own."""
    there = [
        (row["decided_on"] or date.min, place, row)
        for place, row in dossier.rows.get("milestones", ())
        if row["kind"] == kind
    ]
    if not there:
        row = {"project_id": dossier.project["project_id"], "kind": str(kind)}
        return build_project_move(
            MILESTONE_FACT_KINDS[kind], dossier, {**row, "actual_on": dossier.day}
        )
    _, place, last = max(there, key=lambda one: one[:2])
    key = ("project_id", "kind", "decided_on")
    row = {**last, "actual_on": dossier.day}
    return build_project_move(MILESTONE_FACT_KINDS[kind], dossier, row, replaces=place, key=key)


def listing_moves(dossier: Dossier) -> Iterator[FactMove]:
    if not dossier.project["key_levels"]:
        row = {**dossier.project, "key_levels": [str(KeyLevel.county)]}
        yield build_project_move(
            LISTING_FACT_KIND, dossier, row, replaces=dossier.place, key=("project_id",)
        )


def permit_moves(dossier: Dossier) -> Iterator[FactMove]:
    for place, row in dossier.rows.get("permits", ()):
        if row["needed"] and (row["granted_on"] is None or row["granted_on"] > dossier.day):
            key = ("project_id", "kind", "stage")
            granted = {**row, "granted_on": dossier.day}
            yield build_project_move(PERMIT_FACT_KIND, dossier, granted, replaces=place, key=key)


# --- yuan more


def investment_moves(dossier: Dossier) -> Iterator[FactMove]:
    """More investment of the year as reported on the day, up to the project's total."""
    if not dossier.begun:
        return
    project, now = dossier.project, dossier.completed
    most = (project["total_investment_yuan"] or MAX_ADDED_YUAN) - now
    if most <= 0:
        return
    today = [(n, r) for n, r in dossier.rows.get("progress", ()) if r["as_of"] == dossier.day]
    row: LedgerRow = {"project_id": project["project_id"], "as_of": dossier.day}
    place, row = today[0] if today else (None, row)
    row = {**row, "invested_ytd_yuan": now}
    key = ("project_id", "as_of")
    yield build_project_move(INVESTMENT_FACT_KIND, dossier, row, replaces=place, key=key, most=most)


def attracted_funds_moves(dossier: Dossier) -> Iterator[FactMove]:
    """More money of its investors, up to the contract."""
    project = dossier.project
    if project["is_attracted"] and dossier.done(MilestoneKind.signed):
        most = (project["contract_yuan"] or 0) - dossier.arrived
        row = build_fund_row(FundSource.attracted, FundEvent.arrived, dossier.day)
        if most > 0:
            row = {**row, "project_id": project["project_id"]}
            yield build_project_move(ATTRACTED_FUNDS_FACT_KIND, dossier, row, most=most)


def build_fund_row(source: FundSource, event: FundEvent, day: date) -> LedgerRow:
    return {"source": str(source), "event": str(event), "amount_yuan": 0, "on": day}

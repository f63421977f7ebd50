"""Sensitivity: the least change of one fact that moves a unit up one rank, kind by kind.

A project's part in every term is a sum of its own rows', so a changed fact changes the terms by the
difference of its project's parts, and the ranking follows from the terms alone: no candidate is
scored again, and the answer is the one of scoring again. Rows are compared with rows and yuan with
yuan, never one with the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.scoring.engine.figures import format_decimal
from services.scoring.engine.points.manual_entries import ManualEntries
from services.scoring.engine.ranking.ranking import Standing, rank_group
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.plan import GroupPlan
from services.scoring.engine.what_if.candidate_changes import FactMove
from services.scoring.engine.what_if.changes import FactChange
from services.scoring.engine.what_if.least_amount import LeastAmountSearch, Trial, build_trial
from services.scoring.engine.what_if.move_kinds import MOVE_KINDS, ROWS, YUAN, MoveKind

TermDelta = tuple[int, int]
TermDeltas = Mapping[str, Mapping[str, TermDelta]]  # unit → metric → deltas of its two terms


@dataclass(frozen=True)
class TriedMove:
    """A move and its effect on the terms; of money, that of the first yuan and of each other."""

    move: FactMove
    first: TermDeltas
    each: TermDeltas = field(default_factory=dict)

    def deltas_of(self, yuan: int) -> TermDeltas:
        """The effect of so many yuan."""
        units = self.first.keys() | self.each.keys()
        return {unit: self.unit_deltas(unit, yuan) for unit in units}

    def unit_deltas(self, unit: str, yuan: int) -> dict[str, TermDelta]:
        first, each = self.first.get(unit, {}), self.each.get(unit, {})
        found = {}
        for metric in first.keys() | each.keys():
            (n, d), (more_n, more_d) = first.get(metric, (0, 0)), each.get(metric, (0, 0))
            found[metric] = n + (yuan - 1) * more_n, d + (yuan - 1) * more_d
        return found

    @property
    def has_no_effect(self) -> bool:
        return not any(self.first.values()) and not any(self.each.values())


@dataclass
class RankedGroup:
    """The units that are ranked together, and their trials with other terms."""

    terms: Mapping[str, UnitTerms]
    result: ScoringResult
    plan: GroupPlan
    known: dict[frozenset[Any], Trial] = field(default_factory=dict)

    def try_deltas(self, deltas: TermDeltas) -> Trial:
        """The group with these deltas of its terms; the same deltas are tried once."""
        same = frozenset(
            (unit, metric, part)
            for unit, of_metric in deltas.items()
            for metric, part in of_metric.items()
        )
        if same not in self.known:
            terms = self.apply_deltas(deltas)
            made = rank_group([*terms.values()], self.plan, self.entered)
            self.known[same] = build_trial(made, terms, self.plan)
        return self.known[same]

    @property
    def entered(self) -> ManualEntries:
        return self.result.entered

    def apply_deltas(self, deltas: TermDeltas) -> dict[str, UnitTerms]:
        of_all = {metric.id for metric in self.result.scheme.needed_metrics if metric.of_all}
        sum_of_all: dict[str, int] = {}
        for of_metric in deltas.values():
            for metric in of_metric.keys() & of_all:
                sum_of_all[metric] = sum_of_all.get(metric, 0) + of_metric[metric][1]
        return {
            unit: apply_term_deltas(terms, deltas.get(unit, {}), sum_of_all, of_all)
            for unit, terms in self.terms.items()
        }


def apply_term_deltas(
    terms: UnitTerms,
    deltas: Mapping[str, TermDelta],
    sum_of_all: Mapping[str, int],
    of_all: set[str],
) -> UnitTerms:
    """A unit's terms with its own deltas; denominators of all get the sum of all deltas."""
    if not deltas and not sum_of_all:
        return terms
    made = dict(terms.of_metric)
    for metric in deltas.keys() | sum_of_all.keys():
        numerator, denominator = made[metric]
        more_n, more_d = deltas.get(metric, (0, 0))
        if metric in of_all:
            more_d = sum_of_all.get(metric, 0)
        more = None if denominator is None else denominator + more_d
        made[metric] = (numerator + more_n, more)
    return UnitTerms(terms.unit_id, terms.group, terms.live_projects, made)


@dataclass(frozen=True)
class LeastChange:
    """The least change of one kind that moves a unit up: rows or yuan, project, rank reached.

    `candidates` is the number of facts considered; without a `move` none of them moves the unit up,
    or the answer cannot be found, with `unsolvable` as the reason.
    """

    kind: MoveKind
    candidates: int
    move: FactMove | None = None
    amount: int = 1
    rank: int | None = None
    total: str | None = None
    unsolvable: str = ""


def find_least_changes(
    result: ScoringResult, unit: str, tried: Sequence[TriedMove], unsolvable: Mapping[str, str]
) -> list[LeastChange]:
    """For a ranked unit, the least change of every kind, in the order of the kinds.

    `unsolvable` is kind of money → the reason why its answer cannot be found.
    """
    group = build_ranked_group(result, unit)
    found = []
    for kind in MOVE_KINDS:
        of_kind = [one for one in tried if one.move.kind == kind]
        if kind.id in unsolvable:
            found.append(LeastChange(kind, len(of_kind), unsolvable=unsolvable[kind.id]))
        elif kind.measured is ROWS:
            found.append(find_least_row(kind, of_kind, group, unit))
        else:
            found.append(find_least_yuan(kind, of_kind, group, unit))
    return found


def build_ranked_group(result: ScoringResult, unit: str) -> RankedGroup:
    name = result.terms[unit].group
    terms = {u: terms for u, terms in result.terms.items() if terms.group == name}
    return RankedGroup(terms, result, result.plans[name])


def find_least_row(
    kind: MoveKind, tried: Iterable[TriedMove], group: RankedGroup, unit: str
) -> LeastChange:
    """The row that moves the unit highest; of equal ones the first."""
    before, candidates, best = group.try_deltas({}).ranks[unit], 0, None
    for one in tried:
        candidates += 1
        if one.has_no_effect:
            continue
        after = group.try_deltas(one.first)
        outcome = (after.ranks[unit], -after.totals[unit])
        if outcome[0] < before and (best is None or outcome < best[0]):
            best = (outcome, one, after)
    if best is None:
        return LeastChange(kind, candidates)
    _, one, after = best
    return LeastChange(
        kind, candidates, one.move, 1, after.ranks[unit], format_total(group, after, unit)
    )


def find_least_yuan(
    kind: MoveKind, tried: Iterable[TriedMove], group: RankedGroup, unit: str
) -> LeastChange:
    """The least amount on any one project; of equal ones the first project."""
    before, candidates, best = group.try_deltas({}).ranks[unit], 0, None
    for one in tried:
        candidates += 1
        if one.has_no_effect:
            continue
        most = one.move.max_yuan if best is None else min(one.move.max_yuan, best[0] - 1)

        def at(yuan: int, one: TriedMove = one) -> Trial:
            return group.try_deltas(one.deltas_of(yuan))

        amount = LeastAmountSearch(unit, before, group.plan, at).find_least(1, most)
        if amount is not None:
            best = (amount, one, at(amount))
    if best is None:
        return LeastChange(kind, candidates)
    amount, one, after = best
    move = one.move.increased_by(amount)
    return LeastChange(
        kind, candidates, move, amount, after.ranks[unit], format_total(group, after, unit)
    )


def format_total(group: RankedGroup, after: Trial, unit: str) -> str | None:
    return format_decimal(after.totals[unit], group.result.scheme.decimals)


# --- documents


def describe_least_change(least: LeastChange, projects: Mapping[str, str]) -> str:
    """A sentence on one kind's answer, for a director; `projects` is project → name."""
    more = least.kind.zh
    if least.unsolvable:
        return f"{more}：{least.unsolvable}"
    if not least.candidates:
        return f"{more}：没有可动的项目"
    if least.move is None:
        return f"仅靠{more}不能升位"
    project = least.move.project_id
    name = f"（{project} {projects[project]}）" if project else ""
    amount = f" {least.amount:,} 元" if least.kind.measured is YUAN else ""
    return f"{more}{amount}{name}，可升至第 {least.rank} 名"


def least_change_document(
    least: LeastChange, change: FactChange | None, projects: Mapping[str, str]
) -> dict[str, Any]:
    """One kind's answer; `change` is the same as a change of a «what if» request."""
    moved = least.move is not None
    return {
        "kind": least.kind.id,
        "measured_in": least.kind.measured,
        "least": least.amount if moved else None,
        "project_id": least.move.project_id if least.move else None,
        "rank": least.rank,
        "total": least.total,
        "facts_looked_at": least.candidates,
        "change": change.model_dump(mode="json") if change else None,
        "said": describe_least_change(least, projects),
    }


def unit_sensitivity_document(
    standing: Standing, group: str, name: str, decimals: int, kinds: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """One unit's answers; the shortest changes first: rows, then yuan, the least first."""
    return {
        "unit_id": standing.unit_id,
        "name": name,
        "group": group,
        "rank": standing.rank,
        "total": format_decimal(standing.total, decimals),
        "said": describe_unit_changes(standing, [*shortest_changes(kinds)]),
        "kinds": [*kinds],
    }


def shortest_changes(kinds: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The kinds that move the unit up: of rows all, of yuan the least."""
    yield from (one for one in kinds if one["least"] and one["measured_in"] is ROWS)
    yuan = [one for one in kinds if one["least"] and one["measured_in"] is YUAN]
    yield from sorted(yuan, key=lambda one: one["least"])[:1]


def describe_unit_changes(standing: Standing, changes: Sequence[dict[str, Any]]) -> str:
    if standing.rank is None:
        return "没有参加排名"
    if standing.rank == 1:
        return "已是第 1 名"
    return "；或".join(change["said"] for change in changes) or "仅动一处事实不能升位"

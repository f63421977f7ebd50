"""What would move a unit up one rank: the least change of one fact, kind by kind.

A project's part in every term is a sum of its own rows', so a changed fact changes the terms by the
difference of its project's parts, and the ranking follows from the terms alone: nothing is scored
anew for a candidate, and the answer is what scoring anew would give.
Rows are compared with rows and yuan with yuan, never one with the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.scoring.engine.figures import printed
from services.scoring.engine.points.manual_entries import Entered
from services.scoring.engine.ranking.ranking import Standing, standings
from services.scoring.engine.ranking.unit_terms import Terms
from services.scoring.engine.results.run_result import Result
from services.scoring.engine.scheme.model import scheme_for
from services.scoring.engine.what_if.candidate_changes import KINDS, ROWS, YUAN, Movable, Move
from services.scoring.engine.what_if.changes import FactChange
from services.scoring.engine.what_if.least_amount import Search, Trial, trial

Part = tuple[int, int]
Parts = Mapping[str, Mapping[str, Part]]  # unit → metric → what is added to its two terms


@dataclass(frozen=True)
class Tried:
    """A move and what it adds to the terms; of money, what the first yuan adds and each other."""

    move: Move
    first: Parts
    each: Parts = field(default_factory=dict)

    def adding(self, yuan: int) -> Parts:
        """What so many yuan add."""
        units = self.first.keys() | self.each.keys()
        return {unit: self.of_unit(unit, yuan) for unit in units}

    def of_unit(self, unit: str, yuan: int) -> dict[str, Part]:
        first, each = self.first.get(unit, {}), self.each.get(unit, {})
        found = {}
        for metric in first.keys() | each.keys():
            (n, d), (more_n, more_d) = first.get(metric, (0, 0)), each.get(metric, (0, 0))
            found[metric] = n + (yuan - 1) * more_n, d + (yuan - 1) * more_d
        return found

    @property
    def does_nothing(self) -> bool:
        return not any(self.first.values()) and not any(self.each.values())


@dataclass
class Group:
    """The units that are ranked together, and what their ranks are with other terms."""

    terms: Mapping[str, Terms]
    result: Result
    name: str
    known: dict[frozenset[Any], Trial] = field(default_factory=dict)

    def with_added(self, added: Parts) -> Trial:
        """The group when terms are added to; the same addition is tried once."""
        same = frozenset(
            (unit, metric, part)
            for unit, of_metric in added.items()
            for metric, part in of_metric.items()
        )
        if same not in self.known:
            scheme = scheme_for(self.result.scheme, self.name)
            terms = self.terms_with(added)
            made = standings([*terms.values()], scheme, self.entered)
            self.known[same] = trial(made, terms, scheme)
        return self.known[same]

    @property
    def entered(self) -> Entered:
        return self.result.entered

    def terms_with(self, added: Parts) -> dict[str, Terms]:
        of_all = {metric.id for metric in self.result.scheme.needed_metrics if metric.of_all}
        everybodys: dict[str, int] = {}
        for of_metric in added.values():
            for metric in of_metric.keys() & of_all:
                everybodys[metric] = everybodys.get(metric, 0) + of_metric[metric][1]
        return {
            unit: changed_terms(terms, added.get(unit, {}), everybodys, of_all)
            for unit, terms in self.terms.items()
        }


def changed_terms(
    terms: Terms, added: Mapping[str, Part], everybodys: Mapping[str, int], of_all: set[str]
) -> Terms:
    """A unit's terms with its own additions, and everybody's to the denominators of all."""
    if not added and not everybodys:
        return terms
    made = dict(terms.of_metric)
    for metric in added.keys() | everybodys.keys():
        numerator, denominator = made[metric]
        more_n, more_d = added.get(metric, (0, 0))
        if metric in of_all:
            more_d = everybodys.get(metric, 0)
        more = None if denominator is None else denominator + more_d
        made[metric] = (numerator + more_n, more)
    return Terms(terms.unit_id, terms.group, terms.live_projects, made)


@dataclass(frozen=True)
class Least:
    """The least of one kind that moves a unit up: rows or yuan, on which project, and to where.

    `ways` is how many facts were looked at; without a `move` none of them moves the unit up, or,
    as `why_not` says, it cannot be told.
    """

    kind: Movable
    ways: int
    move: Move | None = None
    amount: int = 1
    rank: int | None = None
    total: str | None = None
    why_not: str = ""


def least_changes(
    result: Result, unit: str, tried: Sequence[Tried], untold: Mapping[str, str]
) -> list[Least]:
    """For a ranked unit, the least of every kind, in the order of the kinds.

    `untold` is the kind of money of which the answer cannot be told, and why.
    """
    group = group_of(result, unit)
    found = []
    for kind in KINDS:
        of_kind = [one for one in tried if one.move.kind == kind]
        if kind.id in untold:
            found.append(Least(kind, len(of_kind), why_not=untold[kind.id]))
        elif kind.measured is ROWS:
            found.append(one_row(kind, of_kind, group, unit))
        else:
            found.append(least_yuan(kind, of_kind, group, unit))
    return found


def group_of(result: Result, unit: str) -> Group:
    name = result.terms[unit].group
    terms = {u: terms for u, terms in result.terms.items() if terms.group == name}
    return Group(terms, result, name)


def one_row(kind: Movable, tried: Iterable[Tried], group: Group, unit: str) -> Least:
    """Of the rows that move the unit up, the one that takes it highest; then the first."""
    before, ways, best = group.with_added({}).ranks[unit], 0, None
    for one in tried:
        ways += 1
        if one.does_nothing:
            continue
        after = group.with_added(one.first)
        place = (after.ranks[unit], -after.totals[unit])
        if place[0] < before and (best is None or place < best[0]):
            best = (place, one, after)
    if best is None:
        return Least(kind, ways)
    _, one, after = best
    return Least(kind, ways, one.move, 1, after.ranks[unit], total(group, after, unit))


def least_yuan(kind: Movable, tried: Iterable[Tried], group: Group, unit: str) -> Least:
    """The least amount on any one project; of equal ones the first project."""
    before, ways, best = group.with_added({}).ranks[unit], 0, None
    scheme = scheme_for(group.result.scheme, group.name)
    for one in tried:
        ways += 1
        if one.does_nothing:
            continue
        most = one.move.most if best is None else min(one.move.most, best[0] - 1)

        def at(yuan: int, one: Tried = one) -> Trial:
            return group.with_added(one.adding(yuan))

        amount = Search(unit, before, scheme, at).least(1, most)
        if amount is not None:
            best = (amount, one, at(amount))
    if best is None:
        return Least(kind, ways)
    amount, one, after = best
    move = one.move.by(amount)
    return Least(kind, ways, move, amount, after.ranks[unit], total(group, after, unit))


def total(group: Group, after: Trial, unit: str) -> str | None:
    return printed(after.totals[unit], group.result.scheme.decimals)


# --- as it is told


def told(least: Least, projects: Mapping[str, str]) -> str:
    """One kind's answer as a director reads it; `projects` is project → name."""
    more = least.kind.zh
    if least.why_not:
        return f"{more}：{least.why_not}"
    if not least.ways:
        return f"{more}：没有可动的项目"
    if least.move is None:
        return f"仅靠{more}不能升位"
    project = least.move.project_id
    name = f"（{project} {projects[project]}）" if project else ""
    amount = f" {least.amount:,} 元" if least.kind.measured is YUAN else ""
    return f"{more}{amount}{name}，可升至第 {least.rank} 名"


def least_document(
    least: Least, change: FactChange | None, projects: Mapping[str, str]
) -> dict[str, Any]:
    """One kind's answer; `change` is it as a change to ask «what if» with."""
    moved = least.move is not None
    return {
        "kind": least.kind.id,
        "measured_in": least.kind.measured,
        "least": least.amount if moved else None,
        "project_id": least.move.project_id if least.move else None,
        "rank": least.rank,
        "total": least.total,
        "facts_looked_at": least.ways,
        "change": change.model_dump(mode="json") if change else None,
        "said": told(least, projects),
    }


def unit_document(
    standing: Standing, group: str, name: str, decimals: int, found: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """One unit's answers; the shortest ways first: rows, then yuan, the least first."""
    return {
        "unit_id": standing.unit_id,
        "name": name,
        "group": group,
        "rank": standing.rank,
        "total": printed(standing.total, decimals),
        "said": summary(standing, [*shortest(found)]),
        "kinds": [*found],
    }


def shortest(found: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The kinds that move the unit up: of rows all, of yuan the least."""
    yield from (one for one in found if one["least"] and one["measured_in"] is ROWS)
    yuan = [one for one in found if one["least"] and one["measured_in"] is YUAN]
    yield from sorted(yuan, key=lambda one: one["least"])[:1]


def summary(standing: Standing, ways: Sequence[dict[str, Any]]) -> str:
    if standing.rank is None:
        return "没有参加排名"
    if standing.rank == 1:
        return "已是第 1 名"
    return "；或".join(way["said"] for way in ways) or "仅动一处事实不能升位"

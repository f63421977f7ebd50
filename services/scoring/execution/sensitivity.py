"""The effects of all candidates on the terms, from one query; the ranking follows from them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from services.scoring.engine.catalogue.facts import CATALOGUE_FACTS
from services.scoring.engine.language.linearity import NONLINEAR, Dependence
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.plan import GroupPlan
from services.scoring.engine.scheme.project_marks import ProjectMarks, sum_mark_terms
from services.scoring.engine.what_if.candidate_changes import FactMove, candidate_moves
from services.scoring.engine.what_if.isolated_projects import (
    UNIT_SEPARATOR,
    ProjectCopy,
    build_copied_ledger,
    find_identifying_text,
)
from services.scoring.engine.what_if.least_amount import is_monotonic
from services.scoring.engine.what_if.move_kinds import MOVE_KINDS, YUAN, project_facts_query
from services.scoring.engine.what_if.sensitivity import (
    TermDeltas,
    TriedMove,
    find_least_changes,
    least_change_document,
    unit_sensitivity_document,
)
from services.scoring.engine.what_if.weight_sensitivity import (
    try_weight_changes,
    weight_change_document,
)
from services.scoring.execution.day_query import (
    DayQuery,
    DeclaredFacts,
    build_day_query,
    declared_facts,
)
from services.scoring.execution.duckdb import open_query_runner
from services.scoring.execution.row_order import order_facts
from services.scoring.execution.unit_terms import (
    name_overflow_source,
    query_project_marks,
    query_tallied_terms,
)
from shared.facts.projects import Project, Unit
from shared.facts.tables import Facts
from shared.problems import Conflict


class NotForThisScheme(Conflict):
    """这个方案不能逐项试算

    Candidates cannot be tried one by one with this scheme.
    """


def compute_sensitivity(
    facts: Facts, result: ScoringResult, units: Collection[str]
) -> dict[str, Any]:
    """Per unit the least change of every kind, and the effect of a tenth of a weight.

    `result` is the ranking of the facts. Raises NotForThisScheme where a formula names units or
    projects, and FiguresTooLarge.
    """
    return {
        "as_of": result.as_of.isoformat(),
        "scheme": result.scheme.id,
        "units": least_changes_of_units(facts, result, units),
        "weights": [weight_change_document(found, units) for found in try_weight_changes(result)],
    }


def least_changes_of_units(
    facts: Facts, result: ScoringResult, units: Collection[str]
) -> list[dict[str, Any]]:
    """The units in order of group and rank, each with its answers."""
    facts = order_facts(facts)  # of equally small changes the first is named
    scheme, declared = result.scheme, declared_facts(result.scheme, result.preset)
    if text := find_identifying_text(scheme_texts(scheme, declared)):
        raise NotForThisScheme(
            f"公式按编号区分单位或项目：{text}", f"A formula names units or projects: {text}"
        )
    below_first = {
        s.unit_id
        for standings in result.groups.values()
        for s in standings
        if s.unit_id in units and (s.rank or 0) > 1
    }
    moves = query_candidate_moves(facts, result.as_of, below_first)
    tried = try_moves(facts, result, moves)
    return list(unit_documents(facts, result, units, tried, declared))


def unit_documents(
    facts: Facts,
    result: ScoringResult,
    units: Collection[str],
    tried: Sequence[TriedMove],
    declared: DeclaredFacts,
) -> Iterator[dict[str, Any]]:
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    projects = {project.project_id: project.name for project in facts.rows(Project)}
    rows = {kind.table: facts.tables[kind.table].to_pylist() for kind in MOVE_KINDS}
    for group, standings in result.groups.items():
        unsolvable = unsolvable_kinds(result.plans[group], declared)
        for standing in (s for s in standings if s.unit_id in units):
            found = []
            if (standing.rank or 0) > 1:
                own = [one for one in tried if one.move.unit_id == standing.unit_id]
                for least in find_least_changes(result, standing.unit_id, own, unsolvable):
                    move, change = least.move, None
                    if move is not None:
                        at = move.replaces
                        change = move.to_change(None if at is None else rows[move.kind.table][at])
                    found.append(least_change_document(least, change, projects))
            name, decimals = names[standing.unit_id], result.scheme.decimals
            yield unit_sensitivity_document(standing, group, name, decimals, found)


# --- the moves and their effects


def query_candidate_moves(
    facts: Facts, as_of: date, units: set[str], catalogue: DeclaredFacts = CATALOGUE_FACTS
) -> list[FactMove]:
    """Every fact of these units that may be moved on a day. Raises FiguresTooLarge."""
    if not units:
        return []
    with open_query_runner(facts) as run, name_overflow_source("敏感性", "Sensitivity"):
        rows = run(project_facts_query(catalogue), as_of)
    return [*candidate_moves(facts, {row["project_id"]: row for row in rows}, as_of, units)]


def try_moves(facts: Facts, result: ScoringResult, moves: Sequence[FactMove]) -> list[TriedMove]:
    """Every move with its effect on the terms; of money with one yuan, and with one more."""
    projects = list(dict.fromkeys((m.project_id, m.unit_id) for m in moves if m.project_id))
    at_first = {project: n for n, (project, _) in enumerate(projects)}
    copies = [ProjectCopy(project, unit) for project, unit in projects]
    for move in moves:
        is_money, table = move.kind.measured is YUAN, move.kind.table
        variants = (move.increased_by(1), move.increased_by(2)) if is_money else (move,)
        for row in (variant.row for variant in variants):
            copies.append(ProjectCopy(move.project_id, move.unit_id, table, row, move.replaces))
    parts = compute_copy_deltas(build_copied_ledger(facts, copies), copies, result)
    found, n = [], len(projects)
    for move in moves:
        before: TermDeltas = parts[at_first[move.project_id]] if move.project_id else {}
        if move.kind.measured is YUAN:
            found.append(
                TriedMove(
                    move, subtract_terms(parts[n], before), subtract_terms(parts[n + 1], parts[n])
                )
            )
            n += 2
        else:
            found.append(TriedMove(move, subtract_terms(parts[n], before)))
            n += 1
    return found


def compute_copy_deltas(
    facts: Facts, copies: Sequence[ProjectCopy], result: ScoringResult
) -> list[TermDeltas]:
    """Each copy's unit → metric → its two terms, before denominators are of all units."""
    made: list[dict[str, dict[str, tuple[int, int]]]] = [{} for _ in copies]
    if not copies:
        return []
    with open_query_runner(facts) as run:
        query = build_day_query(run, result.as_of, result.scheme, result.preset)
        for unit, of_metric in query_integer_terms(query).items():
            n, _, other = unit.partition(UNIT_SEPARATOR)
            made[int(n)][other or copies[int(n)].unit_id] = of_metric
    return list(made)


def query_integer_terms(query: DayQuery) -> dict[str, dict[str, tuple[int, int]]]:
    """Unit → metric → numerator and denominator, 0 where there is none; not what is by hand."""
    counted = [metric for metric in query.metrics if metric.is_tallied]
    found = {
        row["unit_id"]: {m.id: (row[f"{m.id} n"], row.get(f"{m.id} d", 0)) for m in counted}
        for row in query_tallied_terms(query)
    }
    for metric in query.metrics:
        if metric.marks:
            marks = sum_mark_terms(metric, query_project_marks(query, metric)[0])
            for unit, (numerator, denominator) in marks.items():
                found[unit][metric.id] = numerator, denominator or 0
    return found


def subtract_terms(after: TermDeltas, before: TermDeltas) -> dict[str, dict[str, tuple[int, int]]]:
    """The differences between two deltas, where there are any."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for unit in after.keys() | before.keys():
        own, own_before = after.get(unit, {}), before.get(unit, {})
        for metric in own.keys() | own_before.keys():
            (n, d), (n_before, d_before) = own.get(metric, (0, 0)), own_before.get(metric, (0, 0))
            if (n, d) != (n_before, d_before):
                found.setdefault(unit, {})[metric] = n - n_before, d - d_before
    return found


# --- solvability with a scheme


def scheme_texts(scheme: Scheme, declared: DeclaredFacts) -> Iterator[str]:
    """Every formula that the ranking depends on."""
    for fact in declared.values():
        yield from (fact.text, fact.where)
    for metric in scheme.needed_metrics:
        yield from (metric.population, metric.numerator, metric.denominator)
    for marks in scheme.project_marks:
        yield from mark_texts(marks)


def mark_texts(marks: ProjectMarks) -> list[str]:
    of_items = (t for item in marks.items for t in (item.when, item.numerator, item.denominator))
    return [text for text in (marks.population, *of_items) if text]


def unsolvable_kinds(plan: GroupPlan, declared: DeclaredFacts) -> dict[str, str]:
    """Kind of money whose least amount cannot be found exactly → the reason."""
    rules = {scored.id: [scored.points] for _, scored in plan.scored_by_pillar()}
    for item in plan.adjustments.items if plan.adjustments else ():
        rules.setdefault(item.id, []).append(item.points)
    found = {}
    for kind in (kind for kind in MOVE_KINDS if kind.measured is YUAN):
        dependence = Dependence(declared, kind.table, kind.column)
        marked = {
            marks.id
            for marks in plan.project_marks
            if any(dependence.text_degree(text) for text in mark_texts(marks))
        }
        for metric in plan.needed_metrics:
            reached = NONLINEAR if metric.marks in marked else dependence.metric_degree(metric)
            if reached == NONLINEAR:
                found[kind.id] = f"“{metric.zh}”不随金额按比例变化，求不出最小金额"
            elif reached and not all(map(is_monotonic, rules.get(metric.id, ()))):
                found[kind.id] = f"“{metric.zh}”的得分随名次起落，求不出最小金额"
    return found

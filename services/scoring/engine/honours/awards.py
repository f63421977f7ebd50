"""Awards (HD-12): candidates, requirements, winners, and the reasons of the others.

Awards for projects are conditions in the language over a project's facts; awards for units, over a
metric of the unit's, its target and the average. An award whose data are not there stays off.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from services.scoring.engine.declarations import Metric, NamedFact, describe_unavailable
from services.scoring.engine.honours.placement import DayRanking, first_units
from services.scoring.engine.language.compiler import with_clause_sql
from services.scoring.engine.language.expressions import SymbolTable
from services.scoring.engine.language.formula_text import FormulaMistake, FormulaText
from services.scoring.engine.language.interpreter import find_condition_error, is_condition_met
from services.scoring.engine.language.ratios import (
    FigureSymbols,
    Ratio,
    compile_quantity,
    compile_ratio_condition,
)
from services.scoring.engine.language.symbols import ProjectSymbols, quote_identifier
from services.scoring.engine.lights.unit_lights import UNIT_TEXT_NAMES, UnitTargets
from services.scoring.engine.scheme.honour_declarations import Award

NO_FIGURE = "没有可比的数值"


@dataclass(frozen=True)
class AwardCandidate:
    """A project or a unit considered for an award; without reasons against it, it wins."""

    subject_id: str
    unit_id: str
    figure: Fraction | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class AwardResult:
    """An award with its winners and the other candidates; `off` is the reason why it has none."""

    award: Award
    winners: Sequence[AwardCandidate]
    others: Sequence[AwardCandidate]
    off: str | None = None


# --- the query


def awards_query(awards: Iterable[Award], declared: Mapping[str, NamedFact]) -> str | None:
    """The candidates of the projects' awards, in order; None where there is no such award.

    Columns: `project_id`, `unit_id`, and an award each `ID` (is it a candidate), `ID 0`, `ID 1` …
    (does it meet the requirement), `ID n` and `ID d` (its figure).
    """
    projects = ProjectSymbols(declared)
    queried = [award for award in awards if award.subject == "project" and not award.needs]
    columns = [column for award in queried for column in compile_award(award, projects)]
    if not queried:
        return None
    candidates = " OR ".join(quote_identifier(award.id) for award in queried)
    return (
        f"{with_clause_sql(projects.build_layers())}\n"
        f"SELECT * FROM (SELECT project_id, unit_id, {', '.join(columns)} FROM facts)\n"
        f"WHERE {candidates}\nORDER BY project_id"
    )


def compile_award(award: Award, projects: ProjectSymbols) -> list[str]:
    """The SQL of an award for projects. Raises FormulaMistake."""
    place = f"奖项 {award.id} 的"
    figure = compile_quantity(award.figure, projects, place) if award.figure else None
    names: SymbolTable = FigureSymbols(projects, figure) if figure else projects
    candidates = FormulaText(award.candidates, f"{place} candidates")
    columns = [f"{compile_ratio_condition(candidates, names)} AS {quote_identifier(award.id)}"]
    for n, required in enumerate(award.requires):
        sql = compile_ratio_condition(FormulaText(required.text, f"{place} requires"), names)
        columns.append(f"{sql} AS {quote_identifier(f'{award.id} {n}')}")
    if figure:
        divisor = figure.divisor if isinstance(figure, Ratio) else "1"
        columns.append(f"{figure.sql} AS {quote_identifier(f'{award.id} n')}")
        columns.append(f"{divisor} AS {quote_identifier(f'{award.id} d')}")
    return columns


def find_award_errors(
    awards: Sequence[Award], declared: Mapping[str, NamedFact], known: Mapping[str, Metric]
) -> Iterator[tuple[int, str]]:
    """Texts that do not compile and metrics that do not exist: index of the award, message."""
    for n, award in enumerate(awards):
        if award.needs:
            continue
        if award.subject == "project":
            try:
                compile_award(award, ProjectSymbols(declared))
            except FormulaMistake as mistake:
                yield n, mistake.detail
            continue
        if award.metric not in known:
            yield n, f"没有名为“{award.metric}”的指标"
        for text in award_texts(award):
            if mistake_found := find_condition_error(text, UNIT_TEXT_NAMES):
                yield n, mistake_found.detail


def award_texts(award: Award) -> Iterator[FormulaText]:
    if award.candidates:
        yield FormulaText(award.candidates, f"奖项 {award.id} 的 candidates")
    for required in award.requires:
        yield FormulaText(required.text, f"奖项 {award.id} 的 requires")


# --- the decision


def decide_awards(
    declared: Sequence[Award],
    rows: Sequence[Mapping[str, Any]],
    ranking: DayRanking,
    targets: UnitTargets,
) -> list[AwardResult]:
    """Every award with its candidates; `rows` are those of `awards_query`."""
    results = []
    for award in declared:
        if award.needs:
            results.append(
                AwardResult(award, [], [], f"{describe_unavailable(award.needs)}，本奖项暂不评")
            )
        elif award.subject == "project":
            results.append(
                decide_award(
                    award, [build_project_candidate(award, row) for row in rows if row[award.id]]
                )
            )
        else:
            results.append(
                decide_award(award, list(build_unit_candidates(award, ranking, targets)), ranking)
            )
    return results


def build_project_candidate(award: Award, row: Mapping[str, Any]) -> AwardCandidate:
    reasons = [r.zh for n, r in enumerate(award.requires) if not row[f"{award.id} {n}"]]
    n, d = (row[f"{award.id} {side}"] if award.figure else None for side in "nd")
    figure = Fraction(n, d) if n is not None and d is not None and d > 0 else None
    return AwardCandidate(
        row["project_id"], row["unit_id"], figure, tuple(f"未达到：{r}" for r in reasons)
    )


def build_unit_candidates(
    award: Award, ranking: DayRanking, targets: UnitTargets
) -> Iterator[AwardCandidate]:
    for group, standings in ranking.groups.items():
        if group not in (award.groups or (group,)):
            continue
        for unit in sorted(s.unit_id for s in standings if s.rank is not None):
            values = ranking.units.values(unit, award.metric or "", targets)
            if award.candidates and not is_condition_met(FormulaText(award.candidates, ""), values):
                continue
            missing = [
                r.zh
                for r in award.requires
                if not is_condition_met(FormulaText(r.text, ""), values)
            ]
            reasons = tuple(f"未达到：{zh}" for zh in missing)
            yield AwardCandidate(unit, unit, values["figure"], reasons)


def decide_award(
    award: Award, candidates: Sequence[AwardCandidate], ranking: DayRanking | None = None
) -> AwardResult:
    """The winners, best first: candidates that meet every requirement, of the `first` if set."""
    metric = ranking.units.metrics[award.metric] if ranking and award.metric else None
    sign = -1 if metric and metric.direction == "lower" else 1
    met = [c for c in candidates if not c.reasons]
    within = {c.subject_id for c in met}
    if award.first is not None:
        worth = {c.subject_id: sign * c.figure for c in met if c.figure is not None}
        within = first_units(worth, award.first)
    winners = [c for c in met if c.subject_id in within]
    winners.sort(key=lambda c: (c.figure is None, -sign * (c.figure or 0), c.subject_id))
    others = [c for c in candidates if c.reasons or c.subject_id not in within]
    return AwardResult(award, winners, [add_refusal_reason(award, c) for c in others])


def add_refusal_reason(award: Award, candidate: AwardCandidate) -> AwardCandidate:
    """A candidate without the award, with the reason."""
    if candidate.reasons:
        return candidate
    beyond = f"名次在前 {award.first} 名以外"
    return replace(candidate, reasons=(NO_FIGURE if candidate.figure is None else beyond,))

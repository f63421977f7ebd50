"""Awards (HD-12): candidates, what is required of them, and who of them has earned it, and why not.

Awards for projects are conditions in the language over a project's facts; awards for units, over a
metric of the unit's, its target and the average. An award that needs what is not there stays off.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from services.scoring.engine.declarations import Metric, NamedFact, off
from services.scoring.engine.honours.placement import RankedOnDay, first_of
from services.scoring.engine.language.compiler import with_layers
from services.scoring.engine.language.expressions import FormulaMistake, Text
from services.scoring.engine.language.interpreter import holds, mistake_in
from services.scoring.engine.language.ratios import Ratio, WithFigure, figure_of, flag
from services.scoring.engine.language.symbols import ProjectNames, quoted
from services.scoring.engine.lights.unit_lights import NAMES, Targets
from services.scoring.engine.scheme.honour_declarations import Award

NO_FIGURE = "没有可比的数值"


@dataclass(frozen=True)
class Candidate:
    """A project or a unit that was considered; without reasons against it, it has the award."""

    subject_id: str
    unit_id: str
    figure: Fraction | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class AwardGiven:
    """An award with everybody considered; `off` is why nobody was."""

    award: Award
    winners: Sequence[Candidate]
    others: Sequence[Candidate]
    off: str | None = None


# --- what is asked


def awards_query(awards: Iterable[Award], declared: Mapping[str, NamedFact]) -> str | None:
    """The candidates of the projects' awards, in order; None where there is no such award.

    Columns: `project_id`, `unit_id`, and an award each `ID` (is it a candidate), `ID 0`, `ID 1` …
    (does it meet the requirement), `ID n` and `ID d` (its figure).
    """
    projects = ProjectNames(declared)
    asked = [award for award in awards if award.subject == "project" and not award.needs]
    columns = [column for award in asked for column in award_columns(award, projects)]
    if not asked:
        return None
    candidates = " OR ".join(quoted(award.id) for award in asked)
    return (
        f"{with_layers(projects.layers())}\n"
        f"SELECT * FROM (SELECT project_id, unit_id, {', '.join(columns)} FROM facts)\n"
        f"WHERE {candidates}\nORDER BY project_id"
    )


def award_columns(award: Award, projects: ProjectNames) -> list[str]:
    """The SQL of an award for projects. Raises FormulaMistake."""
    place = f"奖项 {award.id} 的"
    figure = figure_of(award.figure, projects, place) if award.figure else None
    names = WithFigure(projects, figure) if figure else projects
    made = [f"{flag(Text(award.candidates, f'{place} candidates'), names)} AS {quoted(award.id)}"]
    for n, required in enumerate(award.requires):
        sql = flag(Text(required.text, f"{place} requires"), names)
        made.append(f"{sql} AS {quoted(f'{award.id} {n}')}")
    if figure:
        divisor = figure.divisor if isinstance(figure, Ratio) else "1"
        made.append(f"{figure.sql} AS {quoted(f'{award.id} n')}")
        made.append(f"{divisor} AS {quoted(f'{award.id} d')}")
    return made


def award_mistakes(
    awards: Sequence[Award], declared: Mapping[str, NamedFact], known: Mapping[str, Metric]
) -> Iterator[tuple[int, str]]:
    """Texts that do not compile and metrics that are nowhere."""
    for n, award in enumerate(awards):
        if award.needs:
            continue
        if award.subject == "project":
            try:
                award_columns(award, ProjectNames(declared))
            except FormulaMistake as mistake:
                yield n, mistake.detail
            continue
        if award.metric not in known:
            yield n, f"没有名为“{award.metric}”的指标"
        for text in texts_of(award):
            if mistake_found := mistake_in(text, NAMES):
                yield n, mistake_found.detail


def texts_of(award: Award) -> Iterator[Text]:
    if award.candidates:
        yield Text(award.candidates, f"奖项 {award.id} 的 candidates")
    for required in award.requires:
        yield Text(required.text, f"奖项 {award.id} 的 requires")


# --- who has it


def awards(
    declared: Sequence[Award],
    rows: Sequence[Mapping[str, Any]],
    ranked: RankedOnDay,
    targets: Targets,
) -> list[AwardGiven]:
    """Every award with its candidates; `rows` are what `awards_query` answers."""
    given = []
    for award in declared:
        if award.needs:
            given.append(AwardGiven(award, [], [], f"{off(award.needs)}，本奖项暂不评"))
        elif award.subject == "project":
            given.append(decided(award, [of_project(award, row) for row in rows if row[award.id]]))
        else:
            given.append(decided(award, list(of_units(award, ranked, targets)), ranked))
    return given


def of_project(award: Award, row: Mapping[str, Any]) -> Candidate:
    reasons = [r.zh for n, r in enumerate(award.requires) if not row[f"{award.id} {n}"]]
    n, d = (row[f"{award.id} {side}"] if award.figure else None for side in "nd")
    figure = Fraction(n, d) if n is not None and d is not None and d > 0 else None
    return Candidate(
        row["project_id"], row["unit_id"], figure, tuple(f"未达到：{r}" for r in reasons)
    )


def of_units(award: Award, ranked: RankedOnDay, targets: Targets) -> Iterator[Candidate]:
    for group, standings in ranked.groups.items():
        if group not in (award.groups or (group,)):
            continue
        for unit in sorted(s.unit_id for s in standings if s.rank is not None):
            values = ranked.units.values(unit, award.metric or "", targets)
            if award.candidates and not holds(Text(award.candidates, ""), values):
                continue
            missing = [r.zh for r in award.requires if not holds(Text(r.text, ""), values)]
            reasons = tuple(f"未达到：{zh}" for zh in missing)
            yield Candidate(unit, unit, values["figure"], reasons)


def decided(
    award: Award, candidates: Sequence[Candidate], ranked: RankedOnDay | None = None
) -> AwardGiven:
    """Who meets every requirement, best first; of more than `first`, those beyond are told so."""
    metric = ranked.units.metrics[award.metric] if ranked and award.metric else None
    sign = -1 if metric and metric.direction == "lower" else 1
    met = [c for c in candidates if not c.reasons]
    within = {c.subject_id for c in met}
    if award.first is not None:
        worth = {c.subject_id: sign * c.figure for c in met if c.figure is not None}
        within = first_of(worth, award.first)
    winners = [c for c in met if c.subject_id in within]
    winners.sort(key=lambda c: (c.figure is None, -sign * (c.figure or 0), c.subject_id))
    others = [c for c in candidates if c.reasons or c.subject_id not in within]
    return AwardGiven(award, winners, [told(award, c) for c in others])


def told(award: Award, candidate: Candidate) -> Candidate:
    """A candidate without the award, and why."""
    if candidate.reasons:
        return candidate
    beyond = f"名次在前 {award.first} 名以外"
    return replace(candidate, reasons=(NO_FIGURE if candidate.figure is None else beyond,))

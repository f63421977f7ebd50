"""Project marks, which metrics of their unit sum or average.

An item gives points where its condition holds, or by a rule on a value of the project's own row.
Each project's mark is published itself, so it is rounded, half up; the metrics that take it add
integers, as all terms are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field, model_validator

from services.scoring.engine.declarations import (
    Declaration,
    DeclarationId,
    Formula,
    Label,
    Metric,
    NamedFact,
    validation_error,
)
from services.scoring.engine.figures import exact_sum, round_to_units
from services.scoring.engine.language.compiler import compile_population, with_clause_sql
from services.scoring.engine.language.expressions import FLAG, NUMBER, RowTranslator
from services.scoring.engine.language.formula_text import FormulaMistake, FormulaText
from services.scoring.engine.language.symbols import ProjectSymbols
from services.scoring.engine.points.calculation import clamp_points, compute_points
from services.scoring.engine.points.rules import (
    RuleNumber,
    ShareRule,
    SingleValuePoints,
    Weight,
    target_word,
)


class MarkItem(Declaration):
    """Points where `when` holds; with a numerator, by a rule on numerator ÷ denominator.

    An unknown value, and a denominator of 0, give no points. `weight` is the number that a rule
    which gives a share takes a share of.
    """

    id: DeclarationId
    zh: Label
    when: Formula = ""
    numerator: Formula = ""
    denominator: Formula = ""
    weight: Weight | None = None
    points: SingleValuePoints

    @model_validator(mode="after")
    def check_points_fields(self) -> "MarkItem":
        rule = self.points
        if not isinstance(rule, Declaration):
            if self.numerator or self.denominator or self.weight is not None:
                raise validation_error(
                    "points 是数时，只写 when，不写 numerator、denominator、weight"
                )
            return self
        if not self.numerator:
            raise validation_error("points 是规则时要写 numerator")
        if isinstance(rule, ShareRule) != (self.weight is not None):
            wanted = "要写 weight：得满时是几分" if self.weight is None else "不用 weight"
            raise validation_error(f"{rule.rule} {wanted}")
        if word := target_word(rule):
            raise validation_error(f"目标和平均按单位，项目得分里不能用 {word}", "points")
        return self


class ProjectMarks(Declaration):
    """The items of a project's mark, the population that is marked, and the decimals of a mark."""

    id: DeclarationId
    zh: Label
    population: Formula = ""
    decimals: Annotated[int, Field(strict=True, ge=0, le=6)] = 2
    floor: RuleNumber | None = None
    cap: RuleNumber | None = None
    items: Annotated[tuple[MarkItem, ...], Field(min_length=1)]


def mark_scale(marks: Iterable[ProjectMarks], metric: Metric) -> int:
    """The units in one point of a metric: marks are added in units of their last decimal."""
    return int(10 ** next((of_mark.decimals for of_mark in marks if of_mark.id == metric.marks), 0))


@dataclass(frozen=True)
class ProjectMark:
    """A project's mark in units of the last decimal; 0 for one that is left out."""

    unit_id: str
    project_id: str
    mark: int
    items: Mapping[str, Fraction]
    live: bool
    met: tuple[bool, ...]  # each condition of the population
    weight: int | None = 1  # None where the number for it is unknown or below 0


def marks_query(
    declared: ProjectMarks, facts: Mapping[str, NamedFact], weighted_by: str = ""
) -> tuple[str, list[str]]:
    """The query of every project, live or not, and the labels of the population's conditions.

    Columns: `unit_id`, `project_id`, `live`, `weight`, a flag a condition (`c0` …), and of each
    item `ID w` (whether its condition holds), `ID n` and `ID d`. Raises FormulaMistake.
    """
    projects = ProjectSymbols(facts)
    location = f"项目得分 {declared.id} 的"
    conditions = list(
        compile_population(FormulaText(declared.population, f"{location}范围"), projects, projects)
    )
    weight = FormulaText(weighted_by or "1", f"{location}权重")
    columns = [
        f"{RowTranslator(weight, projects).translate_as(weight.parse(), NUMBER).sql} AS weight"
    ]
    columns += [f"{sql} AS c{n}" for n, (_, sql) in enumerate(conditions)]
    for item in declared.items:
        columns += compile_item_columns(item, projects, f"{location} {item.id} 的")
    return (
        f"{with_clause_sql(projects.build_layers())}\n"
        f"SELECT unit_id, project_id, NOT terminated AS live, {', '.join(columns)}\n"
        "FROM every_project\nORDER BY unit_id, project_id",
        [label for label, _ in conditions],
    )


def compile_item_columns(item: MarkItem, projects: ProjectSymbols, location: str) -> Iterator[str]:
    parts = (
        ("w", "条件", item.when, FLAG),
        ("n", "分子", item.numerator, NUMBER),
        ("d", "分母", item.denominator, NUMBER),
    )
    for letter, name, written, kind in parts:
        if written:
            text = FormulaText(written, f"{location}{name}")
            sql = RowTranslator(text, projects).translate_as(text.parse(), kind).sql
            yield f'{sql} AS "{item.id} {letter}"'


def find_mark_formula_errors(
    marks: Sequence[ProjectMarks], metrics: Sequence[Metric], facts: Mapping[str, NamedFact]
) -> Iterator[tuple[tuple[str | int, ...], FormulaMistake]]:
    """Every text of marks and their weights that does not compile: its path, and the error."""
    for n, metric in enumerate(metrics):
        if metric.weighted_by:
            weight = FormulaText(metric.weighted_by, f"指标 {metric.id} 的 weighted_by")
            try:
                RowTranslator(weight, ProjectSymbols(facts)).translate_as(weight.parse(), NUMBER)
            except FormulaMistake as mistake:
                yield ("metrics", n), mistake
    for n, declared in enumerate(marks):
        bare = declared.model_copy(update={"items": ()})
        for path, part in [
            (("population",), bare),
            *(
                (("items", k), bare.model_copy(update={"population": "", "items": (item,)}))
                for k, item in enumerate(declared.items)
            ),
        ]:
            try:
                marks_query(part, facts)
            except FormulaMistake as mistake:
                yield ("project_marks", n, *path), mistake


def compute_project_marks(
    rows: Iterable[Mapping[str, Any]], declared: ProjectMarks
) -> list[ProjectMark]:
    """The marks of the rows of `marks_query`."""
    marks = []
    for row in rows:
        met = tuple(bool(row[name]) for name in row if name[0] == "c" and name[1:].isdecimal())
        counts = row["live"] and all(met)
        items = {item.id: item_points(item, row) for item in declared.items} if counts else {}
        points = clamp_points(exact_sum(items.values()), declared.floor, declared.cap)
        mark = (
            round_to_units(points.numerator, points.denominator, declared.decimals) if counts else 0
        )
        weight = row["weight"]
        known = weight if weight is not None and weight >= 0 else None
        marks.append(
            ProjectMark(row["unit_id"], row["project_id"], mark, items, row["live"], met, known)
        )
    return marks


def item_points(item: MarkItem, row: Mapping[str, Any]) -> Fraction:
    if item.when and not row[f"{item.id} w"]:
        return Fraction(0)
    if not isinstance(item.points, Declaration):
        return Fraction(item.points)
    numerator = row[f"{item.id} n"]
    denominator = row[f"{item.id} d"] if item.denominator else 1
    if numerator is None or not denominator:
        return Fraction(0)
    value, weight = Fraction(numerator, denominator), Fraction(item.weight or 1)
    (points,) = compute_points(item.points, [value], lower_is_better=False, weight=weight)
    return Fraction(0) if points is None else points


def sum_mark_terms(
    metric: Metric, marks: Iterable[ProjectMark]
) -> dict[str, tuple[int, int | None]]:
    """Unit → the terms of a metric that takes marks: their sum, and their weights for a mean."""
    sums: defaultdict[str, int] = defaultdict(int)
    weights: defaultdict[str, int] = defaultdict(int)
    for mark in marks:
        if mark.live and all(mark.met) and mark.weight is not None:
            sums[mark.unit_id] += mark.mark * mark.weight
            weights[mark.unit_id] += mark.weight
    return {u: (sums[u], weights[u] if metric.take == "mean" else None) for u in sums}

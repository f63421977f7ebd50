"""Red, yellow and green lights of projects: the query of a preset's axes, and its answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from services.scoring.engine.declarations import Axis, NamedFact
from services.scoring.engine.figures import Exact, exact_ratio, format_decimal, lead, time_progress
from services.scoring.engine.language.compiler import FactsQuery
from services.scoring.engine.language.expressions import SymbolTable
from services.scoring.engine.language.formula_text import FormulaMistake, FormulaText
from services.scoring.engine.language.ratios import (
    FigureSymbols,
    Ratio,
    compile_quantity,
    compile_ratio_condition,
)
from services.scoring.engine.language.symbols import ProjectSymbols, quote_identifier
from services.scoring.engine.scheme.light_presets import Lights

COLOURS = ("green", "yellow", "red")
LIGHT_FIGURES = ("plan", "ytd", "reported", "on_curve", "due_parts", "plan_parts")
TimeProgressBasis = Literal["own_curve", "common_curve", "linear"]


def lights_query(
    axes: Iterable[Axis], declared: Mapping[str, NamedFact], *, figures: bool = False
) -> str:
    """The lights of live projects in order: per axis 0 green, 1 yellow, 2 red, or nothing.

    Columns: `project_id`, `unit_id`, `paused`, an axis each, LIGHT_FIGURES, and, with `figures`,
    `AXIS n` and `AXIS d` of the axes that have one. A project outside the campaign without any
    light is left out.
    """
    return compile_lights_query(tuple(axes), tuple(declared.values()), figures)


@lru_cache(maxsize=64)
def compile_lights_query(
    axes: tuple[Axis, ...], facts: tuple[NamedFact, ...], figures: bool
) -> str:
    """The query, compiled once for all its days and ledgers."""
    projects = ProjectSymbols({fact.id: fact for fact in facts})
    return compile_lights_facts_query(axes, projects, figures=figures).standalone_sql(projects)


def compile_lights_facts_query(
    axes: Iterable[Axis], projects: ProjectSymbols, *, figures: bool
) -> FactsQuery:
    axes = [*axes]
    columns = [c for axis in axes for c in compile_axis(axis, projects)[: 3 if figures else 1]]
    known = [projects.resolve_symbol(name).sql for name in LIGHT_FIGURES]
    shown = " OR ".join(
        ["in_campaign", "paused", *(f"{quote_identifier(a.id)} IS NOT NULL" for a in axes)]
    )
    flags = [projects.resolve_symbol(name).sql for name in ("paused", "in_campaign")]
    selected = ["project_id", "unit_id", *flags]
    rows = f"SELECT {', '.join(selected + columns + known)} FROM facts"
    return FactsQuery(f"SELECT * FROM ({rows})\nWHERE {shown}\nORDER BY project_id")


def compile_axis(axis: Axis, projects: ProjectSymbols) -> list[str]:
    """The SQL of an axis: its colour, then the two sides of its figure. Raises FormulaMistake."""
    place = f"红黄绿灯 {axis.id} 轴的"
    figure = compile_quantity(axis.figure, projects, place) if axis.figure else None
    names: SymbolTable = FigureSymbols(projects, figure) if figure else projects
    texts = {"applies": axis.applies, "red": axis.red, "yellow": axis.yellow}
    applies, red, yellow = (
        compile_ratio_condition(FormulaText(text, f"{place} {part}"), names)
        for part, text in texts.items()
    )
    colour = f"CASE WHEN NOT {applies} THEN NULL WHEN {red} THEN 2 WHEN {yellow} THEN 1 ELSE 0 END"
    columns = [f"{colour} AS {quote_identifier(axis.id)}"]
    if figure:
        columns.append(f"{figure.sql} AS {quote_identifier(f'{axis.id} n')}")
        divisor = figure.divisor if isinstance(figure, Ratio) else "1"
        columns.append(f"{divisor} AS {quote_identifier(f'{axis.id} d')}")
    return columns


def find_axis_errors(
    axes: Iterable[Axis], declared: Mapping[str, NamedFact]
) -> Iterator[tuple[int, FormulaMistake]]:
    """Every axis of projects that does not compile: its index, and the mistake."""
    for n, axis in enumerate(axes):
        if axis.subject == "project":
            try:
                compile_axis(axis, ProjectSymbols(declared))
            except FormulaMistake as mistake:
                yield n, mistake


@dataclass(frozen=True, slots=True)
class ProjectLight:
    """A project's lights on a day, and the figures behind them; None where nothing applies.

    `figures` are the axes' own figures, numerator and denominator, where the query has them; of
    points, in points.
    """

    project_id: str
    unit_id: str
    overall: str
    axes: Mapping[str, str | None]
    completion: Fraction | None
    time_progress: Fraction
    not_reported: bool
    basis: TimeProgressBasis = "linear"
    # Not reduced: equal figures may have different terms.
    figures: Mapping[str, tuple[int | None, int | None]] | None = field(default=None, compare=False)

    @property
    def lead(self) -> Fraction | None:
        """Percentage points ahead of time progress, or behind it."""
        return None if self.completion is None else lead(self.completion, self.time_progress)

    def figure(self, axis: str) -> Fraction | None:
        """An axis's exact figure, where it has one; of points, in points."""
        numerator, denominator = (self.figures or {}).get(axis, (None, None))
        if self.axes[axis] is None or numerator is None or not denominator or denominator < 0:
            return None
        return Fraction(numerator, denominator)


def build_lights(rows: list[dict[str, Any]], preset: Lights, as_of: date) -> list[ProjectLight]:
    """The lights of the rows that `lights_query` answers.

    The rows are used up one by one: of a province, both would take too much memory.
    """
    axes = [axis.id for axis in preset.project_axes]
    sides = {axis: (f"{axis} n", f"{axis} d") for axis in axes}
    figures = {axis: pair for axis, pair in sides.items() if rows and pair[0] in rows[0]}
    common = preset.common_curve
    basis_of_day: TimeProgressBasis = "common_curve" if common else "linear"
    by_day = Exact(time_progress(as_of, common))
    by_codes: dict[tuple[int | None, ...], LightColours] = {}  # a few, for all lights
    lights = []
    rows.reverse()
    while rows:
        row = rows.pop()
        codes = tuple([row[axis] for axis in axes])
        if codes not in by_codes:
            by_codes[codes] = LightColours.from_codes(axes, codes)
        colours, basis, due = by_codes[codes], basis_of_day, by_day
        if row["on_curve"] and not common:
            basis, due = "own_curve", Exact(row["due_parts"], row["plan_parts"])
        light = ProjectLight(
            row["project_id"],
            row["unit_id"],
            "paused" if row["paused"] else colours.overall,
            colours.axes,
            exact_ratio(row["ytd"], row["plan"] or 0),
            due,
            not row["reported"],
            basis,
            {axis: (row[n], row[d]) for axis, (n, d) in figures.items()} if figures else None,
        )
        lights.append(light)
    return lights


class LightColours(NamedTuple):
    """The colour of each axis, and the worst of them."""

    axes: Mapping[str, str | None]
    overall: str

    @classmethod
    def from_codes(cls, axes: Sequence[str], codes: Sequence[int | None]) -> "LightColours":
        """The colours of the numbers that a query answers."""
        colours = [None if code is None else COLOURS[code] for code in codes]
        worst = max((code for code in codes if code is not None), default=None)
        overall = "none" if worst is None else COLOURS[worst]
        return cls(dict(zip(axes, colours, strict=True)), overall)


def light_document(light: ProjectLight) -> dict[str, Any]:
    return {
        "project_id": light.project_id,
        "overall": light.overall,
        "axes": light.axes,
        "completion": format_decimal(light.completion, 4),
        "time_progress": format_decimal(light.time_progress, 4),
        "lead": format_decimal(light.lead, 2),
        "not_reported": light.not_reported,
    }

"""bairi what-if: facts, weights or thresholds changed for a question, and who moves."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from services.cli.console.arguments import (
    AsOfOption,
    EntriesOption,
    FormatOption,
    LedgerArgument,
    SchemeOption,
)
from services.cli.console.ledger_input import read_facts_or_exit
from services.cli.console.printing import LIGHT_MARKUP, print_json
from services.cli.console.scheme_input import find_scheme_and_lights, resolve_entries_option
from services.cli.console.terminal import OUT, show_progress
from services.scoring.engine.what_if.changes import Changes, Changing, FactChange, SchemeChange
from services.scoring.execution.what_if import ScoringInput, compute_what_if
from services.scoring.schemes.scheme_changes import apply_scheme_changes, read_changes
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from shared.facts.projects import Project, Unit
from shared.facts.tables import FACT_KINDS

ROW_PATTERN = re.compile(r"(?P<table>\w+)\[(?P<cells>[^\]]*)\]")
CELL_PATTERN = re.compile(r"(?P<column>\w+)=(?P<value>.*)", re.DOTALL)

ChangeFileOption = Annotated[
    Path | None, typer.Option("--change", metavar="FILE", help="改动：YAML，有 facts 和 scheme")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="WHAT=VALUE",
        help="改一处：progress[project_id=P007,as_of=2022-09-30].invested_ytd_yuan=1.2亿元，"
        "或方案的 pillars.speed.weight=30",
    ),
]
AddOption = Annotated[
    list[str] | None,
    typer.Option(
        "--add",
        metavar="ROW",
        help="加一行：milestones[project_id=P007,kind=started,actual_on=2022-09-28]",
    ),
]
RemoveOption = Annotated[
    list[str] | None,
    typer.Option("--remove", metavar="ROW", help="去一行：permits[project_id=P007,kind=eia]"),
]


def what_if_command(
    path: LedgerArgument,
    as_of: AsOfOption,
    change: ChangeFileOption = None,
    sets: SetOption = None,
    adds: AddOption = None,
    removes: RemoveOption = None,
    scheme: SchemeOption = DEFAULT_SCHEME,
    entered: EntriesOption = None,
    output: FormatOption = "table",
) -> None:
    """假如：改事实、权重或亮灯界限，看名次和红黄绿灯怎样变；什么也不保存。"""
    chosen, preset = find_scheme_and_lights(scheme)
    changes = collect_changes(change, sets or [], adds or [], removes or [])
    facts = read_facts_or_exit(path)
    units = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    given = resolve_entries_option(entered, chosen, preset, units, as_of)
    with show_progress("计算"):
        after = partial(apply_scheme_changes, chosen, preset, changes.scheme)
        document = compute_what_if(
            ScoringInput(facts, chosen, preset, as_of, given.entries), changes.facts, after
        )
    if output == "json":
        print_json(given.tell_unused(document))
        return
    projects = {project.project_id: project.name for project in facts.rows(Project)}
    metrics = {metric.id: metric.zh for metric in after()[0].metrics_by_id.values()}
    show_movement(OUT, document, {**units, **metrics, **projects})


# --- changes


def collect_changes(
    file: Path | None, sets: list[str], adds: list[str], removes: list[str]
) -> Changes:
    """The changes of the file, then those of the options."""
    changes = read_changes(file) if file else Changes()
    facts, items = [*changes.facts], [*changes.scheme]
    for text in sets:
        target, sign, value = split_assignment(text)
        if not sign:
            raise typer.BadParameter(f"应为“哪一项=改为”，写的是“{text}”")
        row = ROW_PATTERN.match(target)
        if row and row["table"] in FACT_KINDS:
            column = target[row.end() :].removeprefix(".")
            parts = {"where": parse_cells(row, text), "to": {column: value or None}}
            facts.append(build_fact_change(Changing.set, row["table"], parts, text))
        else:
            items.append(SchemeChange(path=target, value=yaml.safe_load(value)))
    for word, texts in ((Changing.add, adds), (Changing.remove, removes)):
        for text in texts:
            row = ROW_PATTERN.fullmatch(text)
            if row is None:
                raise typer.BadParameter(f"应为“表[栏=值,栏=值]”，写的是“{text}”")
            part = "row" if word is Changing.add else "where"
            facts.append(
                build_fact_change(word, row["table"], {part: parse_cells(row, text)}, text)
            )
    if not facts and not items:
        raise typer.BadParameter("没有写改动：用 --change、--set、--add 或 --remove")
    return Changes(facts=tuple(facts), scheme=tuple(items))


def split_assignment(text: str) -> tuple[str, str, str]:
    """Split at the first equals sign outside brackets: target, sign, value."""
    row = ROW_PATTERN.match(text)
    start = row.end() if row else 0
    before, sign, value = text[start:].partition("=")
    return text[:start] + before, sign, value


def parse_cells(row: re.Match[str], text: str) -> dict[str, str | None]:
    """The cells between brackets; a value that is not written is blank."""
    cells: dict[str, str | None] = {}
    for part in row["cells"].split(","):
        cell = CELL_PATTERN.fullmatch(part.strip())
        if cell is None:
            raise typer.BadParameter(f"方括号里应为“栏=值”，以逗号隔开，写的是“{text}”")
        cells[cell["column"]] = cell["value"] or None
    return cells


def build_fact_change(
    change: Changing, table: str, parts: Mapping[str, Mapping[str, str | None]], text: str
) -> FactChange:
    try:
        return FactChange.model_validate({"change": change, "table": table, **parts})
    except ValidationError:
        tables = "、".join(FACT_KINDS)
        raise typer.BadParameter(f"“{text}”读不懂；表应为 {tables} 之一") from None


# --- movement


def show_movement(console: Console, document: dict[str, Any], names: Mapping[str, str]) -> None:
    """Show the units that moved, then the lights that changed; `names` is id → name."""
    movement, after = document["movement"], dict[str, dict[str, Any]]()
    for group in document["after"]:
        after |= {unit["unit_id"]: {**unit, "in": group["group"]} for unit in group["units"]}
    if not movement["units"]:
        console.print("名次和总分都不变")
    else:
        console.print(ranks_table(movement["units"], after, names))
    if movement["lights"]:
        console.print(changed_lights_table(movement["lights"], names))


def ranks_table(
    moved: list[dict[str, Any]], after: Mapping[str, dict[str, Any]], names: Mapping[str, str]
) -> Table:
    table = Table(title="名次变动", title_justify="left")
    for column in ("组别", "单位", "名次", "总分", "变动的指标"):
        table.add_column(column)
    for unit in moved:
        now = after.get(unit["unit_id"], {})
        table.add_row(
            now.get("in", ""),
            names.get(unit["unit_id"], unit["unit_id"]),
            format_movement(unit.get("rank"), now.get("rank")),
            format_movement(unit.get("total"), now.get("total")),
            "、".join(names.get(metric, metric) for metric in unit["metrics"]),
        )
    return table


def changed_lights_table(lights: list[dict[str, Any]], names: Mapping[str, str]) -> Table:
    """A row per project: the colours of its overall light, or the axes that changed."""
    table = Table("编号", "项目", "总灯", title="变色的灯", title_justify="left")
    for light in lights:
        colours = [LIGHT_MARKUP[colour] if colour else "—" for colour in light.get("overall", ())]
        axes = "、".join(light.get("axes", {}))
        project = light["project_id"]
        table.add_row(project, names.get(project, ""), " → ".join(colours) or f"（{axes}）")
    return table


def format_movement(moved: list[Any] | None, now: Any) -> str:
    """Before → after, or the value alone where it did not move."""
    return " → ".join("—" if side is None else str(side) for side in moved or [now])

"""bairi sensitivity: the least change that moves a unit up, and what each weight decides."""

from typing import Annotated, Any

import typer
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
from services.cli.console.printing import print_json
from services.cli.console.scheme_input import find_scheme_and_lights, resolve_entries_option
from services.cli.console.terminal import OUT, show_progress
from services.scoring.execution.run import score_facts
from services.scoring.execution.sensitivity import compute_sensitivity
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from shared.facts.projects import Unit

UnitOption = Annotated[
    str | None, typer.Option("--unit", metavar="ID", help="只看一个单位，列出每一种改动")
]


def sensitivity(
    path: LedgerArgument,
    as_of: AsOfOption,
    unit: UnitOption = None,
    scheme: SchemeOption = DEFAULT_SCHEME,
    entered: EntriesOption = None,
    output: FormatOption = "table",
) -> None:
    """敏感性：各单位升一位最少要动什么，每项权重增减一成会动多少名次。"""
    chosen, preset = find_scheme_and_lights(scheme)
    facts = read_facts_or_exit(path)
    known = [found.unit_id for found in facts.rows(Unit)]
    if unit is not None and unit not in known:
        raise typer.BadParameter(f"台账里没有单位“{unit}”，有：{'、'.join(known)}")
    given = resolve_entries_option(entered, chosen, preset, known, as_of)
    with show_progress("试算"):
        result = score_facts(facts, chosen, preset, as_of, given.entries)
        document = compute_sensitivity(facts, result, {unit} if unit else {*known})
    if output == "json":
        print_json(given.tell_unused(document))
        return
    if unit:
        show_unit_changes(OUT, document["units"][0])
    else:
        show_least_changes(OUT, document["units"])
    show_weights(OUT, document["weights"])


def show_least_changes(console: Console, units: list[dict[str, Any]]) -> None:
    table = Table("组别", "名次", "单位", "总分", "升一位最少要", title_justify="left")
    table.title = "各单位升位所需的最小改动"
    for unit in units:
        table.add_row(*standing_cells(unit), unit["said"])
    console.print(table)


def show_unit_changes(console: Console, unit: dict[str, Any]) -> None:
    """Show the least change of one unit, by kind of change."""
    group, rank, name, total = standing_cells(unit)
    console.print(f"{name}（{group}）　第 {rank} 名　总分 {total}", markup=False)
    if not unit["kinds"]:
        console.print(unit["said"])
    for kind in unit["kinds"]:
        console.print(f"  {kind['said']}", markup=False)


def standing_cells(unit: dict[str, Any]) -> tuple[str, str, str, str]:
    return unit["group"], str(unit["rank"] or "—"), unit["name"], unit["total"] or "—"


def show_weights(console: Console, weights: list[dict[str, Any]]) -> None:
    """Show the weights that decide a rank, and the number of the others."""
    table = Table("权重", "增减", "变动的名次", "单位", title="权重增减一成", title_justify="left")
    deciding = [weight for weight in weights if weight["ranks_moved"]]
    for weight in deciding:
        units = "、".join(
            f"{moved['unit_id']}（{moved['rank'][0]} → {moved['rank'][1]}）"
            for moved in weight["moved"]
        )
        table.add_row(weight["name"], weight["change"], str(weight["ranks_moved"]), units)
    if deciding:
        console.print(table)
    console.print(f"其余 {len(weights) - len(deciding)} 种增减不改变任何名次")

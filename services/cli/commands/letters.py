"""bairi letters: a replay of the letters of a period."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from services.cli.console.arguments import (
    FormatOption,
    LedgerArgument,
    SchemeOption,
    parse_date_option,
)
from services.cli.console.ledger_input import read_facts_or_exit
from services.cli.console.printing import print_json
from services.cli.console.scheme_input import find_scheme_and_lights
from services.cli.console.terminal import OUT, show_progress
from services.notifier.rules.dossiers import build_dossiers
from services.notifier.rules.ladder import PROGRESS, LetterKind, LetterRules
from services.notifier.rules.letters import Letter
from services.notifier.rules.replay import light_month_ends, replay_letters
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.run import lights_by_day
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from shared.facts.projects import Project, Unit
from shared.facts.tables import Facts
from shared.facts.words import MilestoneKind
from shared.reference import load_calendar

FirstDayOption = Annotated[
    date, typer.Option("--from", parser=parse_date_option, metavar="DATE", help="第一天")
]
LastDayOption = Annotated[
    date, typer.Option("--to", parser=parse_date_option, metavar="DATE", help="最后一天")
]
ABOUT_LABELS = {PROGRESS: "进度", **{str(kind): kind.zh[0] for kind in MilestoneKind}}
MAX_REPLAY_DAYS = 3660  # days of a replay; ten years are more than any campaign


def letters(
    path: LedgerArgument,
    first: FirstDayOption,
    last: LastDayOption,
    scheme: SchemeOption = DEFAULT_SCHEME,
    output: FormatOption = "table",
) -> None:
    """重演发函：一段时间里应发的提醒函、交办函、督办函、黄牌。"""
    if not 0 <= (last - first).days <= MAX_REPLAY_DAYS:
        raise typer.BadParameter(f"--from 应不晚于 --to，且相隔不超过 {MAX_REPLAY_DAYS} 天")
    chosen, preset = find_scheme_and_lights(scheme)
    facts = read_facts_or_exit(path)
    replayed = letters_in_period(facts, chosen, preset, first, last)
    if output == "json":
        print_json(letters_document(replayed, first, last))
    else:
        show_letters(OUT, replayed, facts, first, last)


def letters_in_period(
    facts: Facts, scheme: Scheme, preset: Lights, first: date, last: date
) -> list[Letter]:
    """The replay of a period, with the progress lights of the month ends that decide it."""
    red = red_month_ends(facts, scheme, preset, light_month_ends(first, last))
    cases = build_dossiers(facts, red)
    with show_progress("逐日重演", len(cases)) as step:
        return replay_letters(cases, LetterRules(), load_calendar(), first, last, step)


def red_month_ends(
    facts: Facts, scheme: Scheme, preset: Lights, ends: list[date]
) -> Mapping[str, set[date]]:
    """Project → the month ends at which its progress light is red."""
    red: dict[str, set[date]] = {}
    with show_progress("月末亮灯", len(ends)) as step:
        for end, lights in lights_by_day(facts, scheme, preset, ends):
            for light in lights:
                if light.axes.get(PROGRESS) == "red":
                    red.setdefault(light.project_id, set()).add(end)
            step()
    return red


def letters_document(letters: list[Letter], first: date, last: date) -> dict[str, Any]:
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "letters": [
            {
                "kind": letter.kind,
                "project_id": letter.project_id,
                "about": letter.about,
                "unit_id": letter.unit_id,
                "trigger_on": letter.trigger_on.isoformat(),
                "issue_on": letter.issue_on.isoformat(),
                "due_on": letter.due_on and letter.due_on.isoformat(),
                "provisional": letter.provisional,
            }
            for letter in letters
        ],
    }


def show_letters(
    console: Console, letters: list[Letter], facts: Facts, first: date, last: date
) -> None:
    """Show the letters in order, their number by kind, and a note where some are provisional."""
    units = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    projects = {project.project_id: project.name for project in facts.rows(Project)}
    table = Table(title=f"{first} 至 {last} 应发函件", title_justify="left")
    for title in ("发出", "函种", "事项", "编号", "项目", "责任单位", "触发日", "答复期限", ""):
        table.add_column(title)
    for letter in letters:
        table.add_row(
            letter.issue_on.isoformat(),
            letter.kind.label,
            ABOUT_LABELS[letter.about],
            letter.project_id,
            projects[letter.project_id],
            units[letter.unit_id],
            letter.trigger_on.isoformat(),
            letter.due_on.isoformat() if letter.due_on else "—",
            "[yellow]暂定[/]" if letter.provisional else "",
        )
    console.print(table)
    kinds = Counter(letter.kind for letter in letters)
    counted = "，".join(f"{kind.label} {kinds[kind]}" for kind in LetterKind)
    console.print(f"共 {len(letters)} 件：{counted}")
    if any(letter.provisional for letter in letters):
        console.print("[yellow]暂定：该年工作日安排尚未公布，按周一至周五计算。[/]")

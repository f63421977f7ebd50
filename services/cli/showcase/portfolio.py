"""The portfolio by list, as HA-1 publishes it: number, started, completed, share of the plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rich.table import Table

from services.cli.printing import money
from services.cli.score import percent
from services.scoring.engine.catalogue.facts import NAMED_FACTS
from services.scoring.engine.compiler import terms_query
from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import share
from services.scoring.execution.duckdb import queries_over
from shared.facts import Facts
from shared.words import KeyLevel


@dataclass(frozen=True)
class Listed:
    """The projects of one list on a day; money in yuan, of projects with a plan for the year."""

    level: KeyLevel
    projects: int
    working: int
    completed_yuan: int
    planned_yuan: int

    @property
    def start_rate(self) -> Fraction | None:
        return share(self.working, self.projects)

    @property
    def completion(self) -> Fraction | None:
        return share(self.completed_yuan, self.planned_yuan)


def portfolio(facts: Facts, day: date) -> list[Listed]:
    """The city's list and the province's; a project may be on both. By the engine's own query."""
    levels = (KeyLevel.city, KeyLevel.province)
    metrics = [metric for level in levels for metric in metrics_of(level)]
    declared = {fact.id: fact for fact in NAMED_FACTS}
    with queries_over(facts) as run:
        rows = run(terms_query(metrics, declared), day)

    def total(term: str) -> int:
        return sum(row[term] for row in rows)

    return [
        Listed(
            level,
            total(f"{level}_starts d"),
            total(f"{level}_starts n"),
            total(f"{level}_completion n"),
            total(f"{level}_completion d"),
        )
        for level in levels
    ]


def metrics_of(level: KeyLevel) -> Iterator[Metric]:
    on_list = f'in_campaign and "{level}" in key_levels'
    yield Metric(
        id=f"{level}_starts",
        zh=f"{level.zh[0]}重点项目开（复）工率",
        en=f"Start rate of the {level}'s list",
        population=on_list,
        numerator="count(working)",
        denominator="count()",
        source="HA-1",
    )
    yield Metric(
        id=f"{level}_completion",
        zh=f"{level.zh[0]}重点项目投资完成率",
        en=f"Investment completion of the {level}'s list",
        population=on_list,
        numerator="sum(ytd)",
        denominator="sum(plan)",
        source="HA-1",
    )


def portfolio_table(lists: list[Listed]) -> Table:
    table = Table(title="重点项目名单（可同时列入）", title_justify="left")
    for column in ("名单", "项目", "已开（复）工", "开（复）工率", "完成投资", "占年度计划"):
        table.add_column(column, justify="left" if column == "名单" else "right")
    for listed in lists:
        table.add_row(
            f"{listed.level.zh[0]}重点",
            str(listed.projects),
            str(listed.working),
            percent(listed.start_rate),
            money(listed.completed_yuan),
            percent(listed.completion),
        )
    return table

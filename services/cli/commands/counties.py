"""bairi counties: the units of a ledger added up to counties or cities, and these ranked."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.cli.commands.score import Names, metric_value, show_ranking, show_readings
from services.cli.console.arguments import (
    OUT,
    AsOf,
    EngineAsked,
    EnteredFile,
    Format,
    LedgerPath,
    SchemeName,
    SparkMaster,
    ledger,
    steps,
)
from services.cli.console.arguments import scheme_and_lights as opened
from services.cli.console.printing import print_json
from services.scoring.engine.points.manual_entries import NOTHING_ENTERED
from services.scoring.engine.ranking.ranking import Standing, ranked
from services.scoring.engine.results.regions_above import Level, UnitsOfRun, nowhere, place_terms
from services.scoring.engine.results.run_result import Result, document
from services.scoring.engine.scheme.model import Pillar, Scheme, scheme_for
from services.scoring.execution.engines import engine_named
from services.scoring.execution.run import unit_terms
from services.scoring.execution.spark import HERE
from services.scoring.schemes.entries_file import read_entered
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from shared.facts.projects import Unit
from shared.reference import region_names

LevelAsked = Annotated[Level, typer.Option("--level", help="county 排各县，city 排各市")]
EVERYTHING = ""  # the region of a ledger
CALLED = {Level.county: "县", Level.city: "市"}


def counties(
    path: LedgerPath,
    as_of: AsOf,
    level: LevelAsked = Level.county,
    scheme: SchemeName = DEFAULT_SCHEME,
    entered: EnteredFile = None,
    output: Format = "table",
    engine: EngineAsked = "duckdb",
    spark_master: SparkMaster = HERE,
) -> None:
    """各县、各市排名：把单位按行政区划归到县、市，同一方案计分，逐项列名次。

    录入的目标和打分写行政区划代码，不写单位编号。
    """
    chosen, preset = opened(scheme)
    facts = ledger(path)
    regions = {unit.unit_id: unit.region_code for unit in facts.rows(Unit)}
    with steps("计算"), engine_named(engine, spark_master) as on:
        terms = unit_terms(facts, chosen, preset, as_of, engine=on)
    run = UnitsOfRun(EVERYTHING, terms, regions)
    given = NOTHING_ENTERED
    if entered:
        codes = {code for unit in terms if (code := run.place(unit, level)) is not None}
        given = read_entered(entered, preset.metrics_by_id(chosen.metrics_by_id), codes)
    places = place_terms([run], level, chosen, given)
    standings = ranked(places.values(), chosen, given)
    result = Result(as_of, chosen, preset, standings, places, [], given)
    names = {code: region_names().get(code, code) for code in places}
    outside = nowhere([run], level)
    if output == "json":
        told = document(result, names)
        kept = {key: told[key] for key in ("as_of", "scheme", "groups")}
        print_json({**kept, "level": level, "nowhere": outside})
        return
    show_ranking(OUT, result, names)
    show_items(OUT, result, names)
    if outside:
        OUT.print(f"不在任一{CALLED[level]}的单位，未计入：{'、'.join(outside)}", markup=False)
    show_readings(OUT, result)


def show_items(console: Console, result: Result, names: Names) -> None:
    """A table a pillar: each metric's value and rank, place by place."""
    for group, standings in result.groups.items():
        scheme = scheme_for(result.scheme, group)
        for pillar in scheme.pillars:
            console.print(table_of(pillar, standings, scheme, result, names))


def table_of(
    pillar: Pillar, standings: Sequence[Standing], scheme: Scheme, result: Result, names: Names
) -> Table:
    metrics = [scheme.metrics_by_id[scored.id] for scored in pillar.metrics]
    table = Table("县市", title=f"{pillar.zh}　分项数值（名次）", title_justify="left")
    for metric in metrics:
        table.add_column(metric.zh, justify="right")
    for place in standings:
        cells = []
        for metric in metrics:
            n, d = result.terms[place.unit_id].of_metric[metric.id]
            value = metric_value(metric, n, d, scheme.scale(metric))
            figure = place.metrics.get(metric.id)
            cells.append(f"{value}（{figure.rank}）" if figure and figure.rank else value)
        table.add_row(names[place.unit_id], *cells)
    return table

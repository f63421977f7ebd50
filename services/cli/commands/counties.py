"""bairi counties: the units of a ledger added up to counties or cities, which are ranked."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.cli.commands.score import NamesById, format_metric_terms, show_notes, show_ranking
from services.cli.console.arguments import (
    AsOfOption,
    EngineOption,
    EntriesOption,
    FormatOption,
    LedgerArgument,
    SchemeOption,
    SparkMasterOption,
)
from services.cli.console.ledger_input import read_facts_or_exit
from services.cli.console.printing import print_json
from services.cli.console.scheme_input import find_scheme_and_lights, resolve_entries_option
from services.cli.console.terminal import OUT, show_progress
from services.scoring.engine.ranking.ranking import Standing, rank_units
from services.scoring.engine.results.regions_above import (
    RegionLevel,
    RunUnits,
    build_region_terms,
    units_outside_level,
)
from services.scoring.engine.results.run_result import ScoringResult, result_document
from services.scoring.engine.scheme.model import Pillar
from services.scoring.engine.scheme.plan import GroupPlan
from services.scoring.execution.engine_names import LOCAL_MASTER
from services.scoring.execution.engines import open_engine
from services.scoring.execution.run import compute_unit_terms
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from shared.facts.projects import Unit
from shared.reference import region_names

LevelOption = Annotated[RegionLevel, typer.Option("--level", help="county 排各县，city 排各市")]
LEDGER_REGION = ""  # the region of a ledger
LEVEL_NAMES = {RegionLevel.county: "县", RegionLevel.city: "市"}


def counties(
    path: LedgerArgument,
    as_of: AsOfOption,
    level: LevelOption = RegionLevel.county,
    scheme: SchemeOption = DEFAULT_SCHEME,
    entered: EntriesOption = None,
    output: FormatOption = "table",
    engine: EngineOption = "duckdb",
    spark_master: SparkMasterOption = LOCAL_MASTER,
) -> None:
    """各县、各市排名：把单位按行政区划归到县、市，同一方案计分，逐项列名次。

    录入的目标和打分写行政区划代码，不写单位编号。
    """
    chosen, preset = find_scheme_and_lights(scheme)
    facts = read_facts_or_exit(path)
    regions = {unit.unit_id: unit.region_code for unit in facts.rows(Unit)}
    with show_progress("计算"), open_engine(engine, spark_master) as query_engine:
        terms = compute_unit_terms(facts, chosen, preset, as_of, engine=query_engine)
    run = RunUnits(LEDGER_REGION, terms, regions)
    codes = {code for unit in terms if (code := run.region_at(unit, level)) is not None}
    given = resolve_entries_option(entered, chosen, preset, codes, as_of)
    entries = given.entries
    region_terms = build_region_terms([run], level, chosen, entries)
    standings = rank_units(region_terms.values(), chosen, entries)
    result = ScoringResult(as_of, chosen, preset, standings, region_terms, [], entries)
    names = {code: region_names().get(code, code) for code in region_terms}
    outside = units_outside_level([run], level)
    if output == "json":
        document = result_document(result, names)
        selected = {key: document[key] for key in ("as_of", "scheme", "groups")}
        print_json(given.tell_unused({**selected, "level": level, "nowhere": outside}))
        return
    show_ranking(OUT, result, names)
    show_metric_ranks(OUT, result, names)
    if outside:
        OUT.print(f"不在任一{LEVEL_NAMES[level]}的单位，未计入：{'、'.join(outside)}", markup=False)
    show_notes(OUT, result)


def show_metric_ranks(console: Console, result: ScoringResult, names: NamesById) -> None:
    """Show a table per pillar: each metric's value and rank, region by region."""
    for group, standings in result.groups.items():
        plan = result.plans[group]
        for pillar in plan.pillars:
            console.print(pillar_table(pillar, standings, plan, result, names))


def pillar_table(
    pillar: Pillar,
    standings: Sequence[Standing],
    plan: GroupPlan,
    result: ScoringResult,
    names: NamesById,
) -> Table:
    metrics = [plan.metrics_by_id[scored.id] for scored in pillar.metrics]
    table = Table("县市", title=f"{pillar.zh}　分项数值（名次）", title_justify="left")
    for metric in metrics:
        table.add_column(metric.zh, justify="right")
    for standing in standings:
        cells = []
        for metric in metrics:
            n, d = result.terms[standing.unit_id].of_metric[metric.id]
            value = format_metric_terms(metric, n, d, plan.scale(metric))
            figure = standing.metrics.get(metric.id)
            cells.append(f"{value}（{figure.rank}）" if figure and figure.rank else value)
        table.add_row(names[standing.unit_id], *cells)
    return table

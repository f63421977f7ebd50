"""What the bench measures of one ledger: the metric query against the one by hand, the whole run.

Times are in seconds. A pair is one round of both queries, one right after the other, so that what
else the machine does touches both; ratios are made within a pair.
"""

import os
import statistics
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date

from services.scoring.engine.language.compiler import compile_terms_query, terms_query
from services.scoring.engine.lights.project_lights import build_lights
from services.scoring.engine.ranking.ranking import rank_units
from services.scoring.engine.results.json_text import serialize_json
from services.scoring.engine.results.query_batch import compile_terms_and_lights
from services.scoring.engine.results.run_result import (
    ScoringResult,
    build_unit_terms,
    stream_document,
)
from services.scoring.execution.duckdb import (
    NO_PROGRESS_BAR,
    QueryRows,
    fetch_rows,
    open_database,
    open_query_runner,
    parse_statement,
)
from services.scoring.execution.run import lights_by_day
from shared.calendar import month_ends
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from tests.bench.handwritten_query import TERMS
from tests.bench.timings import Spread, T, Took, ratios, spread, timed
from tests.bench.whole_pass import DAY, PRESET, SCHEME

DATES: Mapping[str, object] = {
    "day": DAY,
    "year_start": date(DAY.year, 1, 1),
    "year_end": date(DAY.year, 12, 31),
    "this_year": DAY.year,
}
MONTH_ENDS = list(month_ends(date(2021, 1, 1), date(2022, 12, 31)))
MOST_WHOLE_RUNS = 3
FEWEST_ROUNDS, MOST_ROUNDS = 3, 40
PROJECTS_IN_ALL_ROUNDS = 300_000  # rounds are as many as make the bench last some minutes


@dataclass(frozen=True)
class Report:
    """Everything measured over one ledger. `*_ratio` is compiled ÷ by hand, pair by pair.

    `first` compiles the metrics and reads the SQL before it runs, `again` only runs; `cpu` is in
    seconds of processor, which other programs on the machine disturb least.
    """

    projects: int
    units: int
    rounds: int
    first_ratio: Spread
    first_cpu_ratio: Spread
    again_ratio: Spread
    again_cpu_ratio: Spread
    compile: Spread
    compiled: Spread
    by_hand: Spread
    compiled_again: Spread
    by_hand_again: Spread
    whole: Mapping[str, float]


def compiled_query() -> str:
    return terms_query(SCHEME.scored_metrics, SCHEME.facts_by_id)


def compiled_anew() -> str:
    compile_terms_query.cache_clear()
    return compiled_query()


def same_terms(compiled: QueryRows, by_hand: QueryRows) -> bool:
    """Whether the two say the same; by hand a sum over nothing stays NULL."""
    zeros = [{name: value or 0 for name, value in row.items()} for row in by_hand]
    return compiled == zeros


def report_on(facts: Facts, rounds: int | None = None) -> Report:
    """Measures a ledger. Raises ValueError where the two queries do not agree."""
    projects = facts.tables["projects"].num_rows
    rounds = rounds or max(FEWEST_ROUNDS, min(MOST_ROUNDS, PROJECTS_IN_ALL_ROUNDS // projects))
    whole = whole_run(facts)
    compile_only = [timed(compiled_anew)[1].wall for _ in range(rounds)]
    first, first_hand = pairs(facts, rounds, again=False)
    again, again_hand = pairs(facts, rounds, again=True)
    return Report(
        projects=projects,
        units=facts.tables["units"].num_rows,
        rounds=rounds,
        first_ratio=ratios([t.wall for t in first], [t.wall for t in first_hand]),
        first_cpu_ratio=ratios([t.cpu for t in first], [t.cpu for t in first_hand]),
        again_ratio=ratios([t.wall for t in again], [t.wall for t in again_hand]),
        again_cpu_ratio=ratios([t.cpu for t in again], [t.cpu for t in again_hand]),
        compile=spread(compile_only),
        compiled=spread([t.wall for t in first]),
        by_hand=spread([t.wall for t in first_hand]),
        compiled_again=spread([t.wall for t in again]),
        by_hand_again=spread([t.wall for t in again_hand]),
        whole=whole,
    )


def pairs(facts: Facts, rounds: int, *, again: bool) -> tuple[list[Took], list[Took]]:
    """The times of the compiled query and of the one by hand, who begins changing every round."""
    query = compiled_query()
    with ExitStack() as stack:
        run = stack.enter_context(open_query_runner(facts))
        connection = stack.enter_context(open_database(os.getpid()).cursor())
        connection.execute(NO_PROGRESS_BAR)
        for name, table in facts.tables.items():
            connection.register(name, table)

        def compiled() -> QueryRows:
            if not again:
                compile_terms_query.cache_clear()
                parse_statement.cache_clear()
            return run(query if again else compiled_query(), DAY)

        def by_hand() -> QueryRows:
            if not again:
                parse_statement.cache_clear()
            return fetch_rows(connection, TERMS, DATES)

        if not same_terms(compiled(), by_hand()):
            raise ValueError("the compiled query and the one by hand do not agree")
        took: dict[Callable[[], QueryRows], list[Took]] = {compiled: [], by_hand: []}
        for n in range(rounds):
            for work in (compiled, by_hand) if n % 2 else (by_hand, compiled):
                took[work].append(timed(work)[1])
    return took[compiled], took[by_hand]


def whole_run(facts: Facts) -> dict[str, float]:
    """The median seconds of every part of `score` and `document`."""
    projects = facts.tables["projects"].num_rows
    rounds = max(1, min(MOST_WHOLE_RUNS, PROJECTS_IN_ALL_ROUNDS // projects))
    runs = [parts_of_run(facts) for _ in range(rounds)]
    return {part: statistics.median(run[part] for run in runs) for part in runs[0]}


def parts_of_run(facts: Facts) -> dict[str, float]:
    """What `score` does, part by part; `open` is what it takes until the first query can run."""
    took: dict[str, float] = {}

    def part(name: str, work: Callable[[], T]) -> T:
        made, spent = timed(work)
        took[name] = spent.wall
        return made

    asked = part(
        "compile",
        lambda: compile_terms_and_lights(
            SCHEME.scored_metrics, PRESET.project_axes, SCHEME.facts_by_id
        ),
    )
    with ExitStack() as stack:
        run = part("open", lambda: stack.enter_context(open_query_runner(facts)))
        terms_rows, lights_rows = part(
            "terms and lights", lambda: [*run.run_batch(asked.facts, asked.queries, DAY)]
        )
    rows = facts.rows(Unit)
    groups = {unit.unit_id: unit.group for unit in rows}
    terms = {t.unit_id: t for t in build_unit_terms(terms_rows, groups, SCHEME.scored_metrics)}
    standings = part("points and ranks", lambda: rank_units(terms.values(), SCHEME))
    lights = part("light results", lambda: build_lights(lights_rows, PRESET, DAY))
    found = ScoringResult(DAY, SCHEME, PRESET, standings, terms, lights)
    names = {unit.unit_id: unit.name for unit in rows}
    part("document", lambda: serialize_json(stream_document(found, names)))
    return {**took, "in all": sum(took.values())}


def month_ends_of_lights(facts: Facts) -> Spread:
    """The seconds that the lights of MONTH_ENDS take, as the letters ask for them."""

    def asked() -> int:
        return sum(len(lights) for _, lights in lights_by_day(facts, SCHEME, PRESET, MONTH_ENDS))

    return spread([timed(asked)[1].wall for _ in range(FEWEST_ROUNDS)])

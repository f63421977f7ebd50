"""A whole pass, from columns to the document's text, against the same by a user of pandas.

Beside it a pass over a ledger of a tenth of the size, to tell how time grows, and the ranking anew
after weights have changed, from what the metrics gave before, and whole from kept terms. Rounds
alternate, who begins changing every round, so that what else the machine does touches both.
"""

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.scoring.engine.ranking.ranking import (
    build_unweighed_groups,
    rank_units,
    rank_weighed_groups,
)
from services.scoring.engine.results.json_text import serialize_json
from services.scoring.engine.results.regions_above import RegionLevel, RunUnits, build_region_terms
from services.scoring.engine.results.run_result import stream_document
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.run import score_facts
from services.scoring.runs.rules import parse_terms, rank_stored_terms, terms_document
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from tests.bench.ledgers import ledger
from tests.bench.pandas_user import text
from tests.bench.timings import Took, ratio_of, timed

DAY = date(2022, 12, 25)
SCHEME = find_scheme("lanxian-2022")
PRESET = resolve_lights(SCHEME)
PROJECTS_IN_ALL_ROUNDS = 200_000
FEWEST_ROUNDS, MOST_ROUNDS = 3, 15


OURS, OF_A_TENTH, BY_PANDAS = "whole pass", "of a tenth", "by pandas"
ANEW, KEPT, COUNTIES = "ranking anew", "from kept terms", "ranking counties"
UNITS_IN_A_COUNTY = 15  # of the bench; a province has a hundred counties and more


@dataclass(frozen=True)
class Passes:
    """What each piece of work took, round by round."""

    took: Mapping[str, Sequence[Took]]

    def ratio(self, over: str, under: str) -> float:
        return ratio_of(self.took[over], self.took[under])


def passes(facts: Facts, rounds: int | None = None) -> Passes:
    """Raises ValueError where the two texts differ."""
    if one_pass(facts) != text(facts).encode():
        raise ValueError("the document by pandas is another")
    found = score_facts(facts, SCHEME, PRESET, DAY)
    groups = build_unweighed_groups(found.terms.values(), SCHEME)
    kept = terms_document(found, names_of(facts))
    del found
    reweighted = with_other_weights(SCHEME)
    projects = facts.tables["projects"].num_rows
    tenth = ledger(projects // 10)
    works: dict[str, Callable[[], object]] = {
        OURS: lambda: one_pass(facts),
        OF_A_TENTH: lambda: one_pass(tenth),
        BY_PANDAS: lambda: text(facts),
        ANEW: lambda: rank_weighed_groups(groups, reweighted),
        KEPT: lambda: rank_stored_terms(kept, reweighted, PRESET, DAY),
        COUNTIES: lambda: counties_of(kept),
    }
    took: dict[str, list[Took]] = {name: [] for name in works}
    rounds = rounds or max(FEWEST_ROUNDS, min(MOST_ROUNDS, PROJECTS_IN_ALL_ROUNDS // projects))
    for n in range(rounds):
        for name in works if n % 2 else reversed(works):
            gc.collect()
            took[name].append(timed(works[name])[1])
    return Passes(took)


def one_pass(facts: Facts) -> bytes:
    """Score and document, as a run of the service or of the command line makes them."""
    return serialize_json(stream_document(score_facts(facts, SCHEME, PRESET, DAY), names_of(facts)))


def counties_of(kept: Mapping[str, Any]) -> object:
    """Counties of some units each, from the terms that a run kept."""
    where = {unit: f"{110101 + n // UNITS_IN_A_COUNTY}" for n, unit in enumerate(kept)}
    run = RunUnits("", parse_terms(kept), where)
    return rank_units(build_region_terms([run], RegionLevel.county, SCHEME).values(), SCHEME)


def names_of(facts: Facts) -> dict[str, str]:
    return {unit.unit_id: unit.name for unit in facts.rows(Unit)}


def with_other_weights(scheme: Scheme) -> Scheme:
    """The scheme after a meeting: its first pillar counts for more."""
    first, *others = scheme.pillars
    heavier = first.model_copy(update={"weight": first.weight + 15})
    return scheme.model_copy(update={"pillars": (heavier, *others)})

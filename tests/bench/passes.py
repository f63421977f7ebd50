"""A whole pass, from columns to the document's text, against the same by a user of pandas.

Beside it the ranking anew from kept terms, after weights have changed. Rounds alternate, who begins
changing every round, so that what else the machine does touches both.
"""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from services.scoring.engine.results import Result
from services.scoring.engine.scheme import Scheme
from services.scoring.execution.scoring import score
from services.scoring.runs.rules import ranked_again, terms_kept, text_of
from services.scoring.schemes.reading import find_scheme, lights_of
from shared.facts import Facts, Unit
from tests.bench.pandas_user import text
from tests.bench.timing import Took, ratio_of, spread, timed

DAY = date(2022, 12, 25)
SCHEME = find_scheme("lanxian-2022")
PRESET = lights_of(SCHEME)
PROJECTS_IN_ALL_ROUNDS = 200_000
FEWEST_ROUNDS, MOST_ROUNDS = 2, 15


@dataclass(frozen=True)
class Passes:
    """What each took, round by round."""

    ours: Sequence[Took]
    by_pandas: Sequence[Took]
    ranked_again: Sequence[Took]

    @property
    def times_as_fast(self) -> float:
        """The processor's time by pandas ÷ ours."""
        return ratio_of(self.by_pandas, self.ours)

    @property
    def seconds(self) -> float:
        """Of the processor, for a pass of ours."""
        return spread([took.cpu for took in self.ours]).median

    @property
    def part_of_a_pass(self) -> float:
        """Ranking anew ÷ a pass."""
        return ratio_of(self.ranked_again, self.ours)


def passes(facts: Facts) -> Passes:
    """Raises ValueError where the two texts differ."""
    if one_pass(facts) != text(facts):
        raise ValueError("the document by pandas is another")
    reweighted = with_other_weights(SCHEME)
    names = names_of(facts)
    kept = terms_kept(score(facts, SCHEME, PRESET, DAY), names)

    def again() -> Result:
        return ranked_again(kept, reweighted, PRESET, DAY)

    works: list[Callable[[], object]] = [lambda: one_pass(facts), lambda: text(facts), again]
    took: list[list[Took]] = [[], [], []]
    projects = facts.tables["projects"].num_rows
    rounds = max(FEWEST_ROUNDS, min(MOST_ROUNDS, PROJECTS_IN_ALL_ROUNDS // projects))
    for n in range(rounds):
        for which in (0, 1, 2) if n % 2 else (2, 1, 0):
            gc.collect()
            took[which].append(timed(works[which])[1])
    return Passes(*took)


def one_pass(facts: Facts) -> str:
    """Score and document, as a run of the service or of the command line makes them."""
    return text_of(score(facts, SCHEME, PRESET, DAY), names_of(facts))


def names_of(facts: Facts) -> dict[str, str]:
    return {unit.unit_id: unit.name for unit in facts.rows(Unit)}


def with_other_weights(scheme: Scheme) -> Scheme:
    """The scheme after a meeting: its first pillar counts for more."""
    first, *others = scheme.pillars
    heavier = first.model_copy(update={"weight": first.weight + 15})
    return scheme.model_copy(update={"pillars": (heavier, *others)})

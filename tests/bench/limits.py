"""What the bench holds the engine to: every limit with the figure that was measured."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.bench.separate_process import Measured
from tests.bench.whole_pass import ANEW, BY_PANDAS, COUNTIES, KEPT, OF_A_TENTH, OURS

TARGET = 1.15  # the metric query, compiled ÷ by hand
TIMES_PANDAS = 1.5
GROWTH = 11  # a pass over ten times the projects
ROOM = 500  # MB that Python's objects may take beside DuckDB's
TIMES_MEMORY = 1.2
PART_OF_A_PASS = 0.1


@dataclass(frozen=True)
class Limit:
    """A figure that may not be above its limit, or, `at_least`, not below it."""

    projects: int
    what: str
    figure: float
    limit: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit


def limits(measured: Sequence[Measured]) -> Iterator[Limit]:
    """Of every size, by the processor's time, in which other programs meddle least."""
    for found in measured:
        size, again = found.report.projects, found.report.again_cpu_ratio.median
        yield Limit(size, "metric query, compiled ÷ by hand", again, TARGET)
        faster = found.passes.ratio(BY_PANDAS, OURS)
        yield Limit(size, "whole pass, pandas ÷ ours", faster, TIMES_PANDAS, at_least=True)
        again = found.passes.ratio(ANEW, OURS)
        yield Limit(size, "ranking anew ÷ whole pass", again, PART_OF_A_PASS)
        whole = found.passes.ratio(KEPT, OURS)
        yield Limit(size, "ranking from kept terms ÷ whole pass", whole, PART_OF_A_PASS)
        counties = found.passes.ratio(COUNTIES, OURS)
        yield Limit(size, "ranking counties ÷ whole pass", counties, PART_OF_A_PASS)
        allowed = TIMES_MEMORY * found.memory["by hand"] + ROOM
        yield Limit(size, "peak memory, MB", found.memory[OURS], allowed)
        grown = found.passes.ratio(OURS, OF_A_TENTH)
        yield Limit(size, "whole pass ÷ that of a tenth", grown, GROWTH)

"""How long a piece of work takes, and how two such figures compare."""

import resource
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Took:
    """Seconds on the clock, and of the processor, which other programs disturb least."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Spread:
    """The least, the median and the greatest of several measurements."""

    least: float
    median: float
    most: float


def timed(work: Callable[[], T]) -> tuple[T, Took]:
    wall, cpu = perf_counter(), process_time()
    made = work()
    return made, Took(perf_counter() - wall, process_time() - cpu)


def spread(values: Sequence[float]) -> Spread:
    return Spread(min(values), statistics.median(values), max(values))


def ratios(over: Sequence[float], under: Sequence[float]) -> Spread:
    return spread([a / b for a, b in zip(over, under, strict=True)])


def ratio_of(over: Sequence[Took], under: Sequence[Took]) -> float:
    """The median ratio of the processor's times, round by round."""
    return ratios([took.cpu for took in over], [took.cpu for took in under]).median


def peak_memory() -> float:
    """The most memory that this process has held so far, in MB; kilobytes, but bytes on macOS."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1_000_000


def with_peak_memory(work: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    """What a function returns, and the peak memory of the process that called it."""
    return work(*given), peak_memory()

"""Mutated workbooks and archives, read in child processes: right rows or complete findings.

    python -m tests.shared.ledger.mutated_files [FILES]

Each file is a sound one changed in a few places: bytes, parts, attributes, headers. The same number
gives the same files. A reading of a file in which nothing is found wrong has to have the rows of
the sound one, but for a changed text or figure, which no reader could tell from a right one.
"""

import random
import resource
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import zip_longest
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console

from shared.ledger.files import read_sheets
from shared.ledger.findings import Finding
from shared.ledger.sheets import Sheet
from tests.shared.ledger.mutations import OF_BYTES, OF_PARTS

INTAKE = Path(__file__).parent / "intake"
SOUND = (
    "00_base.xlsx",
    "02a_1904_dates.xlsx",
    "06d_merged_planned_start.xlsx",
    "10_percent_cells.xlsx",
    "30a_base.xls",
    "30g_base.ods",
    "15d_workbook_in_zip.zip",
    "15f_utf8_flag_control.zip",
)
SEED = 13
BATCH = 20  # files that a child process reads
MOST_CHANGED = 4  # cells that a changed text, style or column of the small ledger may change
MEDIAN_SECONDS, WORST_SECONDS, MEMORY_MB = 1.0, 5.0, 300


@dataclass(frozen=True)
class Outcome:
    """What came of a file: its cells by sheet, the codes of errors, and what it took."""

    name: str
    cells: Mapping[str, list[list[Any]]]
    errors: tuple[str, ...]
    seconds: float
    memory_mb: int
    raised: str = ""


def mutated_files(count: int) -> Iterator[tuple[str, str, bytes]]:
    """The name, the sound file's name, and the content of each."""
    chance = random.Random(SEED)
    for number in range(count):
        sound = SOUND[number % len(SOUND)]
        content = (INTAKE / sound).read_bytes()
        kinds = OF_BYTES if sound.endswith(".xls") else OF_BYTES + OF_PARTS
        mutation = chance.choice(kinds)
        yield f"{number:03d} {mutation.__name__}", sound, mutation(content, chance)


def read_one(name: str, ending: str, content: bytes) -> Outcome:
    before = perf_counter()
    raised = ""
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"台账{ending}"
        path.write_bytes(content)
        try:
            sheets, findings = read_sheets(path)
        except Exception as error:
            raised = repr(error)
    seconds = perf_counter() - before
    errors = tuple(f.code for f in findings if f.level == "error")
    cells = {sheet.name: sheet.rows for sheet in sheets}
    return Outcome(name, cells, errors, seconds, peak_memory(), raised)


def peak_memory() -> int:
    """The most memory in MB that this process held; the system counts its parent's with it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000_000  # macOS
    return next(
        int(line.split()[1]) // 1024
        for line in status.read_text().splitlines()
        if line.startswith("VmHWM")
    )


def read_batch(batch: Sequence[tuple[str, str, bytes]]) -> list[Outcome]:
    return [read_one(name, Path(sound).suffix, content) for name, sound, content in batch]


def read_mutated(count: int) -> list[Outcome]:
    """The outcomes, each batch in a process of its own, since a reader may end its process."""
    files = [*mutated_files(count)]
    outcomes: list[Outcome] = []
    for start in range(0, count, BATCH):
        batch = files[start : start + BATCH]
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            try:
                outcomes += pool.submit(read_batch, batch).result()
            except BrokenProcessPool:
                names = ", ".join(name for name, _, _ in batch)
                outcomes.append(Outcome(names, {}, (), 0, 0, "the process ended"))
    return outcomes


def wrong_outcomes(outcomes: Sequence[Outcome], sound: Mapping[str, Outcome]) -> list[Outcome]:
    """Those that raised, and those that differ from the sound file without an error."""
    return [
        outcome
        for outcome in outcomes
        if outcome.raised
        or (not outcome.errors and not is_told_apart(outcome, sound[sound_name(outcome)]))
    ]


def is_told_apart(outcome: Outcome, sound: Outcome) -> bool:
    """Whether every cell is there, and as many are as in the sound file as a mutation leaves.

    One that takes a whole CSV file, or lines of it, leaves a sound ledger, if a shorter one.
    """
    name = sound_name(outcome)
    if name.startswith("15f") and outcome.name.endswith(("drop_part", "cut_part")):
        return True
    if outcome.cells.keys() != sound.cells.keys():
        return False
    return differing_cells(outcome, sound) <= MOST_CHANGED


def differing_cells(outcome: Outcome, sound: Outcome) -> int:
    count = 0
    for name, rows in sound.cells.items():
        blank: list[Any] = []
        for one, other in zip_longest(outcome.cells[name], rows, fillvalue=blank):
            count += sum(a != b for a, b in zip_longest(one, other))
    return count


def sound_name(outcome: Outcome) -> str:
    return SOUND[int(outcome.name[:3]) % len(SOUND)]


def sound_outcomes() -> dict[str, Outcome]:
    return {name: read_one(name, Path(name).suffix, (INTAKE / name).read_bytes()) for name in SOUND}


def main(count: int) -> int:
    outcomes = read_mutated(count)
    wrong = wrong_outcomes(outcomes, sound_outcomes())
    seconds = [outcome.seconds for outcome in outcomes]
    median, worst = statistics.median(seconds), max(seconds)
    memory = max(outcome.memory_mb for outcome in outcomes)
    refused = sum(bool(outcome.errors) for outcome in outcomes)
    say = Console(highlight=False).print
    say(f"{len(outcomes)} files: {refused} refused, {len(outcomes) - refused} read")
    say(Counter(code for outcome in outcomes for code in set(outcome.errors)))
    say(f"median {median:.3f} s, worst {worst:.3f} s, {memory} MB")
    for outcome in wrong:
        say("wrong:", outcome.name, sound_name(outcome), outcome.raised)
    within = median <= MEDIAN_SECONDS and worst <= WORST_SECONDS and memory <= MEMORY_MB
    return 0 if within and not wrong else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300))

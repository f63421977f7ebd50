"""`python -m tests.attacks [PART-OF-A-NAME …]`: attacks beside reads; exit 1 where one hurts."""

import asyncio
import sys
from typing import Annotated

import typer
from rich.console import Console

from tests.attacks.attacks import ATTACKS
from tests.attacks.trials import Trial, judge_times, measure_alone, open_county, try_attack

WIDTH = 160
MIB = 1024 * 1024


def main(
    names: Annotated[list[str] | None, typer.Argument(help="parts of the names of attacks")] = None,
) -> None:
    """What attacks get, and what a second user notices of them."""
    chosen = [name for name in ATTACKS if not names or any(part in name for part in names)]
    sys.exit(asyncio.run(run_trials(Console(width=WIDTH, highlight=False), chosen)))


async def run_trials(console: Console, names: list[str]) -> int:
    wrong = []
    async with open_county() as served:
        for name in names:
            alone = await measure_alone(served)
            trial = await try_attack(served, name)
            judge_times(trial)
            console.print(describe_trial(trial, alone), markup=False)
            if trial.wrong:
                wrong.append(name)
                console.print(f"    WRONG: {'; '.join(trial.wrong)}", markup=False)
    console.print(f"{len(names)} attacks, {len(wrong)} wrong: {', '.join(wrong) or 'none'}")
    return 1 if wrong else 0


def describe_trial(trial: Trial, alone: Trial) -> str:
    got = ", ".join(f"{count} × {status}" for status, count in sorted(trial.got.items()))
    memory = trial.memory
    sizes = (memory.before, memory.after, memory.peak, memory.of_children)
    before, after, peak, of_children = (size // MIB for size in sizes)
    return (
        f"{trial.name:26} reads {describe_reads(trial)} (alone {describe_reads(alone)})"
        f"  then {trial.answered_after * 1000:.0f} ms"
        f"  memory {before} → {after} MiB, peak {peak}, children {of_children}  got {got}"
    )


def describe_reads(trial: Trial) -> str:
    """Median, p95 and worst of the reads in milliseconds."""
    found = [trial.reads.quantile(share) * 1000 for share in (0.5, 0.95, 1)]
    return " / ".join(f"{each:.0f}" for each in found) + " ms"


if __name__ == "__main__":
    typer.run(main)

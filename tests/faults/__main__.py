"""`python -m tests.faults [N] [--first SEED]`: so many cases; exit 1 where one is wrong."""

import asyncio
import sys
from typing import Annotated

import typer
from rich.console import Console

from tests.faults.cases import Outcome, case, disturbed, undisturbed

WIDTH = 132


def main(
    count: Annotated[int, typer.Argument(metavar="N", help="cases")] = 60,
    first: Annotated[int, typer.Option(help="seed of the first; the others follow")] = 0,
) -> None:
    """kill -9 of the services, of PostgreSQL, of both, at random moments of four phases."""
    console = Console(width=WIDTH, highlight=False)
    sys.exit(asyncio.run(all_cases(console, range(first, first + count))))


async def all_cases(console: Console, seeds: range) -> int:
    whole = await undisturbed()
    lengths = "  ".join(f"{name} {seconds:.1f} s" for name, seconds in whole.seconds.items())
    console.print(f"undisturbed: {lengths}; {len(whole.kept.letters)} letters")
    outcomes = []
    for seed in seeds:
        outcomes += await disturbed(whole, case(seed))
        console.print(line(outcomes[-1]))
        for problem in outcomes[-1].wrong:
            console.print(f"    {problem}", markup=False)
    wrong = [outcome.case.seed for outcome in outcomes if outcome.wrong]
    inside = sum(outcome.inside for outcome in outcomes)
    slowest = max(outcomes, key=lambda outcome: outcome.back)
    longest = max(outcomes, key=lambda outcome: outcome.done)
    console.print(
        f"{len(outcomes)} cases, {inside} of them inside their phase, the others just after it;"
        f" {len(wrong)} wrong {wrong or ''}; slowest to answer again:"
        f" {slowest.back:.1f} s (seed {slowest.case.seed}); to go through:"
        f" {longest.done:.1f} s (seed {longest.case.seed})"
    )
    return 1 if wrong else 0


def line(outcome: Outcome) -> str:
    it = outcome.case
    return (
        f"seed {it.seed:3}  {it.victim:10}  {it.phase:6}  at {outcome.at:5.2f} s"
        f" {'inside' if outcome.inside else 'after '}"
        f"  back after {outcome.back:5.1f} s  through after {outcome.done:5.1f} s"
        f"  asked again {outcome.asked_again:3}  {'WRONG' if outcome.wrong else 'right'}"
    )


if __name__ == "__main__":
    typer.run(main)

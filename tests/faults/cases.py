"""One case: the main job, disturbed at one moment, compared with the job that nobody disturbed."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from time import perf_counter

import pypdfium2

from tests.faults.client import SWEEPS, Client, client_of
from tests.faults.processes import Victim, house
from tests.faults.surviving_data import (
    Kept,
    kept,
    kept_at_rest,
    wrong_at_any_moment,
    wrong_at_the_end,
)

PHASES = ("import", "run", "sweep", "render")


@dataclass(frozen=True)
class Case:
    """`moment` is a part of the phase's length in the undisturbed job."""

    seed: int
    victim: Victim
    phase: str
    moment: float


@dataclass(frozen=True)
class Whole:
    """The undisturbed job: what was kept, what was read.

    `seconds` are of each phase, as long as it took when it was last left alone: a machine is not
    always as busy, and a moment shall lie within its phase.
    """

    sweeps: int
    seconds: dict[str, float]
    kept: Kept
    documents: Mapping[str, bytes]


@dataclass(frozen=True)
class Outcome:
    """`back` is how long after the kill everything answered, `done` when the phase was through.

    `at` is when it was killed, in seconds of the phase, `inside` whether that was still going on;
    `asked_again` how often a client had to.
    """

    case: Case
    at: float
    inside: bool
    back: float
    done: float
    asked_again: int
    wrong: list[str]


def case(seed: int) -> Case:
    """Seeds in a row go through victims and phases evenly; the moment is by chance."""
    victims = [*Victim]
    victim, phase = victims[seed % len(victims)], PHASES[seed // len(victims) % len(PHASES)]
    return Case(seed, victim, phase, random.Random(seed).random())


async def undisturbed(sweeps: int = SWEEPS) -> Whole:
    seconds = {}
    async with house() as there, client_of(there, sweeps) as client:
        await client.prepare()
        for name, phase in client.phases.items():
            began = perf_counter()
            await phase()
            seconds[name] = perf_counter() - began
        found = await kept_at_rest(there)
    for name, content in client.documents.items():
        if name.endswith(".pdf"):
            with pypdfium2.PdfDocument(content) as pdf:
                assert "号" in pdf[0].get_textpage().get_text_bounded(), name
    return Whole(sweeps, seconds, found, client.documents)


async def disturbed(whole: Whole, *chosen: Case) -> list[Outcome]:
    """One job, disturbed by each of the cases in its phase, no two in one."""
    by_phase = {each.phase: each for each in chosen}
    outcomes = []
    async with house() as there, client_of(there, whole.sweeps) as client:
        await client.prepare()
        for name, phase in client.phases.items():
            if name in by_phase:
                outcomes.append(await disturbed_in(phase, by_phase[name], whole, client))
            else:
                began = perf_counter()
                await phase()
                whole.seconds[name] = perf_counter() - began
        end = await kept_at_rest(there)
    wrong = wrong_at_any_moment(end, whole.kept, client.acknowledged)
    wrong += wrong_at_the_end(end, whole.kept)
    wrong += [
        f"{name} is not the same"
        for name, content in whole.documents.items()
        if client.documents.get(name) != content
    ]
    return [replace(each, wrong=each.wrong + wrong) for each in outcomes]


async def disturbed_in(
    phase: Callable[[], Awaitable[None]], chosen: Case, whole: Whole, client: Client
) -> Outcome:
    """A phase in which something is killed; then its client goes on as soon as it can."""
    there, asked = client.house, client.asked_again
    began, working = perf_counter(), asyncio.ensure_future(phase())
    await asyncio.wait((working,), timeout=chosen.moment * whole.seconds[chosen.phase])
    killed, inside = perf_counter(), not working.done()
    await there.kill(chosen.victim)
    await there.come_back(chosen.victim)
    back = perf_counter()
    # Before the client goes on. What it was told before this moment must be there.
    acknowledged = dict(client.acknowledged)
    wrong = wrong_at_any_moment(await kept(there), whole.kept, acknowledged)
    there.open.set()
    await working
    done = perf_counter()
    again = client.asked_again - asked
    return Outcome(chosen, killed - began, inside, back - killed, done - killed, again, wrong)

"""One case: the main job, disturbed at one moment, compared with the job that nobody disturbed."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter

import pypdfium2  # type: ignore[import-untyped]

from tests.faults.client import SWEEPS, client_of
from tests.faults.kept import Kept, kept, wrong_at_any_moment, wrong_at_the_end
from tests.faults.running import Victim, house

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
    """The undisturbed job: seconds of each phase, what was kept, what was read."""

    sweeps: int
    seconds: Mapping[str, float]
    kept: Kept
    documents: Mapping[str, bytes]


@dataclass(frozen=True)
class Outcome:
    """`back` is how long after the kill everything answered, `done` when the phase was through.

    `at` is when it was killed, in seconds of the phase; `asked_again` how often a client had to.
    """

    case: Case
    at: float
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
        found = await kept(there)
    for name, content in client.documents.items():
        if name.endswith(".pdf"):
            with pypdfium2.PdfDocument(content) as pdf:
                assert "号" in pdf[0].get_textpage().get_text_bounded(), name
    return Whole(sweeps, seconds, found, client.documents)


async def disturbed(chosen: Case, whole: Whole) -> Outcome:
    async with house() as there, client_of(there, whole.sweeps) as client:
        await client.prepare()
        wrong: list[str] = []
        at = back = done = 0.0
        for name, phase in client.phases.items():
            working = asyncio.ensure_future(phase())
            if name == chosen.phase:
                began = perf_counter()
                await asyncio.wait((working,), timeout=chosen.moment * whole.seconds[name])
                killed = perf_counter()
                await there.kill(chosen.victim)
                await there.come_back(chosen.victim)
                at, back = killed - began, perf_counter() - killed
                acknowledged = dict(client.acknowledged)
                between = await kept(there)
                wrong += wrong_at_any_moment(between, whole.kept, acknowledged)
                there.open.set()
                await working
                done = perf_counter() - killed
            await working
        end = await kept(there)
        wrong += wrong_at_any_moment(end, whole.kept, client.acknowledged)
        wrong += wrong_at_the_end(end, whole.kept)
        wrong += [
            f"{name} is not the same"
            for name, content in whole.documents.items()
            if client.documents.get(name) != content
        ]
    return Outcome(chosen, at, back, done, client.asked_again, wrong)

"""The lights of some days, kept by nobody: the same question at the same moment has one answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.scoring import scope
from services.scoring.engine.presets import Lights
from services.scoring.engine.scheme import Scheme
from services.scoring.execution.scoring import lights_on
from services.scoring.inputs import service as inputs
from services.scoring.registry_client import RegistryClient
from services.scoring.wire import with_unit
from shared.facts import Facts
from shared.tokens import Caller


@dataclass(frozen=True)
class LightsAsk:
    days: Sequence[date]
    scheme: str
    known_at: datetime | None
    region: str | None
    axis: str | None
    colour: str | None


async def lights_of_days(registry: RegistryClient, ask: LightsAsk, who: Caller) -> dict[str, Any]:
    """The lights of some days over one taking of the facts: what letters are decided by."""
    region = scope.region_asked(ask.region, who)
    scheme, preset = inputs.scheme_named(ask.scheme)
    known = await registry.facts_known(ask.known_at, region)

    items = await asyncio.to_thread(lights_wanted, known.facts, scheme, preset, ask)
    return {
        "scheme": scheme.id,
        "lights_preset": preset.id,
        "known_at": known.known_at,
        "items": items,
    }


def lights_wanted(
    facts: Facts, scheme: Scheme, preset: Lights, ask: LightsAsk
) -> list[dict[str, Any]]:
    return [
        {"as_of": day, **with_unit(light)}
        for day, lights in lights_on(facts, scheme, preset, sorted(set(ask.days)))
        for light in lights
        if ask.colour in (None, light.axes.get(ask.axis) if ask.axis else light.overall)
    ]

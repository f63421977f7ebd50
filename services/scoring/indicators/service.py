"""Indicators against their targets, over the facts of one moment; nothing is stored."""

import asyncio
from datetime import date, datetime
from typing import Any

from services.scoring.engine.overview.indicators import indicators_document
from services.scoring.execution.indicators import compute_region_indicators
from services.scoring.registry_client import RegistryClient
from shared.http.questions import QuestionParameters
from shared.http.tokens import Caller


async def report_indicators(
    registry: RegistryClient,
    as_of: date,
    known_at: datetime | None,
    asks: QuestionParameters,
    who: Caller,
) -> dict[str, Any]:
    """The indicators of a question on a day. Raises NotFound for one that is not the caller's."""
    question = asks.resolve_whole(who)
    known = await registry.load_question_facts(question, known_at)

    indicators = await asyncio.to_thread(compute_region_indicators, known.facts, as_of)
    return {**indicators_document(indicators, as_of), "known_at": known.known_at}

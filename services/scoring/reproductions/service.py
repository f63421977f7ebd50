"""Runs computed again from what they kept: by their own scheme, or by one that is not stored."""

import asyncio
import hashlib
from functools import partial
from typing import Any

from services.scoring.entries import service as entries
from services.scoring.execution.facts_storage import digest_facts
from services.scoring.runs import rules
from services.scoring.runs import service as runs
from services.scoring.runs.service import RunSources
from services.scoring.scheme_library import service as scheme_library
from services.scoring.scheme_library.service import ResolvedScheme
from shared.http.tokens import Caller


async def repeat_run(sources: RunSources, run_id: int, who: Caller) -> dict[str, Any]:
    """Compute a run anew from its kept facts and scheme, and compare every byte."""
    async with sources.reading() as session:
        of = await runs.load_run_inputs(session, run_id, who)
        first = await runs.load_document(session, run_id)

    given = of.facts, of.scheme, of.preset, of.run.as_of, of.entered
    computing = partial(runs.compute_result, engine=sources.engine)
    again = rules.serialize_result(*await asyncio.to_thread(computing, *given))
    facts_digest = await asyncio.to_thread(digest_facts, of.facts)
    return {
        "run_id": run_id,
        "same": (again, facts_digest) == (first, of.run.facts_digest),
        "facts_digest": facts_digest,
        "document_sha256": hashlib.sha256(first.encode()).hexdigest(),
        "repeated_sha256": hashlib.sha256(again.encode()).hexdigest(),
    }


async def preview_run(sources: RunSources, run_id: int, text: str, who: Caller) -> dict[str, Any]:
    """A run's facts and entries ranked by a scheme that is not stored; nothing is.

    Raises SchemeMistake.
    """
    async with sources.reading() as session:
        of = await runs.load_run_inputs(session, run_id, who)
    chosen = ResolvedScheme(*await asyncio.to_thread(scheme_library.parse_scheme, text))

    taken = entries.usable_entries(chosen, of.entered)
    day, scheme = of.run.as_of, chosen.scheme
    given = of.facts, scheme, chosen.preset, day, taken
    computing = partial(runs.compute_result, engine=sources.engine)
    found, names = await asyncio.to_thread(computing, *given)
    return rules.ranking_document(found, names)

"""Runs recomputed from their stored inputs, by their own scheme or by one that is not stored."""

import asyncio
import hashlib
from functools import partial
from typing import Any

from services.scoring.captions.ranking import caption_groups
from services.scoring.entries import service as entries
from services.scoring.execution.content_digest import digest_as_stored
from services.scoring.runs import queries as runs
from services.scoring.runs import rules
from services.scoring.runs.service import RunSources, compute_result
from services.scoring.scheme_library.service import ResolvedScheme
from services.scoring.schemes.scheme_files import parse_scheme
from services.scoring.visibility import RunReader
from shared.child_processes.limits import SCHEME_TEXT
from shared.http.heavy_work import HeavyWork


async def repeat_run(sources: RunSources, run_id: int, who: RunReader) -> dict[str, Any]:
    """Recompute a run from its stored facts and scheme, and compare every byte."""
    async with sources.reading() as session:
        stored = await runs.load_run_inputs(session, run_id, who)
        document = await runs.load_document(session, run_id)

    inputs = stored.facts, stored.scheme, stored.preset, stored.run.as_of, stored.entered
    compute = partial(compute_result, engine=sources.engine)
    repeated = rules.serialize_result(*await asyncio.to_thread(compute, *inputs))
    kept_digest = stored.run.facts_digest
    facts_digest = await asyncio.to_thread(digest_as_stored, kept_digest, stored.facts)
    return {
        "run_id": run_id,
        "same": (repeated, facts_digest) == (document, kept_digest),
        "facts_digest": facts_digest,
        "document_sha256": hashlib.sha256(document.encode()).hexdigest(),
        "repeated_sha256": hashlib.sha256(repeated.encode()).hexdigest(),
    }


async def preview_run(
    sources: RunSources, work: HeavyWork, run_id: int, text: str, who: RunReader
) -> dict[str, Any]:
    """Rank a run's facts and entries by the scheme of a YAML text. Raises SchemeMistake."""
    async with sources.reading() as session:
        stored = await runs.load_run_inputs(session, run_id, who)
    resolved = ResolvedScheme(*await work(who, SCHEME_TEXT, parse_scheme, text))

    entered = entries.usable_entries(resolved, stored.entered)
    inputs = stored.facts, resolved.scheme, resolved.preset, stored.run.as_of, entered
    compute = partial(compute_result, engine=sources.engine)
    ranking = rules.ranking_document(*await asyncio.to_thread(compute, *inputs))
    groups = caption_groups(ranking["groups"], resolved.scheme)
    return {**ranking, "scheme_name": resolved.scheme.zh, "groups": groups}

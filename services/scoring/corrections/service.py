"""Corrections: runs of the same question over other facts or entries; nothing commits here."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring.campaigns import service as campaigns
from services.scoring.campaigns.service import RunScope
from services.scoring.captions.movement import RunSide, caption_movement
from services.scoring.corrections import rules
from services.scoring.corrections.schemas import CorrectionAsk
from services.scoring.engine.campaigns.campaign import Population
from services.scoring.engine.lights.history import changed_units, units_by_id
from services.scoring.engine.points.manual_entries import NO_ENTRIES
from services.scoring.engine.scheme.model import Scheme
from services.scoring.publications.service import load_own_run
from services.scoring.runs import queries as runs
from services.scoring.runs.schemas import RunRead
from services.scoring.runs.service import RunOrder, RunSources, compute_order
from services.scoring.scheme_library.service import ResolvedScheme
from services.scoring.tables import Run
from services.scoring.visibility import RunReader
from shared.http.questions import Question
from shared.http.tokens import Caller

JsonDocument = dict[str, Any]


async def begin_correction(
    sources: RunSources,
    session: AsyncSession,
    run_id: int,
    request: CorrectionAsk,
    who: RunReader,
    *,
    now: datetime,
) -> tuple[RunRead, bool]:
    """Compute the correction of a run, a draft as any, and whether it is a new one.

    Raises NotPublished, AlreadyCorrected, NothingChanged, and Forbidden for another office's run.
    """
    async with sources.reading() as reading:
        corrected = await load_own_run(reading, run_id, who)
        rules.refuse_correction(run_id, corrected.state, corrected.corrected_by)
        scheme = ResolvedScheme(
            *await runs.load_run_scheme(reading, corrected), corrected.scheme_region
        )
        scope = await resolve_scope(reading, corrected, who)
    order = RunOrder(
        scope=scope,
        scheme=scheme,
        as_of=corrected.as_of,
        known_at=request.known_at,
        campaign_id=corrected.campaign_id,
        corrected=corrected,
        reason=request.reason,
    )
    return await compute_order(sources, session, order, who, now=now)


async def resolve_scope(session: AsyncSession, run: RunRead, who: Caller) -> RunScope:
    """The scope of a run as it is now; of a campaign's run with its targets of today."""
    if run.campaign_id is not None:
        return await campaigns.campaign_run_scope(session, run.campaign_id, who, as_of=run.as_of)
    return RunScope(run.scheme_id, Question(run.office, run.region), Population(), NO_ENTRIES)


async def list_corrections(session: AsyncSession, run_id: int, who: RunReader) -> JsonDocument:
    """List the corrections of a run that the caller may read, and what each of them changed."""
    run = await runs.load_visible_run(session, run_id, who)
    query = runs.select_visible_runs(who).where(col(Run.corrects) == run_id)
    rows = (await session.exec(query.order_by(col(Run.id)))).all()
    found = [runs.build_run_read(row, who.today) for row in rows]
    if not found:
        return {"items": []}
    scheme, _ = await runs.load_run_scheme(session, run)
    document = await runs.load_document(session, run_id)
    items = []
    for correction in found:
        texts = document, await runs.load_document(session, correction.id)
        changes = await asyncio.to_thread(read_changes, texts, scheme)
        head = correction.model_dump(include={"reason", "state", "published_at"})
        items.append({"run_id": correction.id, **head, **changes})
    return {"items": items}


def read_changes(texts: Sequence[str], scheme: Scheme) -> JsonDocument:
    """The units of two documents of which something differs, with names and texts."""
    before, after = map(json.loads, texts)
    sides = [RunSide.of_document(document, scheme) for document in (before, after)]
    units = [*changed_units(units_by_id(before), units_by_id(after))]
    return caption_movement({"units": units}, *sides)

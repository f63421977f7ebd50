"""The bulletin of a stored run; nothing is computed anew, nothing stored."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring import visibility
from services.scoring.documents.composition.ledger import build_ledger_projects
from services.scoring.documents.composition.sources import (
    FULL_AUDIENCE,
    Audience,
    BulletinInput,
    CorrectedRun,
    FactsSource,
    JsonDocument,
)
from services.scoring.registry_client import RegistryClient
from services.scoring.runs import queries as runs
from services.scoring.runs.rules import RunState
from services.scoring.runs.schemas import RunRead
from services.scoring.visibility import RunReader
from shared.child_processes.limits import DOCUMENT
from shared.database.sessions import Sessions
from shared.http.heavy_work import HeavyWork
from shared.http.tokens import REGION_WIDE
from shared.problems import InvalidRequest

DRAFT_NOTE, OPEN_NOTE = "草稿，未公布", "征求意见稿，未公布"
SHANGHAI = ZoneInfo("Asia/Shanghai")


class NotBefore(InvalidRequest):
    """只能与同一区域更早的计分相比

    A run can be compared with an earlier one of its own region only.
    """


@dataclass(frozen=True)
class BulletinQuery:
    """A run, the caller who reads it, the registry that knows its office, a run to compare with."""

    run_id: int
    who: RunReader
    registry: RegistryClient
    since: int | None


async def render_bulletin(
    sessions: Sessions,
    work: HeavyWork,
    query: BulletinQuery,
    render: Callable[[BulletinInput], bytes],
) -> bytes:
    """Read the run with a connection; ask for the office, compose and render without one."""
    async with sessions.begin() as session:
        run = await runs.load_visible_run(session, query.run_id, query.who)
    office = await query.registry.load_office_name(run.office or query.who.office)
    async with sessions.begin() as session:
        inputs = await load_bulletin_input(session, query, office)

    return await work(query.who, DOCUMENT, render, inputs)


async def load_bulletin_input(
    session: AsyncSession, query: BulletinQuery, office: str
) -> BulletinInput:
    """The inputs of a bulletin; `office` is the name over it. Raises NotFound and NotBefore."""
    stored = await runs.load_run_inputs(session, query.run_id, query.who)
    run, facts = stored.run, stored.facts
    before = (
        None
        if query.since is None
        else await load_earlier_document(session, run, query.since, query.who)
    )
    return BulletinInput(
        document=json.loads(await runs.load_document(session, run.id)),
        scheme=stored.scheme,
        preset=stored.preset,
        ledger=build_ledger_projects(facts.tables["projects"], facts.tables["progress"], run.as_of),
        office=office,
        signed_on=signing_date(run),
        before=before,
        entered=stored.entered,
        source=FactsSource(run.facts_digest, run.known_at.astimezone(SHANGHAI)),
        audience=resolve_audience(query.who, run.office),
        note=describe_state(run),
        corrected=await load_corrected_run(session, run, query.who),
    )


def describe_state(run: RunRead) -> str:
    """The state of a run as it is noted on its bulletin; blank where that is in force."""
    match run.state:
        case RunState.published:
            return ""
        case RunState.corrected:
            return f"已由第{run.corrected_by}次计分更正"
        case RunState.open_for_comment:
            return OPEN_NOTE
    return DRAFT_NOTE


async def load_corrected_run(
    session: AsyncSession, run: RunRead, who: RunReader
) -> CorrectedRun | None:
    """Load the run that a correction replaces; None for what corrects nothing."""
    if run.corrects is None:
        return None
    corrected = await runs.load_visible_run(session, run.corrects, who)
    document = json.loads(await runs.load_document(session, corrected.id))
    return CorrectedRun(corrected.id, signing_date(corrected), run.reason or "", document)


async def load_earlier_document(
    session: AsyncSession, run: RunRead, since: int, who: RunReader
) -> JsonDocument:
    """Load the document of the run to compare with. Raises NotFound and NotBefore."""
    other = await runs.load_visible_run(session, since, who)
    if (other.office, other.region) != (run.office, run.region) or other.as_of >= run.as_of:
        raise NotBefore(
            f"第 {since} 次计分（{other.as_of}）不能与第 {run.id} 次（{run.as_of}）相比",
            f"Run {since} ({other.as_of}) does not come before run {run.id} ({run.as_of}).",
        )
    document: JsonDocument = json.loads(await runs.load_document(session, since))
    return document


def signing_date(run: RunRead) -> date:
    """The civil date of publication; of a draft, the day of its figures."""
    return run.published_at.astimezone(SHANGHAI).date() if run.published_at else run.as_of


def resolve_audience(who: RunReader, office: str) -> Audience:
    """Projects and people that a caller may read of: all, its own unit's, or none."""
    if who.role in REGION_WIDE:
        return FULL_AUDIENCE
    own = who.unit_written_for(office) if who.role in visibility.PROJECT_READERS else ""
    return Audience(own, shows_authors=False)

"""The automatic run of each month, once its last day is over, and of months that were missed."""

import logging

from sqlmodel import col, select

from services.scoring.runs import rules, service
from services.scoring.runs.schemas import RunAsk
from services.scoring.runs.service import RunSources
from services.scoring.settings import MonthlyRuns
from services.scoring.tables import Run
from shared import clock
from shared.database.jobs import Job
from shared.database.sessions import Sessions
from shared.facts.projects import Unit
from shared.http.tokens import Caller, Role
from shared.problems import Problem

log = logging.getLogger(__name__)


async def run_months(sessions: Sessions, sources: RunSources, monthly: MonthlyRuns, _: Job) -> None:
    """Run the months that are due in each region; safe to repeat, as a month end is run once.

    Raises the first problem after all regions have been tried, so that the job is retried.
    """
    failed: list[Problem] = []
    for region in monthly.regions:
        try:
            await run_region_months(sessions, sources, monthly.scheme, region)
        except Problem as problem:
            data = {"region": region, "problem": problem.code(), "detail": problem.en}
            log.warning("monthly run failed", extra={"data": data})
            failed.append(problem)
    if failed:
        raise failed[0]


async def run_region_months(
    sessions: Sessions, sources: RunSources, scheme: str, region: str
) -> None:
    """Run the month ends of a region that are due; none without units to rank."""
    known = await sources.registry.facts_known(None, region, tables=["units"])
    if not known.facts.rows(Unit):
        return
    now = clock.now()
    who = Caller("scoring", Role.office, region)
    dates = await load_run_dates(sessions, scheme, region)
    for as_of in rules.month_ends_due(clock.today(), dates):
        request = RunAsk(scheme=scheme, as_of=as_of, region=region)
        async with sessions.begin() as session:
            run, is_new = await service.compute_run(sources, session, request, who, now=now)
        data = {"run": run.id, "region": region, "as_of": as_of.isoformat(), "new": is_new}
        log.info("month run", extra={"data": data})


async def load_run_dates(sessions: Sessions, scheme: str, region: str) -> list[rules.RunDates]:
    """Load the as-of days of the runs, and the civil days on which they were computed."""
    query = select(Run).where(
        col(Run.region) == region, col(Run.scheme_id) == scheme, col(Run.campaign_id).is_(None)
    )
    async with sessions.begin() as session:
        rows = await session.exec(query)
        return [(run.as_of, run.created_at.astimezone(clock.LOCAL_TIMEZONE).date()) for run in rows]

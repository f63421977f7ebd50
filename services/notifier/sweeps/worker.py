"""Worker of the daily sweep: does what the route does, for the office's region."""

import logging

from services.notifier.sweeps import service
from services.notifier.sweeps.schemas import SweepAsk
from shared import clock
from shared.database.jobs import Job
from shared.database.sessions import Sessions
from shared.http.tokens import Caller, Role

log = logging.getLogger(__name__)


async def run_sweep_job(sessions: Sessions, sources: service.SweepSources, _: Job) -> None:
    """Sweep today; safe to repeat, as each letter goes out once. Missed days are made up for."""
    who = Caller("notifier", Role.office, sources.office.region)
    now, today = clock.now(), clock.today()
    async with sessions.begin() as session:
        sweep = await service.run_sweep(session, sources, SweepAsk(), who, now=now, today=today)
    not_printed = [each.model_dump(mode="json") for each in sweep.not_printed]
    data = {"issued": len(sweep.issued), "settled": len(sweep.settled), "not_printed": not_printed}
    log.info("swept", extra={"data": data})

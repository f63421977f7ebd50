"""Worker of the daily sweep: does what the route does, for each office of the configured region."""

import logging

from services.notifier.sweeps import service
from services.notifier.sweeps.schemas import SweepAsk
from shared import clock
from shared.database.jobs import Job
from shared.database.sessions import Sessions
from shared.http.questions import Question
from shared.http.tokens import Caller, Role
from shared.offices import region_prefix

log = logging.getLogger(__name__)


async def run_sweep_job(sessions: Sessions, sources: service.SweepSources, _: Job) -> None:
    """Sweep today, office by office; one that fails holds up no other.

    Safe to repeat, as each letter goes out once; missed days are made up for. Raises the first
    failure in the end, so that the job is done again.
    """
    region = sources.office.region
    settled = await sources.registry.load_moment(Question.of_region(region))
    failures: list[Exception] = []
    for office in settled.offices_within(region):
        try:
            await sweep_office(sessions, sources, office)
        except Exception as error:
            log.warning("office not swept", exc_info=error, extra={"data": {"office": office}})
            failures.append(error)
    if failures:
        raise failures[0]


async def sweep_office(sessions: Sessions, sources: service.SweepSources, office: str) -> None:
    who = Caller("notifier", Role.office, region_prefix(office))
    now, today, ask = clock.now(), clock.today(), SweepAsk(office=office)
    async with sessions.begin() as session:
        (sweep,) = await service.run_sweeps(
            session, sessions.begin, sources, ask, who, now=now, today=today
        )
    not_printed = [each.model_dump(mode="json") for each in sweep.not_printed]
    data = {
        "office": office,
        "issued": len(sweep.issued),
        "settled": len(sweep.settled),
        "not_printed": not_printed,
    }
    log.info("swept", extra={"data": data})

"""Worker of prints: gives every letter that has its number its PDF, however often it takes."""

import logging

from services.notifier.letters import queries, service
from shared import clock
from shared.database.jobs import Job
from shared.database.sessions import Sessions

log = logging.getLogger(__name__)


async def run_print_job(sessions: Sessions, _: Job) -> None:
    """Print each letter that has no PDF yet; one that fails holds up no other.

    Raises the first failure in the end, so that the job is done again.
    """
    async with sessions.begin() as session:
        letter_ids = await queries.load_unprinted_ids(session)
    failures: list[Exception] = []
    for letter_id in letter_ids:
        try:
            await service.print_letter(sessions, letter_id, now=clock.now())
        except Exception as error:
            log.warning("letter not printed", exc_info=error, extra={"data": {"id": letter_id}})
            failures.append(error)
    log.info("printed", extra={"data": {"printed": len(letter_ids) - len(failures)}})
    if failures:
        raise failures[0]

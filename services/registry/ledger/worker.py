"""Worker that applies imports: all of one or nothing, with progress that can be read."""

import asyncio
import logging

from services.registry.ledger import kept_imports, service
from shared.database.jobs import Job
from shared.database.sessions import Sessions
from shared.facts.packed_facts import unpack_part
from shared.http.tokens import Caller, Role
from shared.logs import REQUEST_ID
from shared.problems import Problem

log = logging.getLogger(__name__)


async def run_apply_job(sessions: Sessions, job: Job) -> None:
    """Apply an import; safe to repeat, as it is applied once, and a failed attempt leaves no trace.

    A problem is stored with the import, for the one that asked; an unexpected failure is retried
    first.
    """
    import_id = int(job.payload["import_id"])
    who = Caller(**{**job.payload["who"], "role": Role(job.payload["who"]["role"])})
    async with sessions() as session:
        content = await kept_imports.load_packed_facts(session, import_id)
    if content is None:
        return
    part, done = await asyncio.to_thread(unpack_part, content), dict[str, int]()

    async def store_table_progress(name: str, rows: int) -> None:
        done[name] = rows
        async with sessions.begin() as session:
            await service.store_progress(session, import_id, done)

    try:
        async with sessions.begin() as session:
            await service.apply_import(session, import_id, part, who, store_table_progress)
    except Problem as refused:
        await mark_import_failed(sessions, import_id, refused)
    except Exception as error:
        if not job.is_last:
            raise
        log.error("failure", exc_info=error)
        number = REQUEST_ID.get()
        problem = Problem(f"请把编号 {number} 告诉管理员", f"Tell the administrator {number}.")
        await mark_import_failed(sessions, import_id, problem)


async def mark_import_failed(sessions: Sessions, import_id: int, problem: Problem) -> None:
    async with sessions.begin() as session:
        await service.store_failure(session, import_id, problem)

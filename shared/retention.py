"""Retention: old answers for `Idempotency-Key` and old logs of the job queue are deleted."""

from datetime import timedelta

from sqlalchemy import delete, text
from sqlmodel import col

from shared import clock
from shared.database.jobs import Job, JobHandler
from shared.database.sessions import Sessions
from shared.http.idempotency import AnswerColumns

CLEAN_JOB = "clean"
NIGHTLY_CRON = "15 19 * * *"  # 3:15 in China
ANSWER_RETENTION = timedelta(days=7)  # so long a write may be sent again under its key
LOG_RETENTION = timedelta(days=30)


def build_cleaning_handler(
    sessions: Sessions, schema: str, answers: type[AnswerColumns]
) -> JobHandler:
    """A handler that deletes a service's old answers and logs of jobs."""

    async def clean(_: Job) -> None:
        now = clock.now()
        async with sessions.begin() as session:
            await session.exec(delete(answers).where(col(answers.at) < now - ANSWER_RETENTION))
            connection = await session.connection()
            for table in ("jobs_log", "jobs_statistics"):
                old = text(f"DELETE FROM {schema}.{table} WHERE created < :before")
                await connection.execute(old, {"before": now - LOG_RETENTION})

    return clean

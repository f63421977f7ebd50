"""The clock: the only module that reads the time, which everything else takes as an argument."""

from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends

LOCAL_TIMEZONE = ZoneInfo("Asia/Shanghai")  # deadlines are civil dates, counted here


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return now().astimezone(LOCAL_TIMEZONE).date()


# Coroutines, as FastAPI runs plain functions in a thread, which costs more than a clock is worth.
async def get_now() -> datetime:
    return now()


async def get_today() -> date:
    return today()


Now = Annotated[datetime, Depends(get_now)]
Today = Annotated[date, Depends(get_today)]

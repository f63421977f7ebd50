"""The only module that asks what time it is. Everything else is told."""

from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends

HOME = ZoneInfo("Asia/Shanghai")  # deadlines are civil dates, counted here


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return now().astimezone(HOME).date()


# Coroutines, as FastAPI runs plain functions in a thread, which costs more than a clock is worth.
async def asked_now() -> datetime:
    return now()


async def asked_today() -> date:
    return today()


Now = Annotated[datetime, Depends(asked_now)]
Today = Annotated[date, Depends(asked_today)]

"""The clock of the services: the time as an argument of their routes."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Depends

from shared.local_time import LOCAL_TIMEZONE, now, today

__all__ = ["LOCAL_TIMEZONE", "Now", "Today", "get_now", "get_today", "now", "today"]


# Coroutines, as FastAPI runs plain functions in a thread, which costs more than a clock is worth.
async def get_now() -> datetime:
    return now()


async def get_today() -> date:
    return today()


Now = Annotated[datetime, Depends(get_now)]
Today = Annotated[date, Depends(get_today)]

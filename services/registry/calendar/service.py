"""Working days of a year, from the calendar that comes with the program."""

from datetime import date, timedelta

from services.registry.calendar.schemas import YearRead
from shared.reference import load_calendar


def build_calendar_year(number: int) -> YearRead:
    known = load_calendar()
    first, after = date(number, 1, 1), date(number + 1, 1, 1)
    days = [first + timedelta(days=n) for n in range((after - first).days)]
    return YearRead(
        year=number,
        provisional=known.is_provisional(first, days[-1]),
        off=[day for day in days if day in known.off],
        work=[day for day in days if day in known.work],
        working_days=sum(map(known.is_working, days)),
    )

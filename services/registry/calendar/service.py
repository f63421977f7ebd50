"""Working days of a year, from the calendar that comes with the program."""

from datetime import date, timedelta

from services.registry.calendar.schemas import YearRead
from shared.reference import load_calendar


def build_calendar_year(year: int) -> YearRead:
    calendar = load_calendar()
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    days = [first + timedelta(days=n) for n in range((after - first).days)]
    return YearRead(
        year=year,
        provisional=calendar.is_provisional(first, days[-1]),
        off=[day for day in days if day in calendar.off],
        work=[day for day in days if day in calendar.work],
        working_days=sum(map(calendar.is_working, days)),
    )

"""Quarters and years of what was scored: stored runs of month ends, read and averaged."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring import visibility
from services.scoring.engine.results.period_rankings import period_document, period_month_ends
from services.scoring.engine.scheme.model import Scheme
from services.scoring.runs import service as runs
from services.scoring.scheme_library import service as scheme_library
from services.scoring.tables import Run
from shared.http.tokens import Caller


@dataclass(frozen=True)
class PeriodQuery:
    scheme: str
    year: int
    quarter: int | None
    region: str | None


async def rank_period(session: AsyncSession, ask: PeriodQuery, who: Caller) -> dict[str, Any]:
    """The ranking of a period, and the runs that it is the mean of.

    The latest version of the scheme that a month was scored by says how months make a period.
    """
    region = visibility.resolve_region(ask.region, who)
    found = await load_month_end_runs(session, ask, region, who)
    scheme = await resolve_period_scheme(session, ask, region, found)
    months, names = {}, dict[str, str]()
    for run in found:
        groups = await runs.load_document_part(session, run.id or 0, "groups")
        units = {group["group"]: group["units"] for group in groups}
        names |= {unit["unit_id"]: unit["name"] for of in units.values() for unit in of}
        months[run.as_of.month] = {
            group: {unit["unit_id"]: parse_total(unit["total"]) for unit in of}
            for group, of in units.items()
        }

    made = period_document(scheme, ask.year, ask.quarter, months, names)

    used = [
        {
            "month": run.as_of.month,
            "as_of": run.as_of,
            "run_id": run.id,
            "scheme_version": run.scheme_version,
        }
        for run in found
    ]
    return {**made, "runs": used}


async def load_month_end_runs(
    session: AsyncSession, ask: PeriodQuery, region: str, who: Caller
) -> Sequence[Run]:
    """Of each month's end the latest run that the caller may read, in order of days."""
    query = runs.select_visible_runs(who).where(
        col(Run.region) == region,
        col(Run.campaign_id).is_(None),
        col(Run.scheme_id) == ask.scheme,
        col(Run.as_of).in_(period_month_ends(ask.year, ask.quarter)),
    )
    rows = await session.exec(query.order_by(col(Run.as_of), col(Run.id)))
    return [*{run.as_of: run for run, _ in rows}.values()]


async def resolve_period_scheme(
    session: AsyncSession, ask: PeriodQuery, region: str, found: Sequence[Run]
) -> Scheme:
    """Raises NotFound where nothing was scored by it, and the region has none of that name."""
    if not found:
        return (await scheme_library.resolve_scheme(session, ask.scheme, region)).scheme
    last = max(found, key=lambda run: run.scheme_version)
    named = last.scheme_id, last.scheme_version, last.scheme_region
    return (await scheme_library.load_used_scheme(session, *named))[0]


def parse_total(total: str | None) -> Fraction | None:
    """A total as it was printed."""
    return None if total is None else Fraction(total)

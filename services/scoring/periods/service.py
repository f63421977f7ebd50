"""Rankings of quarters and years: stored runs of month ends, loaded and averaged."""

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
from shared.http.questions import Question, QuestionParameters
from shared.http.tokens import Caller


@dataclass(frozen=True)
class PeriodQuery:
    scheme: str
    year: int
    quarter: int | None
    asks: QuestionParameters


async def rank_period(session: AsyncSession, query: PeriodQuery, who: Caller) -> dict[str, Any]:
    """The ranking of a period, and the runs that it is the mean of.

    The latest version of the scheme that a month was scored by says how months make a period.
    """
    question = query.asks.resolve_whole(who)
    month_runs = await load_month_end_runs(session, query, question, who)
    scheme = await resolve_period_scheme(session, query, question.region, month_runs)
    months, names = {}, dict[str, str]()
    for run in month_runs:
        groups = await runs.load_document_part(session, run.id or 0, "groups")
        units_by_group = {group["group"]: group["units"] for group in groups}
        names |= {u["unit_id"]: u["name"] for units in units_by_group.values() for u in units}
        months[run.as_of.month] = {
            group: {unit["unit_id"]: parse_total(unit["total"]) for unit in units}
            for group, units in units_by_group.items()
        }

    ranking = period_document(scheme, query.year, query.quarter, months, names)

    used = [
        {
            "month": run.as_of.month,
            "as_of": run.as_of,
            "run_id": run.id,
            "scheme_version": run.scheme_version,
        }
        for run in month_runs
    ]
    return {**ranking, "runs": used}


async def load_month_end_runs(
    session: AsyncSession, query: PeriodQuery, question: Question, who: Caller
) -> Sequence[Run]:
    """Load the latest run of each month's end that the caller may read, in order of days."""
    statement = runs.select_visible_runs(who).where(
        visibility.matches_question(Run, question),
        col(Run.campaign_id).is_(None),
        col(Run.scheme_id) == query.scheme,
        col(Run.as_of).in_(period_month_ends(query.year, query.quarter)),
    )
    rows = await session.exec(statement.order_by(col(Run.as_of), col(Run.id)))
    return [*{run.as_of: run for run, _ in rows}.values()]


async def resolve_period_scheme(
    session: AsyncSession, query: PeriodQuery, region: str, month_runs: Sequence[Run]
) -> Scheme:
    """The scheme of the runs in its latest version, or without runs the region's.

    Raises NotFound where there are no runs and the region has no scheme of that name.
    """
    if not month_runs:
        return (await scheme_library.resolve_scheme(session, query.scheme, region)).scheme
    last = max(month_runs, key=lambda run: run.scheme_version)
    key = last.scheme_id, last.scheme_version, last.scheme_region
    return (await scheme_library.load_used_scheme(session, *key))[0]


def parse_total(total: str | None) -> Fraction | None:
    """A printed total as a fraction."""
    return None if total is None else Fraction(total)

"""Rankings of quarters and years: stored runs of month ends, loaded and averaged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring import visibility
from services.scoring.engine.results.period_rankings import (
    MonthlyScores,
    UnmarkedMetric,
    find_unmarked_metrics,
    period_document,
)
from services.scoring.engine.scheme.model import Scheme
from services.scoring.periods.schemas import NotUsedReason
from services.scoring.runs import queries as runs
from services.scoring.scheme_library import service as scheme_library
from services.scoring.tables import Run
from services.scoring.visibility import RunReader
from shared.calendar import month_end
from shared.http.questions import Question, QuestionParameters


@dataclass(frozen=True)
class PeriodQuery:
    scheme: str
    year: int
    quarter: int | None
    asks: QuestionParameters


async def rank_period(session: AsyncSession, query: PeriodQuery, who: RunReader) -> dict[str, Any]:
    """The ranking of a period, the runs that it is the mean of, and those of other days.

    The latest version of the scheme that a month was scored by says how months make a period.
    """
    question = query.asks.resolve_whole(who)
    every = await load_period_runs(session, query, question, who)
    month_runs = [run for run in every if is_month_end(run.as_of)]
    scheme = await resolve_period_scheme(session, query, question.region, month_runs)
    months, names, unmarked = {}, dict[str, str](), list[UnmarkedMetric]()
    for run in month_runs:
        groups = await runs.load_document_part(session, run.id or 0, "groups")
        units_by_group = {group["group"]: group["units"] for group in groups}
        names |= {u["unit_id"]: u["name"] for units in units_by_group.values() for u in units}
        months[run.as_of.month] = {
            group: {unit["unit_id"]: parse_total(unit["total"]) for unit in units}
            for group, units in units_by_group.items()
        }
        for group, units in units_by_group.items():
            unmarked += find_unmarked_metrics(
                scheme, run.as_of.month, group, ranked_denominators(units)
            )

    scores = MonthlyScores(months, unmarked)
    ranking = period_document(scheme, query.year, query.quarter, scores, names)

    used = [
        {
            "month": run.as_of.month,
            "as_of": run.as_of,
            "run_id": run.id,
            "scheme_version": run.scheme_version,
        }
        for run in month_runs
    ]
    others = [
        {"as_of": run.as_of, "run_id": run.id, "reason": NotUsedReason.not_month_end}
        for run in every
        if not is_month_end(run.as_of)
    ]
    return {**ranking, "runs": used, **({"not_used": others} if others else {})}


def is_month_end(day: date) -> bool:
    return day == month_end(day)


def ranked_denominators(units: Sequence[dict[str, Any]]) -> dict[str, dict[str, int | None]]:
    """Unit → metric → its denominator, of the ranked units of a stored group."""
    return {
        unit["unit_id"]: {name: part["denominator"] for name, part in unit["metrics"].items()}
        for unit in units
        if unit["rank"] is not None
    }


async def load_period_runs(
    session: AsyncSession, query: PeriodQuery, question: Question, who: RunReader
) -> Sequence[Run]:
    """Load the latest run of each day that the caller may read, in order of days."""
    last_month = 3 * query.quarter if query.quarter else 12
    first_month = last_month - 2 if query.quarter else 1
    first, last = date(query.year, first_month, 1), month_end(date(query.year, last_month, 1))
    statement = runs.select_counted_runs(who).where(
        visibility.matches_question(Run, question),
        col(Run.campaign_id).is_(None),
        col(Run.scheme_id) == query.scheme,
        col(Run.as_of).between(first, last),
    )
    rows = await session.exec(statement.order_by(col(Run.as_of), col(Run.id)))
    return [*{run.as_of: run for run, *_ in rows}.values()]


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

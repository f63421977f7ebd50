"""Lists of runs: filtered, in an order, with their number."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring.runs.queries import RunSelect, build_run_read, select_visible_runs
from services.scoring.runs.schemas import RunPage, RunTotals
from services.scoring.tables import Publication, Run
from services.scoring.visibility import RunReader
from shared.http.list_orders import ListOrder, order_page
from shared.http.pages import Paging, build_page


@dataclass(frozen=True)
class RunFilter:
    """A filter of runs; None does not filter."""

    campaign_id: int | None = None
    scheme: str | None = None
    as_of_from: date | None = None
    as_of_to: date | None = None
    published: bool | None = None


async def list_runs(
    session: AsyncSession,
    who: RunReader,
    paging: Paging,
    filters: RunFilter,
    order: ListOrder,
    *,
    with_totals: bool,
) -> RunPage:
    """List runs in order of their computation, or the latest first."""
    query, latest_first = filtered_runs_query(who, filters), order is ListOrder.latest
    rows = await session.exec(order_page(query, paging, col(Run.id), falling=latest_first))
    page = build_page([build_run_read(row, who.today) for row in rows], paging, lambda run: run.id)
    totals = None
    if with_totals:
        count = select(func.count()).select_from(query.subquery())
        totals = RunTotals(count=(await session.exec(count)).one())
    return RunPage(**page, totals=totals)


def filtered_runs_query(who: RunReader, filters: RunFilter) -> RunSelect:
    query = select_visible_runs(who)
    if filters.campaign_id is not None:
        query = query.where(col(Run.campaign_id) == filters.campaign_id)
    if filters.scheme is not None:
        query = query.where(col(Run.scheme_id) == filters.scheme)
    if filters.as_of_from is not None:
        query = query.where(col(Run.as_of) >= filters.as_of_from)
    if filters.as_of_to is not None:
        query = query.where(col(Run.as_of) <= filters.as_of_to)
    if filters.published is not None:
        query = query.where(col(Publication.published_at).is_not(None) == filters.published)
    return query

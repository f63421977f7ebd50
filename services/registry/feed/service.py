"""The latest change of facts, by which a reader of a run knows that it is older than they are."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.tables import Event, Turn
from shared.facts.tables import FACT_KINDS
from shared.http.questions import Question
from shared.offices import NO_OFFICE, OFFICE_DIGITS

FACT_EVENTS = (*FACT_KINDS, "ledger")  # what the events of facts are called, before the point


async def load_latest_change(session: AsyncSession, question: Question) -> datetime | None:
    """Load the moment of the last change of facts of an office, or of those in a region.

    Of each office the last event is looked at, by its index. None where nothing ever changed.
    """
    last = (
        sa.select(col(Event.at))
        .where(
            col(Event.office) == col(Turn.office),
            sa.func.split_part(col(Event.kind), ".", 1).in_(FACT_EVENTS),
        )
        .order_by(col(Event.id).desc())
        .limit(1)
    )
    if question.is_narrow:  # less than whole offices: what is of the caller's part of its own
        last = last.where(col(Event.region_code).startswith(question.region, autoescape=True))
    latest = last.lateral("latest")
    offices = (
        col(Turn.office) == question.office
        if question.office != NO_OFFICE
        else col(Turn.office).startswith(question.region[:OFFICE_DIGITS], autoescape=True)
    )
    query = sa.select(sa.func.max(latest.c.at)).select_from(
        sa.join(sa.inspect(Turn).local_table, latest, sa.true())
    )
    moment: datetime | None = await (await session.connection()).scalar(query.where(offices))
    return moment

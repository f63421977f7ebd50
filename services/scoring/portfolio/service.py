"""The portfolio of a day from the registry's facts; nothing is stored."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow.compute as pc

from services.scoring.engine.overview.portfolio import Grouping
from services.scoring.execution.portfolio import compute_portfolio
from services.scoring.registry_client import RegistryClient
from shared.facts.tables import Facts
from shared.http.questions import QuestionParameters
from shared.http.tokens import Caller
from shared.reference import region_names


@dataclass(frozen=True)
class PortfolioQuery:
    as_of: date
    by: Grouping
    known_at: datetime | None
    asks: QuestionParameters


async def report_portfolio(
    registry: RegistryClient, query: PortfolioQuery, who: Caller
) -> dict[str, Any]:
    """The portfolio of an office or a region, or within it of the caller's own unit."""
    question = query.asks.resolve_whole(who)
    known = await registry.load_question_facts(question, query.known_at)
    unit_id = who.unit_written_for(question.office)
    facts = known.facts if unit_id is None else filter_facts_by_unit(known.facts, unit_id)

    portfolio = await asyncio.to_thread(
        compute_portfolio, facts, query.as_of, query.by, region_names()
    )
    return {"known_at": known.known_at, **portfolio}


def filter_facts_by_unit(facts: Facts, unit_id: str) -> Facts:
    """The facts with the projects of one unit, and the funds that count for it."""
    projects, funds = facts.tables["projects"], facts.tables["funds"]
    projects = projects.filter(pc.equal(projects["unit_id"], unit_id))
    own = pc.is_in(funds["project_id"], projects["project_id"].combine_chunks())
    unnamed = pc.and_(pc.is_null(funds["unit_id"]), own)
    named = pc.fill_null(pc.equal(funds["unit_id"], unit_id), False)
    return Facts(
        {**facts.tables, "projects": projects, "funds": funds.filter(pc.or_(unnamed, named))}
    )

"""The only client of the registry: the facts of a question, as they were known at a moment."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from services.scoring.execution.office_facts import LeftOutProject, join_offices, write_ids
from shared.facts.tables import FACT_KINDS, Facts
from shared.http.facts_client import FactsClient, RegistryAway, RegistryRefused
from shared.http.offices_client import OfficesClient
from shared.http.questions import Question
from shared.offices import NO_OFFICE, office_code
from shared.problems import raises

OFFICES_AT_ONCE = 4  # that the registry is asked about at the same time


@dataclass(frozen=True)
class QuestionFacts:
    """The facts of a question, the moment, and what was left out where offices were joined."""

    known_at: datetime
    facts: Facts
    left_out: tuple[LeftOutProject, ...] = ()


class RegistryClient(FactsClient):
    """Client of the registry: facts of an office or of several joined, names of offices."""

    async def load_question_facts(
        self,
        question: Question,
        known_at: datetime | None = None,
        tables: Iterable[str] = FACT_KINDS,
    ) -> QuestionFacts:
        """The tables of a question at one moment; others are empty.

        An office's own rows have plain ids; those of a region are asked office by office and
        joined. Of less than an office (a township) they are its office's in that region. Raises as
        `load_facts` does.
        """
        tables = tuple(tables)
        if question.office != NO_OFFICE or question.is_narrow:
            office = question.office or office_code(question.region)
            known = await self.load_facts(replace(question, office=office), known_at, tables)
            if question.office != NO_OFFICE:
                return QuestionFacts(known.known_at, known.facts)
            qualified = await asyncio.to_thread(write_ids, known.facts, office)
            return QuestionFacts(known.known_at, qualified)
        settled = await self.load_moment(question)
        moment, offices = known_at or settled.known_at, settled.offices_within(question.region)
        facts_by_office = await self.load_offices(moment, offices, tables)
        joined = await asyncio.to_thread(join_offices, facts_by_office)
        return QuestionFacts(moment, joined.facts, joined.left_out)

    async def load_offices(
        self, known_at: datetime, offices: Iterable[str], tables: Iterable[str]
    ) -> dict[str, Facts]:
        """Office → its own facts, a few offices at a time."""
        turns = asyncio.Semaphore(OFFICES_AT_ONCE)

        async def load(office: str) -> tuple[str, Facts]:
            async with turns:
                known = await self.load_facts(Question.of_office(office), known_at, tables)
                return office, known.facts

        tasks = [asyncio.create_task(load(office)) for office in offices]
        try:
            return dict(await asyncio.gather(*tasks))
        finally:
            for task in tasks:  # of one that fails the others are not waited for
                task.cancel()

    async def load_office_name(self, office: str) -> str:
        """The name of an office, as it stands over its documents."""
        return (await OfficesClient(self.http).load_office(office)).name


@raises(RegistryRefused, RegistryAway)
def build_registry_client(request: Request) -> RegistryClient:
    return RegistryClient(request.app.state.registry)


Registry = Annotated[RegistryClient, Depends(build_registry_client)]

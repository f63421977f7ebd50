"""Queries of reporting periods: projects of an office, and what they reported for some days."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.periods import rules
from services.registry.periods.rules import ENDS, PeriodLimits, ReportingProject
from services.registry.periods.schemas import ReportingState
from services.registry.records.addresses import RecordQuestion
from services.registry.records.visibility import is_void, scope_condition, validity_condition
from services.registry.review_tables import Report
from services.registry.tables import METADATA, RECORD_TABLES, SCHEMA
from shared.clock import LOCAL_TIMEZONE
from shared.facts.belonging import PROJECTS, UNITS
from shared.offices import SEPARATOR, format_id

PROJECT, UNIT, PROGRESS = (RECORD_TABLES[name] for name in (PROJECTS, UNITS, "progress"))
IMPORTS = METADATA.tables[f"{SCHEMA}.imports"]
Reported = tuple[str, date]  # project and day


@dataclass(frozen=True)
class Reporting:
    """What projects of an office reported for some days: moments of the first, and what waits."""

    projects: Sequence[ReportingProject]
    names: Mapping[str, str]
    reported_at: Mapping[Reported, datetime]
    waiting: frozenset[Reported]

    def owing(self, last_day: date) -> list[ReportingProject]:
        return [each for each in self.projects if rules.owes_report(each, last_day)]

    def state(self, project: ReportingProject, day: date, limits: PeriodLimits) -> ReportingState:
        place = (project.project_id, day)
        reported_at = self.reported_at.get(place)
        reported_on = reported_at and reported_at.astimezone(LOCAL_TIMEZONE).date()
        return rules.decide_reporting(day, limits, reported_on, is_waiting=place in self.waiting)


async def load_reporting(
    session: AsyncSession, question: RecordQuestion, days: Sequence[date]
) -> Reporting:
    """Load the projects that a caller may see of an office, and what they reported for days."""
    connection, office = await session.connection(), question.office
    query = sa.select(PROJECT.c.project_id, PROJECT.c.unit_id, PROJECT.c.nature, PROJECT.c.name)
    rows = await connection.execute(
        query.where(
            validity_condition(PROJECT),
            PROJECT.c.office == office,
            scope_condition(PROJECTS, question.scope),
        )
    )
    known, ended_on, pauses = (
        rows.all(),
        await load_ends(session, office),
        await load_pauses(session, office),
    )
    projects = [
        ReportingProject(
            row.project_id,
            row.unit_id,
            row.nature,
            ended_on.get(row.project_id),
            tuple(pauses.get(row.project_id, ())),
        )
        for row in known
    ]
    names = {row.project_id: row.name for row in known}
    return Reporting(
        projects,
        names,
        await load_first_reports(session, office, days),
        await load_waiting(session, office, days),
    )


async def load_ends(session: AsyncSession, office: str) -> dict[str, date]:
    """Load the first day on which each project was completed or terminated."""
    rows = RECORD_TABLES["milestones"]
    query = (
        sa.select(rows.c.project_id, sa.func.min(rows.c.actual_on))
        .where(
            validity_condition(rows),
            rows.c.office == office,
            rows.c.kind.in_(ENDS),
            rows.c.actual_on.is_not(None),
        )
        .group_by(rows.c.project_id)
    )
    found = await (await session.connection()).execute(query)
    return {project: ended_on for project, ended_on in found}  # noqa: C416


async def load_pauses(
    session: AsyncSession, office: str
) -> Mapping[str, list[tuple[date, date | None]]]:
    """Load the approved pauses of each project."""
    rows, found = RECORD_TABLES["pauses"], defaultdict[str, list[tuple[date, date | None]]](list)
    query = sa.select(rows.c.project_id, rows.c.from_on, rows.c.to_on).where(
        validity_condition(rows), rows.c.office == office, rows.c.approved
    )
    for project, from_on, to_on in await (await session.connection()).execute(query):
        found[project].append((from_on, to_on))
    return found


async def load_first_reports(
    session: AsyncSession, office: str, days: Iterable[date]
) -> dict[Reported, datetime]:
    """Load when a figure that counts was reported first, also where it was corrected since.

    What was voided before is no report, nor what an import brought that was undone.
    """
    earlier = PROGRESS.alias("earlier")
    undone = sa.select(IMPORTS.c.id).where(
        IMPORTS.c.office == earlier.c.office, IMPORTS.c.undone_at == earlier.c.superseded_at
    )
    moment = sa.func.coalesce(earlier.c.reported_at, earlier.c.recorded_at)
    query = (
        sa.select(PROGRESS.c.project_id, PROGRESS.c.as_of, sa.func.min(moment))
        .select_from(PROGRESS)
        .join(
            earlier,
            sa.and_(
                earlier.c.office == PROGRESS.c.office,
                earlier.c.project_id == PROGRESS.c.project_id,
                earlier.c.as_of == PROGRESS.c.as_of,
                earlier.c.invested_ytd_yuan.is_not(None),
                ~is_void("progress", earlier),
                ~undone.exists(),
            ),
        )
        .where(
            validity_condition(PROGRESS),
            PROGRESS.c.office == office,
            PROGRESS.c.as_of.in_(list(days)),
            PROGRESS.c.invested_ytd_yuan.is_not(None),
        )
        .group_by(PROGRESS.c.project_id, PROGRESS.c.as_of)
    )
    found = await (await session.connection()).execute(query)
    return {(project, day): first for project, day, first in found}


async def load_waiting(
    session: AsyncSession, office: str, days: Iterable[date]
) -> frozenset[Reported]:
    """Load the projects and days whose figures wait for review."""
    day = col(Report.fact)["as_of"].astext
    query = sa.select(col(Report.project_id), day).where(
        col(Report.office) == office,
        col(Report.kind) == "progress",
        col(Report.decided_at).is_(None),
        col(Report.fact)["invested_ytd_yuan"].astext.is_not(None),
        day.in_([each.isoformat() for each in days]),
    )
    found = await (await session.connection()).execute(query)
    return frozenset((project, date.fromisoformat(on)) for project, on in found)


async def load_unit_names(
    session: AsyncSession, units: Iterable[str], question: RecordQuestion
) -> dict[str, str]:
    """Load the names of units as projects of an office name them, qualified or not."""
    stored = UNIT.c.unit_id
    query = sa.select(UNIT.c.office, stored, UNIT.c.name).where(
        validity_condition(UNIT),
        sa.or_(
            sa.and_(UNIT.c.office == question.office, stored.in_(units)),
            (UNIT.c.office + SEPARATOR + stored).in_(units),
        ),
    )
    rows = await (await session.connection()).execute(query)
    return {format_id(unit, office, question.office): name for office, unit, name in rows}

"""The automatic run of each month, once its last day is over, and of months that were missed."""

import logging

from sqlmodel import col, select

from services.scoring import visibility
from services.scoring.runs import rules, service
from services.scoring.runs.schemas import RunAsk
from services.scoring.runs.service import RunSources
from services.scoring.settings import MonthlyRuns
from services.scoring.tables import Run
from shared import clock
from shared.database.jobs import Job
from shared.database.sessions import Sessions
from shared.facts.projects import Unit
from shared.http.questions import Question
from shared.http.tokens import Caller, Role
from shared.offices import OFFICE_DIGITS, office_code
from shared.problems import Problem

log = logging.getLogger(__name__)


async def run_months(sessions: Sessions, sources: RunSources, monthly: MonthlyRuns, _: Job) -> None:
    """Run the months that are due in each region; safe to repeat, as a month end is run once.

    Each office with facts has its run; a region of several that is no office's own has one, too.
    Raises the first problem after all have been tried, so that the job is retried.
    """
    failed: list[Problem] = []
    for region in monthly.regions:
        try:
            questions = await monthly_questions(sources, region)
        except Problem as problem:
            failed.append(log_failure(region, problem))
            continue
        for question in questions:
            try:
                await run_question_months(sessions, sources, monthly.scheme, question)
            except Problem as problem:
                failed.append(log_failure(question.office or question.region, problem))
    if failed:
        raise failed[0]


def log_failure(place: str, problem: Problem) -> Problem:
    """Log the failure of an office or a region."""
    data = {"place": place, "problem": problem.code(), "detail": problem.en}
    log.warning("monthly run failed", extra={"data": data})
    return problem


async def monthly_questions(sources: RunSources, region: str) -> list[Question]:
    """The questions that are run for a region: each office in it, and perhaps the whole."""
    if len(region) > OFFICE_DIGITS:
        return [Question(office_code(region), region)]
    settled = await sources.registry.load_moment(Question.of_region(region))
    offices = settled.offices_within(region)
    questions = [Question.of_office(office) for office in offices]
    if rules.needs_region_run(region, offices):
        questions.append(Question.of_region(region))
    return questions


async def run_question_months(
    sessions: Sessions, sources: RunSources, scheme: str, question: Question
) -> None:
    """Run the month ends of a question that are due; none without units to rank."""
    known = await sources.registry.load_question_facts(question, tables=["units"])
    if not known.facts.rows(Unit):
        return
    now = clock.now()
    who = Caller("scoring", Role.office, question.region)
    dates = await load_run_dates(sessions, scheme, question)
    for as_of in rules.month_ends_due(clock.today(), dates):
        region = None if question.office else question.region
        request = RunAsk(scheme=scheme, as_of=as_of, office=question.office or None, region=region)
        async with sessions.begin() as session:
            run, is_new = await service.compute_run(sources, session, request, who, now=now)
        data = {"run": run.id, "office": run.office, "region": run.region}
        data |= {"as_of": as_of.isoformat(), "new": is_new}
        log.info("month run", extra={"data": data})


async def load_run_dates(
    sessions: Sessions, scheme: str, question: Question
) -> list[rules.RunDates]:
    """Load the as-of days of the runs, and the civil days on which they were computed."""
    query = select(Run).where(
        visibility.matches_question(Run, question),
        col(Run.scheme_id) == scheme,
        col(Run.campaign_id).is_(None),
    )
    async with sessions.begin() as session:
        rows = await session.exec(query)
        return [(run.as_of, run.created_at.astimezone(clock.LOCAL_TIMEZONE).date()) for run in rows]

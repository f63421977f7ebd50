"""Reporting periods as they stand: who owes a report, who has reported, and until when one may."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.offices.schemas import OfficeSettings, PeriodRule
from services.registry.offices.service import load_rows, refuse_hidden_office
from services.registry.periods import rules
from services.registry.periods.queries import Reporting, load_reporting, load_unit_names
from services.registry.periods.rules import PeriodLimits
from services.registry.periods.schemas import (
    PeriodKind,
    ReportingPeriodRead,
    ReportingProjectRead,
    ReportingState,
)
from services.registry.records.addresses import RecordQuestion
from services.registry.records.resource import REPORTERS
from shared.http.printable_lines import is_blank
from shared.http.tokens import Caller
from shared.problems import raises

NO_LIMITS = PeriodLimits()


async def list_periods(
    session: AsyncSession,
    question: RecordQuestion,
    kind: PeriodKind,
    last_days: Sequence[date],
    *,
    who: Caller,
    today: date,
) -> list[ReportingPeriodRead]:
    """List the periods of an office that end on some days. Raises NotFound."""
    limits = await load_limits(session, question.office, kind, who)
    found = await load_reporting(session, question, last_days)
    return [
        build_period(found, question.office, kind, last_day, limits, today)
        for last_day in last_days
    ]


def build_period(
    found: Reporting,
    office: str,
    kind: PeriodKind,
    last_day: date,
    limits: PeriodLimits,
    today: date,
) -> ReportingPeriodRead:
    owing = found.owing(last_day)
    states = Counter(found.state(each, last_day, limits) for each in owing)
    return ReportingPeriodRead(
        office=office,
        kind=kind,
        last_day=last_day,
        open_until=rules.add_days(last_day, limits.due_days),
        closes_on=rules.add_days(last_day, limits.closes_days),
        state=rules.decide_state(last_day, limits, today),
        owed=len(owing),
        reported=states[ReportingState.reported] + states[ReportingState.late],
        late=states[ReportingState.late],
        waiting=states[ReportingState.waiting],
        unreported=states[ReportingState.unreported],
    )


async def list_projects(
    session: AsyncSession,
    question: RecordQuestion,
    kind: PeriodKind,
    last_day: date,
    *,
    who: Caller,
    state: ReportingState | None,
    after: tuple[str, str] | None,
    limit: int,
) -> list[ReportingProjectRead]:
    """List the projects that owe a report for a period by unit and id, one more than a page has.

    `after` are the ids of unit and project of the last one that was seen. Raises NotFound.
    """
    limits = await load_limits(session, question.office, kind, who)
    found = await load_reporting(session, question, [last_day])
    units = await load_unit_names(session, {each.unit_id for each in found.projects}, question)
    listed = sorted(found.owing(last_day), key=lambda each: (each.unit_id, each.project_id))
    projects = []
    for each in listed:
        its_state = found.state(each, last_day, limits)
        is_seen = after is not None and (each.unit_id, each.project_id) <= after
        if is_seen or state not in (None, its_state):
            continue
        projects.append(
            ReportingProjectRead(
                project_id=each.project_id,
                project_name=found.names[each.project_id],
                unit_id=each.unit_id,
                unit_name=units.get(each.unit_id),
                state=its_state,
                reported_at=found.reported_at.get((each.project_id, last_day)),
            )
        )
    return projects[: limit + 1]


# --- settings ------------------------------------------------------------------------------------


async def load_limits(
    session: AsyncSession, office: str, kind: PeriodKind, who: Caller
) -> PeriodLimits:
    """Load the limits that an office sets for a kind of period. Raises NotFound."""
    refuse_hidden_office(office, who)
    return (await load_all_limits(session, office)).get(kind, NO_LIMITS)


async def load_all_limits(session: AsyncSession, office: str) -> Mapping[PeriodKind, PeriodLimits]:
    """Load the limits of an office by the kinds of period that it sets."""
    row = (await load_rows(session, [office])).get(office)
    periods = None if row is None else OfficeSettings.model_validate(row.settings).periods
    if periods is None:
        return {}
    found: dict[PeriodKind, PeriodRule | None] = {
        PeriodKind.month: periods.month,
        PeriodKind.half_month: periods.half_month,
    }
    return {
        kind: PeriodLimits(rule.due_days, rule.closes_days)
        for kind, rule in found.items()
        if rule is not None
    }


async def load_closing(
    session: AsyncSession, office: str, today: date
) -> Callable[[date], date | None]:
    """Load by which rule reports of an office close, as they are today.

    It tells of the day of a report when its period closed; None where it is not closed.
    """
    limits = await load_all_limits(session, office)
    month, half = (limits.get(kind) for kind in (PeriodKind.month, PeriodKind.half_month))
    return partial(rules.find_closing, month=month, half_month=half, today=today)


@raises(rules.PeriodClosed)
async def refuse_closed_period(
    session: AsyncSession, place: Mapping[str, Any], who: Caller, *, why: str, today: date
) -> None:
    """Raise PeriodClosed for a unit's report after its period closed that gives no reason."""
    if who.role not in REPORTERS or not is_blank(why) or place["office"] != who.office:
        return
    closing = await load_closing(session, who.office, today)
    rules.refuse_closed(closing(place["as_of"]))

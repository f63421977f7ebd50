"""Routes of reporting periods."""

from datetime import timedelta
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from services.registry.periods import service
from services.registry.periods.rules import last_day_of_period, list_last_days
from services.registry.periods.schemas import (
    PeriodKind,
    ReportingPeriodRead,
    ReportingProjectRead,
    ReportingState,
)
from services.registry.records.addresses import RecordQuestion, resolve_record_question
from services.registry.records.resource import READERS
from shared.clock import Today
from shared.database.sessions import Session
from shared.http.auth import require_roles
from shared.http.pages import (
    CursorPaging,
    CursorPagingParams,
    Page,
    build_page,
    pack_cursor,
    unpack_cursor,
)
from shared.http.questions import (
    OFFICE_DESCRIPTION,
    OFFICE_NAME_PATTERN,
    OFFICE_TITLE,
    QuestionParameters,
)
from shared.http.service_route import ServiceRoute
from shared.http.tokens import Caller
from shared.notation import LedgerDay
from shared.problems import InvalidRequest, NotFound, raises

router = APIRouter(prefix="/v1/reporting-periods", tags=["报告期"], route_class=ServiceRoute)
MAX_PERIODS = 60  # of an answer
USUAL_DAYS = 92  # back from today, where no first day is said
SEPARATOR = "\x1f"  # no id has it
Reader = Annotated[Caller, require_roles(*READERS)]
OfficeParam = Annotated[
    str | None,
    Query(pattern=OFFICE_NAME_PATTERN, title=OFFICE_TITLE, description=OFFICE_DESCRIPTION),
]
LastDay = Annotated[LedgerDay, Path(title="末日")]


@router.get(
    "",
    response_model=Page[ReportingPeriodRead],
    operation_id="list_reporting_periods",
    summary="列出报告期",
)
@raises(NotFound)
async def list_reporting_periods(
    session: Session,
    who: Reader,
    today: Today,
    kind: Annotated[PeriodKind, Query(title="期别")] = PeriodKind.month,
    from_day: Annotated[LedgerDay | None, Query(alias="from", title="首日")] = None,
    to_day: Annotated[LedgerDay | None, Query(alias="to", title="末日")] = None,
    office: OfficeParam = None,
) -> Any:
    """The periods from that of the first day to that of the last, with the numbers of reports."""
    last = to_day or today
    first = from_day or last - timedelta(days=USUAL_DAYS)
    last_days = [*islice(list_last_days(kind, first, last), MAX_PERIODS + 1)]
    if len(last_days) > MAX_PERIODS:
        raise InvalidRequest(
            f"一次最多 {MAX_PERIODS} 期", f"At most {MAX_PERIODS} periods at once."
        )
    question = ask(office, who)
    found = await service.list_periods(session, question, kind, last_days, who=who, today=today)
    return {"items": found, "next": None}


@router.get(
    "/{period_kind}/{last_day}/projects",
    response_model=Page[ReportingProjectRead],
    operation_id="list_reporting_projects",
    summary="列出一期应报的项目",
)
@raises(NotFound)
async def list_reporting_projects(
    period_kind: Annotated[PeriodKind, Path(title="期别")],
    last_day: LastDay,
    session: Session,
    who: Reader,
    paging: CursorPagingParams,
    state: Annotated[ReportingState | None, Query(title="报送状态")] = None,
    office: OfficeParam = None,
) -> Any:
    """Projects that owe a report for a period, by unit; with `state` to be chased, or late."""
    if last_day_of_period(period_kind, last_day) != last_day:
        raise NotFound(f"{last_day} 不是一期的末日", f"No period ends on {last_day}.")
    found = await service.list_projects(
        session,
        ask(office, who),
        period_kind,
        last_day,
        who=who,
        state=state,
        after=parse_cursor(paging),
        limit=paging.limit,
    )
    return build_page(found, paging, format_cursor)


def ask(office: str | None, who: Caller) -> RecordQuestion:
    return resolve_record_question(QuestionParameters(office), who)


def format_cursor(project: ReportingProjectRead) -> str:
    return pack_cursor(f"{project.unit_id}{SEPARATOR}{project.project_id}".encode())


def parse_cursor(paging: CursorPaging) -> tuple[str, str] | None:
    """Parse the ids of a cursor. Raises InvalidRequest."""
    if not paging.after:
        return None
    try:
        unit, project = unpack_cursor(paging.after).decode().split(SEPARATOR)
    except ValueError:
        zh, en = "after 应为上一页的 next", "after should be the next of a page."
        raise InvalidRequest(zh, en) from None
    return unit, project

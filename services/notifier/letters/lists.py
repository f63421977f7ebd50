"""Lists of letters: filtered, in an order, with their numbers."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
)
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifier.letters.queries import (
    LetterQuery,
    build_letter_read,
    has_id,
    restore_letter,
    visible_letters_query,
)
from services.notifier.letters.schemas import (
    LetterOrder,
    LetterPage,
    LetterRead,
    LetterState,
    LetterTotals,
    LetterVoid,
)
from services.notifier.rules.ladder import LetterKind
from services.notifier.rules.void_facts import VoidFact, find_void
from services.notifier.tables import Acknowledgement, IssuedLetter, LetterTexts, Settlement
from shared.http.list_orders import order_page
from shared.http.pages import Paging, build_page
from shared.http.questions import Question
from shared.http.tokens import Caller
from shared.offices import NO_OFFICE

# The number of the order by urgency: whether it is settled, the due day, the letter's own number.
FIRST_DAY, NO_DAY = date(1950, 1, 1), 99_999  # from which due days are counted; of none
DAY_STEP, SETTLED_STEP = 10**12, 10**17
IS_SETTLED = col(Settlement.letter_id).is_not(None)
LETTER_STATE = case(
    (IS_SETTLED, LetterState.settled.value),
    (col(Acknowledgement.letter_id).is_not(None), LetterState.acknowledged.value),
    else_=LetterState.issued.value,
)
DAYS = cast(col(IssuedLetter.due_on) - literal_column(f"DATE '{FIRST_DAY}'"), BigInteger)
DUE_DAY = func.coalesce(DAYS, NO_DAY)
URGENCY = (
    cast(IS_SETTLED, Integer) * literal(SETTLED_STEP, BigInteger())
    + DUE_DAY * literal(DAY_STEP, BigInteger())
    + col(IssuedLetter.id)
)


@dataclass(frozen=True)
class LetterFilters:
    """Filters of a list; ids are written as in the question. None does not filter."""

    kind: LetterKind | None = None
    unit_id: str | None = None
    project_id: str | None = None
    state: LetterState | None = None
    overdue: bool | None = None


@dataclass(frozen=True)
class LetterListing:
    """What a list is asked for; with `voids` only letters by these numbers, each with its void."""

    filters: LetterFilters
    question: Question
    order: LetterOrder
    totals: bool
    today: date
    voids: Mapping[int, LetterVoid] | None = None


async def list_letters(
    session: AsyncSession, who: Caller, paging: Paging, asked: LetterListing
) -> LetterPage:
    """List letters that a caller may see."""
    query, office, today = filtered_letters_query(who, asked), asked.question.office, asked.today
    number = URGENCY if asked.order is LetterOrder.due else col(IssuedLetter.id)
    latest_first = asked.order is LetterOrder.latest
    rows = await session.exec(order_page(query, paging, number, falling=latest_first))
    letters = [build_letter_read(row, office, today) for row in rows]
    if asked.voids is not None:
        letters = [each.model_copy(update={"void": asked.voids[each.id]}) for each in letters]
    page = build_page(letters, paging, urgency if asked.order is LetterOrder.due else letter_id)
    totals = await count_letters(session, query, today) if asked.totals else None
    return LetterPage(**page, totals=totals)


def letter_id(letter: LetterRead) -> int:
    return letter.id


def urgency(letter: LetterRead) -> int:
    """The number of a letter in the order by urgency, as its query has it."""
    due = NO_DAY if letter.due_on is None else (letter.due_on - FIRST_DAY).days
    return (letter.settled_on is not None) * SETTLED_STEP + due * DAY_STEP + letter.id


def filtered_letters_query(who: Caller, asked: LetterListing) -> LetterQuery:
    filters, office = asked.filters, asked.question.office
    query = visible_letters_query(who)
    if office != NO_OFFICE:
        query = query.where(col(IssuedLetter.office) == office)
    query = query.where(col(IssuedLetter.region).startswith(asked.question.region))
    if filters.kind is not None:
        query = query.where(col(IssuedLetter.kind) == filters.kind)
    if filters.unit_id is not None:
        query = query.where(has_id(IssuedLetter.unit_id, filters.unit_id, office))
    if filters.project_id is not None:
        query = query.where(has_id(IssuedLetter.project_id, filters.project_id, office))
    if filters.state is not None:
        query = query.where(filters.state.value == LETTER_STATE)
    if filters.overdue is not None:
        query = query.where(is_overdue(asked.today).is_(filters.overdue))
    if asked.voids is not None:
        query = query.where(col(IssuedLetter.id).in_(asked.voids))
    return query


async def load_letter_voids(
    session: AsyncSession, facts: Iterable[VoidFact], office: str
) -> dict[int, LetterVoid]:
    """Load the letters of an office that rest on void facts, each with the void of the first."""
    by_project = defaultdict[str, list[VoidFact]](list)
    for fact in facts:
        by_project[fact.columns["project_id"]].append(fact)
    query = (
        select(IssuedLetter, col(LetterTexts.known_at))
        .join(LetterTexts, col(LetterTexts.letter_id) == col(IssuedLetter.id))
        .where(col(IssuedLetter.office) == office, col(IssuedLetter.project_id).in_(by_project))
    )
    found = {}
    for row, known_at in await session.exec(query):
        void = find_void(restore_letter(row), known_at, by_project[row.project_id])
        if void is not None and row.id is not None:
            found[row.id] = LetterVoid(
                id=void.void_id, kind=void.kind, reason=void.reason, voided_at=void.voided_at
            )
    return found


def is_overdue(today: date) -> ColumnElement[bool]:
    """Condition for letters whose answer was due before today and that nothing has settled."""
    late = func.coalesce(col(IssuedLetter.due_on) < today, False)
    return and_(late, ~IS_SETTLED)


async def count_letters(session: AsyncSession, query: LetterQuery, today: date) -> LetterTotals:
    """Count all letters of a query by kind and state."""
    late = func.count().filter(is_overdue(today))
    counted = query.with_only_columns(col(IssuedLetter.kind), LETTER_STATE, func.count(), late)
    rows = await session.exec(counted.group_by(col(IssuedLetter.kind), LETTER_STATE))
    kinds, states, overdue = Counter[str](), Counter[str](), 0
    for kind, state, count, of_them_late in rows:
        kinds[kind] += count
        states[state] += count
        overdue += of_them_late
    return LetterTotals(
        count=kinds.total(),
        overdue=overdue,
        states={state.value: states[state] for state in LetterState},
        kinds={kind.value: kinds[kind] for kind in LetterKind},
    )

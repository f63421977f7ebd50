"""Visibility: whose facts a request is about, runs of the caller's region, drafts for the office.

A draft is also its units' while it is open for comment, and nobody else's.

An office's question has that office's ids plain and all others qualified, one about a region has
every id qualified (`shared.offices`). What is stored for a question has its ids as they were there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col

from shared.http.questions import Question
from shared.http.tokens import REGION_WIDE, Caller, Role
from shared.offices import NO_OFFICE, OFFICE_DIGITS, format_id
from shared.problems import Forbidden, NotFound

DRAFT_READERS = REGION_WIDE
# of lights, drill-downs, schemes
PROJECT_READERS = DRAFT_READERS | {Role.unit, Role.leader, Role.field}
# of runs and rankings; most see only those published
RESULT_READERS = PROJECT_READERS | {Role.viewer}
# of a draft that is open for comment, and has a unit of theirs; they object to it
COMMENTERS = frozenset({Role.unit})


@dataclass(frozen=True)
class RunReader(Caller):
    """A caller who reads runs on a day: a draft may be open for comment until then."""

    today: date = field(kw_only=True)


def matches_question(table: Any, question: Question) -> ColumnElement[bool]:
    """Condition for rows of a table that were stored for the same question."""
    office, region = col(table.office), col(table.region)
    if question.is_narrow or question.office == NO_OFFICE:
        return and_(office == question.office, region == question.region)
    return and_(office == question.office, func.length(region) <= OFFICE_DIGITS)


def is_of_own_unit(
    office: Any, is_of_unit: Callable[[str | None], ColumnElement[bool]], who: Caller
) -> ColumnElement[bool]:
    """Condition for rows of the caller's own unit; `is_of_unit` is the condition for one unit.

    `office` is the column with the office for which ids are written in the row.
    """
    plain, qualified = (is_of_unit(who.unit_written_for(each)) for each in (who.office, NO_OFFICE))
    return or_(and_(office == who.office, plain), and_(office != who.office, qualified))


def refuse_other_office(office: str, who: Caller) -> None:
    """Raise Forbidden where something is another office's: only that one may write it."""
    if office not in (NO_OFFICE, who.office):
        raise Forbidden(
            f"这是办公室 {office} 的，只能由它自己办理",
            f"Only office {office} may do this to its own.",
        )


def resolve_unit(unit_id: str | None, who: Caller, office: str) -> str | None:
    """The unit whose projects to show, or None for all; a confined caller's own.

    It is written as in a question about `office`. Raises NotFound where a caller confined to a unit
    names another one.
    """
    named = None if unit_id is None else format_id(unit_id, office, office)
    own = who.unit_written_for(office)
    if own is None:
        return named
    if named not in (None, own):
        raise NotFound(f"没有单位 {unit_id}", f"There is no unit {unit_id}.")
    return own

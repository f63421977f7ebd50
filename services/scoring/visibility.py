"""Visibility: whose facts a request is about, runs of the caller's region, drafts for the office.

An office's question has that office's ids plain and all others qualified, one about a region has
every id qualified (`shared.offices`). What is stored for a question has its ids as they were there.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import col

from shared.http.tokens import REGION_WIDE, Caller, Role
from shared.offices import NO_OFFICE, OFFICE_DIGITS, format_id, region_prefix
from shared.problems import Forbidden, NotFound

DRAFT_READERS = REGION_WIDE
# of lights, drill-downs, schemes
PROJECT_READERS = DRAFT_READERS | {Role.unit, Role.leader, Role.field}
# of runs and rankings; most see only those published
RESULT_READERS = PROJECT_READERS | {Role.viewer}


class RequestedScope(Protocol):
    """What a request names: an office or a region or neither, never both."""

    @property
    def office(self) -> str | None: ...
    @property
    def region(self) -> str | None: ...


@dataclass(frozen=True)
class Question:
    """Whose facts something is about: an office's own, or those of all offices of a region.

    `office` is NO_OFFICE for a region. `region` is what the caller may see of it: who is for less
    than the office (a township) is asked about that.
    """

    office: str
    region: str

    @property
    def is_narrow(self) -> bool:
        """Whether it is about less than whole offices."""
        if self.office == NO_OFFICE:
            return len(self.region) > OFFICE_DIGITS
        return region_prefix(self.region) != region_prefix(self.office)

    def matches(self, table: Any) -> ColumnElement[bool]:
        """Condition for rows of a table that were stored for the same question."""
        office, region = col(table.office), col(table.region)
        if self.is_narrow or self.office == NO_OFFICE:
            return and_(office == self.office, region == self.region)
        return and_(office == self.office, func.length(region) <= OFFICE_DIGITS)


def resolve_question(scope: RequestedScope, who: Caller) -> Question:
    """The question of a request; by default about the caller's own office.

    Raises NotFound for an office or a region that is not the caller's or below.
    """
    if scope.region is not None:
        if not scope.region.startswith(who.region):
            raise NotFound(f"没有区域 {scope.region}", f"There is no region {scope.region}.")
        return Question(NO_OFFICE, scope.region)
    if scope.office in (None, who.office):
        return Question(who.office, who.region)
    if not is_office_visible(scope.office, who):
        raise NotFound(f"没有办公室 {scope.office}", f"There is no office {scope.office}.")
    return Question(scope.office, region_prefix(scope.office))


def is_office_visible(office: str, who: Caller) -> bool:
    """Whether an office is the caller's own or below."""
    return office == who.office or region_prefix(office).startswith(who.region)


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

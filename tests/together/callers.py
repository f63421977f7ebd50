"""Who asks, every role from everywhere, and strangers; what each may expect and is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import httpx

from shared.http.tokens import REGION_WIDE, Caller, Issuer, Role
from shared.offices import office_code
from tests.together.operations import Operation, Request
from tests.together.permissions import (
    BY_THE_OFFICE,
    MAY,
    NEW_IN_THE_OFFICE,
    OF_ANY_OFFICE,
    OF_VISIBLE_OFFICES,
    reaches,
)
from tests.together.regions import BESIDE, BUREAU, CITY, COUNTRY, OTHER_UNIT, OWN, UNIT

SUCCESS = "2xx"
EXPIRED_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Asker:
    """A caller from somewhere; `in_region` and `in_unit` say whether that is where things are."""

    role: Role
    region: str
    unit: str | None

    @property
    def office(self) -> str:
        return office_code(self.region)

    @property
    def in_region(self) -> bool:
        return OWN.startswith(self.region)

    @property
    def is_of_a_ranked_unit(self) -> bool:
        """Whether it is of a unit of the office, and speaks for it."""
        return self.role is Role.unit and self.office == OWN and self.unit is not None

    @property
    def in_unit(self) -> bool:
        """A unit of the same id is another one where it is another office's."""
        same = self.unit == (BUREAU if self.role is Role.approval else UNIT)
        return same and self.office == OWN


@dataclass(frozen=True)
class Asking:
    """A request for an operation, about a draft run, open for comment or not, or a region, perhaps.

    The office itself asks `plainly`, others so that they mean what is the office's.
    """

    operation: Operation
    plainly: Request
    of_draft: bool = False
    of_region: bool = False
    of_open: bool = False

    def __str__(self) -> str:
        marks = " of a draft" * self.of_draft + " of the region" * self.of_region
        return self.operation.label + marks + " of an open draft" * self.of_open

    @cached_property
    def addressed(self) -> Request:
        if self.of_region:
            return self.plainly.qualified(self.operation, OWN)
        return self.plainly.of_office(self.operation, OWN)

    def by(self, asker: Asker) -> Request:
        return self.plainly if asker.office == OWN else self.addressed

    def about(self, asker: Asker) -> str:
        """The office that is asked about: the asker's own, where the request names none."""
        named = self.operation.is_place or self.addressed != self.plainly
        return OWN if named else asker.office


def askers() -> Iterator[Asker]:
    """Seven roles, four regions, three units.

    To who sees its whole region a unit makes no difference, which the own county shows.
    """
    for role in Role:
        units = (BUREAU, UNIT, None) if role is Role.approval else (UNIT, OTHER_UNIT, None)
        for region in (OWN, BESIDE, CITY, COUNTRY):
            for unit in units if region == OWN or role not in REGION_WIDE else units[-1:]:
                yield Asker(role, region, unit)


def strangers(issuer: Issuer, now: datetime) -> Mapping[str, Mapping[str, str]]:
    """The headers of those whom nobody knows, or no longer."""
    office, long_ago = Caller("the office", Role.office, OWN), now - 2 * EXPIRED_FOR
    expired = issuer.issue(office, now=long_ago, lasts=EXPIRED_FOR)
    return {
        "no token": {},
        "nonsense": {"authorization": "Bearer nonsense"},
        "expired": {"authorization": f"Bearer {expired}"},
    }


def expectation(asker: Asker, asking: Asking) -> str:
    """401 aside: 403 for a role that may not, 404 for what is not there for it, or success."""
    name, role = asking.operation.name, asker.role
    if name not in MAY[role]:
        return "403"
    if asking.of_draft and role not in REGION_WIDE:
        return "404"
    if asking.of_open and role not in REGION_WIDE and not asker.is_of_a_ranked_unit:
        return "404"
    if asking.of_region and not asker.in_region:
        return "404"
    own = asker.office == OWN
    means_its_own = asking.of_region and asking.operation.has_key_without_ids
    if (name in NEW_IN_THE_OFFICE or means_its_own) and not own:
        return "404"
    if asking.operation.is_place or asking.plainly.names_project:
        there = reaches(role, name, in_region=asker.in_region, in_unit=asker.in_unit)
    else:
        there = asker.in_region or name not in OF_VISIBLE_OFFICES
    if there and name in BY_THE_OFFICE and not own:
        return SUCCESS if asker.region == COUNTRY and name in OF_ANY_OFFICE else "403"
    return SUCCESS if there else "404"


def meets(answer: httpx.Response, expected: str, request: Request) -> bool:
    """A body that points at a foreign project is refused as one that points at none."""
    if expected == SUCCESS:
        return answer.is_success
    if expected == "404" and request.names_project and answer.status_code == 422:
        return {error["code"] for error in answer.json()["errors"]} == {"unknown_reference"}
    return str(answer.status_code) == expected

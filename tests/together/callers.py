"""Who asks, every role from everywhere, and strangers; what each may expect and is shown."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import httpx
import pyarrow as pa

from shared.facts.projects import Project
from shared.http.tokens import REGION_WIDE, Caller, Issuer, Role
from tests.registry.clients import ledger
from tests.together.county import BESIDE, BUREAU, COUNTRY, OTHER_UNIT, OWN, UNIT, WITH_A_UNIT
from tests.together.operations import Operation, Request
from tests.together.permissions import MAY, OF_THE_OFFICE, reaches

ARROW = "application/vnd.apache.arrow.stream"
KNOWN_ID = re.compile(r"\b(?:[PN]\d{3}|[QR]09\d\d)\b")
SUCCESS = "2xx"
EXPIRED_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Asker:
    """A caller from somewhere; `in_region` and `in_unit` say whether that is where things are."""

    role: Role
    region: str
    unit: str | None

    @property
    def in_region(self) -> bool:
        return OWN.startswith(self.region)

    @property
    def in_unit(self) -> bool:
        return self.unit == (BUREAU if self.role is Role.approval else UNIT)


@dataclass(frozen=True)
class Asking:
    """A request for an operation, about a draft run or about the own region by name, perhaps."""

    operation: Operation
    request: Request
    of_draft: bool = False
    of_region: bool = False


def askers() -> Iterator[Asker]:
    """Seven roles, three regions, three units."""
    for role in Role:
        units = (BUREAU, UNIT, None) if role is Role.approval else (UNIT, OTHER_UNIT, None)
        for region in (OWN, BESIDE, COUNTRY):
            for unit in units:
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
    if asking.of_region and not asker.in_region:
        return "404"
    if not asking.operation.is_place and not asking.request.names_project:
        return SUCCESS
    there = reaches(role, name, in_region=asker.in_region, in_unit=asker.in_unit)
    if there and name in OF_THE_OFFICE and asker.region != OWN:
        return "403"
    return SUCCESS if there else "404"


def meets(answer: httpx.Response, expected: str, request: Request) -> bool:
    """A body that points at a foreign project is refused as one that points at none."""
    if expected == SUCCESS:
        return answer.is_success
    if expected == "404" and request.names_project and answer.status_code == 422:
        return {error["code"] for error in answer.json()["errors"]} == {"unknown_reference"}
    return str(answer.status_code) == expected


# --- what is shown ------------------------------------------------------------------------------


@cache
def projects() -> Mapping[str, tuple[str, str]]:
    """The region and unit of every project that there is, by id."""
    own = ledger("county").rows(Project)
    beside = ledger("small").rows(Project)
    return {each.project_id: (OWN, each.unit_id) for each in own} | {
        each.project_id.replace("P", "N"): (BESIDE, each.unit_id.replace("U", "V"))
        for each in beside
    }


def visible(asker: Asker) -> frozenset[str]:
    """The projects, and problems without one, that may be named to a caller."""
    if asker.role is Role.viewer:
        return frozenset()
    in_region = {p: unit for p, (at, unit) in projects().items() if at.startswith(asker.region)}
    if asker.role is Role.approval:
        return frozenset(in_region) if asker.unit == BUREAU else frozenset()
    in_region |= {q: unit for q, (at, unit) in WITH_A_UNIT.items() if at.startswith(asker.region)}
    if asker.role in REGION_WIDE:
        return frozenset(in_region)
    return frozenset(each for each, unit in in_region.items() if unit == asker.unit)


def shown(answer: httpx.Response, request: Request) -> set[str]:
    """What an answer names of these; of a refusal, what was not in the question."""
    there = projects().keys() | WITH_A_UNIT.keys()
    found = {*KNOWN_ID.findall(text_of(answer))} & there
    return found if answer.is_success else found - {*KNOWN_ID.findall(repr(request))}


def text_of(answer: httpx.Response) -> str:
    """What there is to read in an answer, whatever its format."""
    if answer.headers.get("content-type") == ARROW:
        return str(pa.ipc.open_stream(answer.content).read_all().to_pylist())
    if zipfile.is_zipfile(io.BytesIO(answer.content)):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
            return " ".join(
                parts.read(name).decode("utf-8", "replace") for name in parts.namelist()
            )
    return answer.content.decode("utf-8", "replace")

"""Ids that answers show, each with the office whose it is, and those that a caller may see.

All offices have the same ids. Whose a plain one is, tells the row that it stands in, or else the
office that was asked about; texts of a row tell it, too (`990101·P053`).
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

import httpx
import pyarrow as pa

from shared.facts.projects import Project
from shared.http.tokens import REGION_WIDE, Role
from shared.offices import OfficeId, region_prefix
from tests.registry.clients import ledger
from tests.together.callers import Asker
from tests.together.county import ADDED_PROBLEM, WITH_A_UNIT
from tests.together.ledgers import MARK
from tests.together.operations import Request
from tests.together.regions import BESIDE, BUREAU, CITY_OFFICE, OWN, PROJECT, UNIT

PDF = "application/pdf"
ARROW = "application/vnd.apache.arrow.stream"
# An id of a project, or of an added problem, plain, qualified or in a mark; a unit in a mark.
KNOWN_ID = re.compile(
    rf"(?:\b(\d{{6}})[:{MARK}])?\b(P\d{{3}}|Q09\d\d)\b|\b(\d{{6}}){MARK}(U\d\d)\b"
)
AN_OFFICE = ""  # in place of an id: the office by its code


@cache
def projects() -> Mapping[OfficeId, tuple[str, OfficeId]]:
    """The region and unit of every project that there is."""
    found = {OfficeId(CITY_OFFICE, PROJECT): (OWN, OfficeId(CITY_OFFICE, UNIT))}
    for office, name in ((OWN, "county"), (BESIDE, "small")):
        for each in ledger(name).rows(Project):
            unit = OfficeId(office, each.unit_id)
            found[OfficeId(office, each.project_id)] = (office, unit)
    return found


def problems() -> Mapping[OfficeId, tuple[str, OfficeId]]:
    """The region and unit of every problem that was added: with a unit, or of the project."""
    with_a_unit = (*WITH_A_UNIT, (OWN, ADDED_PROBLEM, UNIT))
    return {
        OfficeId(office, each): (region_prefix(office), OfficeId(office, unit))
        for office, each, unit in with_a_unit
    }


def visible(asker: Asker) -> frozenset[OfficeId]:
    """The projects, and added problems, that may be named to a caller."""
    if asker.role is Role.viewer:
        return frozenset()
    there = projects() if asker.role is Role.approval else {**projects(), **problems()}
    found = {each: unit for each, (at, unit) in there.items() if at.startswith(asker.region)}
    if asker.role in REGION_WIDE:
        return frozenset(found)
    if asker.role is Role.approval:
        return frozenset(found) if (asker.office, asker.unit) == (OWN, BUREAU) else frozenset()
    return frozenset(each for each, unit in found.items() if unit == (asker.office, asker.unit))


def may_be_shown(each: OfficeId, asker: Asker) -> bool:
    """Whether a caller may be shown an id, or an office or a unit of it by name.

    Every caller knows the offices above its own, and the units of those of its region.
    """
    prefix = region_prefix(each.office)
    if each.id == AN_OFFICE:
        return prefix.startswith(asker.region) or asker.region.startswith(prefix)
    if each.id.startswith("U"):
        return prefix.startswith(asker.region)
    return each in visible(asker)


def shown(answer: httpx.Response, request: Request, office: str) -> set[OfficeId]:
    """What an answer names; of a refusal, what was not in the question.

    `office` is the one that was asked about, whose ids are plain.
    """
    if answer.headers.get("content-type", "").startswith("application/json"):
        found = set(ids_of_document(json.loads(answer.content), office))
    else:
        media_type = answer.headers.get("content-type", "")
        found = set(ids_of_file(answer.content, media_type, office))
    return found if answer.is_success else found - set(ids_of_text(repr(request), office))


def ids_of_document(document: Any, office: str) -> Iterator[OfficeId]:
    """The ids in a document: in an object that names its office, plain ones are that office's."""
    if isinstance(document, str):
        yield from ids_of_text(document, office)
    elif isinstance(document, list):
        for each in document:
            yield from ids_of_document(each, office)
    elif isinstance(document, dict):
        named = document.get("office")
        if isinstance(named, str) and named:
            office = named
            yield OfficeId(named, AN_OFFICE)
        for key, each in document.items():
            yield from ids_of_text(key, office)
            yield from ids_of_document(each, office)


def ids_of_text(text: str, office: str) -> Iterator[OfficeId]:
    for match in KNOWN_ID.finditer(text):
        yield OfficeId(match[1] or match[3] or office, match[2] or match[4])


@lru_cache
def ids_of_file(content: bytes, media_type: str, office: str) -> frozenset[OfficeId]:
    """The ids in a file; many callers get the same one."""
    return frozenset(ids_of_text(text_of(content, media_type), office))


def text_of(content: bytes, media_type: str) -> str:
    """What there is to read in a file, whatever its format; a PDF is packed: nothing."""
    if media_type == PDF:
        return ""
    if media_type == ARROW:
        return str(pa.ipc.open_stream(content).read_all().to_pylist())
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            texts = [name for name in parts.namelist() if name.endswith(".xml")]
            return " ".join(parts.read(name).decode("utf-8", "replace") for name in texts)
    return content.decode("utf-8", "replace")

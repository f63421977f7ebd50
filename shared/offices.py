"""Offices: each has its own ids, stored plain; another's are written with its code before them.

An office is named by six digits, the region that it is for, filled with zeros: `350521` a county's,
`350500` a city's, `000000` one of no region. How an id is written depends on the office that a
question is about: its own ids are plain, all others qualified (`350521:P001`). A question about no
office (`""`), that is about a region, has every id qualified. Pure.
"""

import re
from typing import NamedTuple

OFFICE_DIGITS = 6
OFFICE_PATTERN = r"^[0-9]{6}$"
NO_OFFICE = ""  # the office of a question about a region
SEPARATOR = ":"
QUALIFIED_ID_PATTERN = re.compile(r"([0-9]{6}):(.+)", re.DOTALL)


class OfficeId(NamedTuple):
    """An id and the office whose id it is."""

    office: str
    id: str


def office_code(region: str) -> str:
    """The office of a region or of a prefix of one: `3505` is `350500`."""
    return region[:OFFICE_DIGITS].ljust(OFFICE_DIGITS, "0")


def region_prefix(office: str) -> str:
    """The prefix of the regions that an office is for: `3505` of `350500`, none of `000000`."""
    while office.endswith("00"):
        office = office[:-2]
    return office


def is_above(office: str, other: str) -> bool:
    """Whether an office is for a larger region, in which the other's lies."""
    return office != other and other.startswith(region_prefix(office))


def parse_id(written: str, office: str) -> OfficeId:
    """The id as it is written in a question about an office."""
    match = QUALIFIED_ID_PATTERN.fullmatch(written)
    return OfficeId(match[1], match[2]) if match else OfficeId(office, written)


def format_id(stored: str, office: str, asked: str) -> str:
    """An id that is stored in a row of an office, as a question about `asked` has it written.

    It may be stored qualified, where the row names a unit of an office above.
    """
    of_office, plain = parse_id(stored, office)
    return plain if of_office == asked else f"{of_office}{SEPARATOR}{plain}"

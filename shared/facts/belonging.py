"""Belongings: to whom the rows of a kind of fact belong, and so who may see them.

A row belongs to the office that recorded it; within it to a project, a unit, a region or to the
office as a whole. `readers` are roles, where fewer than all may see a kind; `granted_by` is the
column of the unit that grants, which sees its own rows wherever they are (a bureau its permits).
A kind is declared with one of these; what follows from it, visibility, indexes, the rows of a
project in a formula, is derived in one place each. Pure.
"""

from dataclasses import dataclass

PROJECTS, PROJECT_ID = "projects", "project_id"
UNITS, UNIT_ID = "units", "unit_id"


@dataclass(frozen=True, kw_only=True)
class BelongingOptions:
    readers: tuple[str, ...] = ()  # roles; none is every reader of records
    granted_by: str | None = None


@dataclass(frozen=True)
class OfOffice(BelongingOptions):
    """Of the office as a whole: all of its region see it."""


@dataclass(frozen=True)
class OfRegion(BelongingOptions):
    """Of the region in its column `region_code`, else the recorder's.

    With `unit`, the column of the unit that answers for it: a unit sees its own.
    """

    unit: str | None = None


@dataclass(frozen=True)
class OfUnit(BelongingOptions):
    """Of the unit in its column `unit_id`."""


@dataclass(frozen=True)
class OfProject(BelongingOptions):
    """Of the project in its column `project_id`."""


@dataclass(frozen=True)
class OfProjectOrUnit(BelongingOptions):
    """Of its project; without one, of the unit in a column; without both, of the office."""

    unit: str


@dataclass(frozen=True)
class OfAnyProject(BelongingOptions):
    """Of each project in a column that lists them; where it is empty, of the office."""

    projects: str


@dataclass(frozen=True)
class Through(BelongingOptions):
    """Of what the row of another kind is of whose key is in a column, as an asset's inventory."""

    kind: str
    column: str


Belonging = OfOffice | OfRegion | OfUnit | OfProject | OfProjectOrUnit | OfAnyProject | Through

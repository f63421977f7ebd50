"""Which projects of an office stand in which sheet of a mapping.

A sheet whose name or titles say a nature has the projects of this nature; another has those that
the last import named in it, or, of several sheets, those of the natures of its sections; else all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.facts.tables import Facts
from shared.mapping.model import ImportMapping, SheetMapping
from shared.mapping.natures import nature_said
from shared.mapping.records import Row

MAX_NAMED = 200  # projects that a note names


@dataclass(frozen=True)
class Belonging:
    """The projects of each sheet, in the order of these; `notes` tell what a person has to know."""

    sheets: tuple[tuple[Row, ...], ...]
    notes: tuple[str, ...]


def divide_by_sheet(mapping: ImportMapping, projects: Sequence[Row]) -> Belonging:
    """The projects that each sheet of a mapping has as its own, and those that none has."""
    notes, found = list[str](), list[tuple[Row, ...]]()
    for sheet in mapping.sheets:
        own = own_projects(mapping, sheet, projects)
        if own is None:
            own = tuple(projects)
            if len(own) > 0:
                notes.append(f"不知道“{sheet.sheet}”有哪些项目，列出了全部 {len(own)} 个，请核对")
        found.append(own)
    placed = {row["project_id"] for own in found for row in own}
    left = [row for row in projects if row["project_id"] not in placed]
    if left:
        named = "、".join(f"{row['name']}（{row['project_id']}）" for row in left[:MAX_NAMED])
        more = "等" if len(left) > MAX_NAMED else ""
        notes.append(f"{len(left)} 个项目不属于任何一张表，没有列出：{named}{more}")
    return Belonging(tuple(found), tuple(notes))


def tell_belonging(mapping: ImportMapping, facts: Facts) -> tuple[str, ...]:
    """What a person has to know of which projects stand in which sheet of an export."""
    return divide_by_sheet(mapping, facts.tables["projects"].to_pylist()).notes


def own_projects(
    mapping: ImportMapping, sheet: SheetMapping, projects: Sequence[Row]
) -> tuple[Row, ...] | None:
    """The projects of a sheet; None where nothing says which they are."""
    nature = nature_said(sheet.sheet, [title.text for title in sheet.titles])
    named = mapping.names.sheets.get(sheet.sheet)
    if nature is None and named is not None:
        ids = {*named}
        return tuple(row for row in projects if row["project_id"] in ids)
    natures = {nature} if nature else {*sheet.sections.values()} if len(mapping.sheets) > 1 else ()
    return tuple(row for row in projects if row["nature"] in natures) if natures else None

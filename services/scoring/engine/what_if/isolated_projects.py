"""A ledger in which projects stand alone: each copy is a unit of its own, and so has its own terms.

Copies may have one row changed. Their terms come from the same query as those of real units, all
of them at once, so what a change adds to the terms is what the ledger's own formulas say.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from shared.facts.tables import FACT_COLUMNS, Facts

ID_NAME_PATTERN = re.compile(r"\b(unit_id|project_id)\b")
UNIT_SEPARATOR = "\x1f"  # between a copy's name and the unit that another of its rows counts for


@dataclass(frozen=True)
class ProjectCopy:
    """A project, or no project, with a row of one table in place of another or one more."""

    project_id: str | None
    unit_id: str
    table: str = ""
    row: Mapping[str, Any] | None = None
    replaces: int | None = None


def find_identifying_text(texts: Iterable[str]) -> str | None:
    """A text that tells units or projects apart by their names, and so would read copies wrong."""
    return next((text for text in texts if ID_NAME_PATTERN.search(text)), None)


def build_copied_ledger(facts: Facts, copies: Sequence[ProjectCopy]) -> Facts:
    """The ledger of the copies, in order; the n-th is the unit `n`, and its project is called so.

    Where a fund of a project counts for another unit, it does so for `n`, BESIDE, that unit.
    """
    tables = {
        name: copy_table_rows(name, table, copies)
        for name, table in facts.tables.items()
        if name != "units" and any(column.name == "project_id" for column in FACT_COLUMNS[name])
    }
    units = {str(n) for n in range(len(copies))} | {*tables["funds"]["unit_id"].to_pylist()}
    named = Facts.from_columns({"units": {"unit_id": sorted(units - {None})}})
    return Facts({**facts.tables, **tables, "units": named.tables["units"]})


def copy_table_rows(name: str, table: pa.Table, copies: Sequence[ProjectCopy]) -> pa.Table:
    """The rows of a table, each as often as its project was copied, under the copy's name."""
    places: defaultdict[str | None, list[int]] = defaultdict(list)
    for place, project in enumerate(table["project_id"].to_pylist()):
        places[project].append(place)
    taken: list[int] = []
    owners: list[int] = []
    more: list[dict[str, Any]] = []
    for n, copy in enumerate(copies):
        own = places.get(copy.project_id, []) if copy.project_id is not None else []
        if copy.table == name and copy.row is not None:
            own = [place for place in own if place != copy.replaces]
            own.append(table.num_rows + len(more))
            more.append(dict(copy.row))
        taken += own
        owners += [n] * len(own)
    whole = pa.concat_tables([table, Facts.from_rows({name: more}).tables[name]])
    made = whole.take(pa.array(taken, pa.int64()))
    projects = [None if copies[n].project_id is None else str(n) for n in owners]
    made = replace_column(made, "project_id", projects)
    if "unit_id" not in made.schema.names:
        return made
    given = zip(owners, made["unit_id"].to_pylist(), strict=True)
    return replace_column(
        made, "unit_id", [copied_unit_id(n, copies[n], unit) for n, unit in given]
    )


def copied_unit_id(n: int, copy: ProjectCopy, unit: str | None) -> str | None:
    """Whom a row of a copy counts for: blank stays blank, and so the copy's own."""
    return f"{n}{UNIT_SEPARATOR}{unit}" if unit not in (None, copy.unit_id) else unit and str(n)


def replace_column(table: pa.Table, name: str, values: list[str | None]) -> pa.Table:
    at = table.schema.get_field_index(name)
    return table.set_column(at, name, pa.array(values, pa.string()))

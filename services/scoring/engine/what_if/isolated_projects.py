"""A ledger of isolated projects: each copy is a unit of its own, and so has its own terms.

Copies may have one row changed. Their terms come from the same query as those of real units, all of
them at once, so the effect of a change on the terms is that of the ledger's own formulas.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from shared.facts.belonging import OfAnyProject
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts

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
    """A text that distinguishes units or projects by id, and so would misread copies."""
    return next((text for text in texts if ID_NAME_PATTERN.search(text)), None)


def build_copied_ledger(facts: Facts, copies: Sequence[ProjectCopy]) -> Facts:
    """The ledger of the copies, in order; the n-th is the unit `n`, and its project has that id.

    Where a fund of a project counts for another unit, it does so for `n`, UNIT_SEPARATOR, that
    unit.
    """
    tables = {
        name: copy_table_rows(name, table, copies)
        for name, table in facts.tables.items()
        if name != "units" and any(column.name == "project_id" for column in FACT_COLUMNS[name])
    }
    tables |= {
        name: copy_listed_projects(facts.tables[name], kind.belongs.projects, copies)
        for name, kind in FACT_KINDS.items()
        if isinstance(kind.belongs, OfAnyProject)
    }
    units = {str(n) for n in range(len(copies))} | {*tables["funds"]["unit_id"].to_pylist()}
    named = Facts.from_columns({"units": {"unit_id": sorted(units - {None})}})
    return Facts({**facts.tables, **tables, "units": named.tables["units"]})


def copy_listed_projects(table: pa.Table, column: str, copies: Sequence[ProjectCopy]) -> pa.Table:
    """The rows of a table that list projects, with the copies of these in their place."""
    names: defaultdict[str | None, list[str]] = defaultdict(list)
    for n, copy in enumerate(copies):
        names[copy.project_id].append(str(n))
    listed = [
        [name for project in projects for name in names.get(project, ())]
        for projects in table[column].to_pylist()
    ]
    index = table.schema.get_field_index(column)
    return table.set_column(index, column, pa.array(listed, pa.list_(pa.string())))


def copy_table_rows(name: str, table: pa.Table, copies: Sequence[ProjectCopy]) -> pa.Table:
    """The rows of a table, each as often as its project was copied, under the copy's name."""
    indexes: defaultdict[str | None, list[int]] = defaultdict(list)
    for index, project in enumerate(table["project_id"].to_pylist()):
        indexes[project].append(index)
    taken: list[int] = []
    owners: list[int] = []
    changed: list[dict[str, Any]] = []
    for n, copy in enumerate(copies):
        own = indexes.get(copy.project_id, []) if copy.project_id is not None else []
        if copy.table == name and copy.row is not None:
            own = [index for index in own if index != copy.replaces]
            own.append(table.num_rows + len(changed))
            changed.append(dict(copy.row))
        taken += own
        owners += [n] * len(own)
    whole = pa.concat_tables([table, Facts.from_rows({name: changed}).tables[name]])
    copied = whole.take(pa.array(taken, pa.int64()))
    projects = [None if copies[n].project_id is None else str(n) for n in owners]
    copied = replace_column(copied, "project_id", projects)
    if "unit_id" not in copied.schema.names:
        return copied
    owned = zip(owners, copied["unit_id"].to_pylist(), strict=True)
    return replace_column(
        copied, "unit_id", [copied_unit_id(n, copies[n], unit) for n, unit in owned]
    )


def copied_unit_id(n: int, copy: ProjectCopy, unit: str | None) -> str | None:
    """The unit of a row of a copy: blank stays blank, the copy's own unit is the copy."""
    return f"{n}{UNIT_SEPARATOR}{unit}" if unit not in (None, copy.unit_id) else unit and str(n)


def replace_column(table: pa.Table, name: str, values: list[str | None]) -> pa.Table:
    index = table.schema.get_field_index(name)
    return table.set_column(index, name, pa.array(values, pa.string()))

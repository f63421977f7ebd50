"""Facts of offices: ids as a question has them written, several offices joined into one ledger.

Where offices have the same thing, the row of the lower office (the county's) is the one taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from shared.facts.belonging import PROJECT_ID, PROJECTS, UNITS, OfRegion, Through
from shared.facts.columns import ColumnType
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts
from shared.offices import NO_OFFICE, SEPARATOR, region_prefix

QUALIFIED = rf"(?s)^[0-9]{{6}}{SEPARATOR}."  # `shared.offices.QUALIFIED_ID_PATTERN`, in RE2
INDEX = "index"  # a column of row numbers, beside those of the key


@dataclass(frozen=True)
class LeftOutProject:
    """A project that another office has, too; `kept_project_id` is the row that was taken."""

    project_id: str
    national_code: str
    kept_project_id: str


@dataclass(frozen=True)
class JoinedFacts:
    """Facts of several offices as one ledger, and the projects that are left out of it."""

    facts: Facts
    left_out: tuple[LeftOutProject, ...] = ()


# --- ids -----------------------------------------------------------------------------------------


def write_ids(facts: Facts, office: str, asked: str = NO_OFFICE) -> Facts:
    """The facts of an office with every id as a question about `asked` has it written.

    The same as `shared.offices.format_id`, of whole columns.
    """
    tables = {}
    for name, table in facts.tables.items():
        for column in FACT_KINDS[name].id_columns:
            index = table.schema.get_field_index(column)
            written = write_column(table[column], office, asked)
            table = table.set_column(index, table.schema.field(column), written)
        tables[name] = table
    return Facts(tables)


def write_column(column: pa.ChunkedArray, office: str, asked: str) -> pa.ChunkedArray:
    if pa.types.is_list(column.type):
        chunks = [write_list(chunk, office, asked) for chunk in column.chunks]
        return pa.chunked_array(chunks, column.type)
    is_qualified = pc.match_substring_regex(column, QUALIFIED)
    qualified = pc.binary_join_element_wise(pa.scalar(office), column, SEPARATOR)
    written = pc.if_else(is_qualified, column, qualified)
    if asked != NO_OFFICE:
        written = pc.replace_substring_regex(written, f"^{asked}{SEPARATOR}", "")
    return written


def write_list(lists: pa.ListArray, office: str, asked: str) -> pa.ListArray:
    values = write_column(pa.chunked_array([lists.flatten()], pa.string()), office, asked)
    lengths = pc.fill_null(pc.list_value_length(lists), 0)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths)])
    return pa.ListArray.from_arrays(offsets, values.combine_chunks(), mask=lists.is_null())


# --- several offices -----------------------------------------------------------------------------


def join_offices(facts_by_office: Mapping[str, Facts]) -> JoinedFacts:
    """The facts of offices as one ledger with qualified ids, each national code once.

    The lower offices' rows come first. A project whose code a lower office has, too, is left out
    with all the rows that hang on it; within one office nothing is left out.
    """
    if not facts_by_office:
        return JoinedFacts(Facts.from_columns({}))
    offices = sorted(facts_by_office, key=office_height)
    written = [write_ids(facts_by_office[office], office) for office in offices]
    left_out = find_left_out([facts.tables[PROJECTS] for facts in written])
    absent = {PROJECTS: pa.array([project.project_id for project in left_out], pa.string())}
    tables = {name: join_table(name, written, absent) for name in FACT_KINDS}
    return JoinedFacts(Facts(tables), left_out)


def office_height(office: str) -> tuple[int, str]:
    """A key to sort offices by: those for the smallest regions first, then by code."""
    return -len(region_prefix(office)), office


def join_table(name: str, facts: Iterable[Facts], absent: dict[str, pa.Array]) -> pa.Table:
    """A table of all offices without the rows of what is absent, and each key once.

    `absent` are keys by kind, to which those are added that go with them.
    """
    table, kind = pa.concat_tables([each.tables[name] for each in facts]), FACT_KINDS[name]
    for owner, column in owner_columns(name):
        if len(absent.get(owner, ())):
            is_absent = pc.fill_null(pc.is_in(table[column], absent[owner]), False)
            if len(kind.key) == 1 and name != PROJECTS:
                absent[name] = table.filter(is_absent)[kind.key[0]].combine_chunks()
            table = table.filter(pc.invert(is_absent))
    return keep_first_rows(table, kind.key) if is_shared(name) else table


def owner_columns(table: str) -> list[tuple[str, str]]:
    """The columns that hang a row on one project, or name it, or on a row of another kind."""
    belongs = FACT_KINDS[table].belongs
    through = [(belongs.kind, belongs.column)] if isinstance(belongs, Through) else []
    return through + [
        (PROJECTS, column.name)
        for column in FACT_COLUMNS[table]
        if (column.refers == PROJECTS and column.kind is not ColumnType.words)
        or (table == PROJECTS and column.name == PROJECT_ID)
    ]


def is_shared(table: str) -> bool:
    """Whether two offices may have the same thing: units that lower ones name, figures of a region.

    Ids of offices are never equal, so that other rows need no comparison; what an office has said
    for itself as a whole, under whatever key, is no other's.
    """
    kind = FACT_KINDS[table]
    return isinstance(kind.belongs, OfRegion) and (
        table == UNITS or (bool(kind.key) and not {*kind.key} & {*kind.id_columns})
    )


def keep_first_rows(table: pa.Table, key: Sequence[str]) -> pa.Table:
    """The first row of each key, in their order."""
    numbered = table.select(key).append_column(INDEX, pa.array(range(table.num_rows), pa.int64()))
    first = numbered.group_by([*key]).aggregate([(INDEX, "min")])[f"{INDEX}_min"]
    return table if len(first) == table.num_rows else table.take(first.sort())


def find_left_out(projects: Sequence[pa.Table]) -> tuple[LeftOutProject, ...]:
    """The projects whose national code an office before has, in order of their ids."""
    kept: dict[str, str] = {}
    left_out = []
    for table in projects:
        own = table.select(["national_code", PROJECT_ID])
        own = own.filter(pc.is_valid(own["national_code"]))
        codes = {row["national_code"]: row[PROJECT_ID] for row in reversed(own.to_pylist())}
        for row in own.filter(is_member(own["national_code"], kept)).to_pylist():
            code, project = row["national_code"], row[PROJECT_ID]
            left_out.append(LeftOutProject(project, code, kept[code]))
        kept = codes | kept
    return tuple(sorted(left_out, key=lambda project: project.project_id))


def is_member(column: pa.ChunkedArray, values: Iterable[str]) -> pa.ChunkedArray:
    return pc.is_in(column, pa.array([*values], pa.string()))

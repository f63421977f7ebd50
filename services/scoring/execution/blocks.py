"""A ledger cut into blocks of regions, and the merge of a query's answers over the blocks.

A project lies in one block, with its unit, and all its rows with it: so every fact of it is known
there, and terms, which are sums over projects and rows, can be computed anywhere and added.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from services.scoring.execution.duckdb import FiguresTooLarge, QueryRows
from shared.facts.belonging import PROJECT_ID, PROJECTS, UNIT_ID, UNITS, OfAnyProject, Through
from shared.facts.kind import FactKind
from shared.facts.tables import FACT_KINDS, Facts

PROJECTS_PER_BLOCK = 10_000  # enough that asking at all costs little, few enough to be sent
UNOWNED_BLOCK = pa.scalar(0, pa.int32())  # the block of rows without a project or a unit
MAX_INT64 = 2**63 - 1
BlocksByKind = Mapping[str, tuple[pa.Array, pa.Array]]  # kind → ids, and the block of each


def split_into_blocks(facts: Facts, block_size: int = PROJECTS_PER_BLOCK) -> list[Facts]:
    """The ledger as smaller ones, in order of regions; a region is never cut.

    A block with `block_size` projects is full. A unit is in the block of its region and in every
    other where a row names it: funds may, that came through a unit for a project of another region.
    """
    units = facts.tables["units"]
    unit_ids, regions = units["unit_id"].combine_chunks(), pc.fill_null(units["region_code"], "")
    owners = pc.index_in(facts.tables["projects"]["unit_id"], value_set=unit_ids)
    numbers = assign_blocks(regions.to_pylist(), regions.take(owners).to_pylist(), block_size)
    of_units = pa.array([numbers[region] for region in regions.to_pylist()], pa.int32())
    of_projects = of_units.take(owners.combine_chunks())
    project_ids = facts.tables["projects"]["project_id"].combine_chunks()

    homes = {PROJECTS: (project_ids, of_projects), UNITS: (unit_ids, of_units)}
    number = 1 + max(numbers.values(), default=0)
    shared = {}
    for name, table in facts.tables.items():
        if name != UNITS:
            rows, blocks = place_rows(FACT_KINDS[name], table, homes)
            shared[name] = list(split_table(rows, blocks, number))
            if len(FACT_KINDS[name].key) == 1:
                homes[name] = (rows[FACT_KINDS[name].key[0]].combine_chunks(), blocks)
    parts = []
    for n in range(number):
        tables = {name: tables_of_blocks[n] for name, tables_of_blocks in shared.items()}
        in_block = pc.or_(
            pc.equal(of_units, n), pc.is_in(unit_ids, value_set=named_unit_ids(tables))
        )
        parts.append(Facts({UNITS: units.filter(in_block), **tables}))
    return parts


def assign_blocks(
    regions: Iterable[str], project_regions: Iterable[str], block_size: int
) -> dict[str, int]:
    """Region → its block: one region after another, until a block is full."""
    projects = Counter(project_regions)
    numbers: dict[str, int] = {}
    number, in_block = 0, 0
    for region in sorted(set(regions)):
        if in_block >= block_size:
            number, in_block = number + 1, 0
        numbers[region] = number
        in_block += projects[region]
    return numbers


def place_rows(kind: FactKind, table: pa.Table, homes: BlocksByKind) -> tuple[pa.Table, pa.Array]:
    """The rows of a kind, and the block of each: its project's, else its unit's.

    A row that lists projects comes once for each block of theirs; one that belongs to a row of
    another kind, which stands before it in the list of kinds, is in the block of that.
    """
    belongs = kind.belongs
    if isinstance(belongs, OfAnyProject):
        return place_listing_rows(table, table[belongs.projects].combine_chunks(), homes)
    columns = {PROJECTS: PROJECT_ID, UNITS: UNIT_ID}
    if isinstance(belongs, Through):
        columns = {belongs.kind: belongs.column}
    owners = [
        homes[owner][1].take(pc.index_in(table[column].combine_chunks(), homes[owner][0]))
        for owner, column in columns.items()
        if column in table.column_names
    ]
    return table, pc.coalesce(pa.nulls(table.num_rows, pa.int32()), *owners, UNOWNED_BLOCK)


def place_listing_rows(
    table: pa.Table, listed: pa.ListArray, homes: BlocksByKind
) -> tuple[pa.Table, pa.Array]:
    """The rows that list projects, each once in every block of these; without any, unowned."""
    ids, blocks = homes[PROJECTS]
    found = blocks.take(pc.index_in(pc.list_flatten(listed), ids))
    pairs = pa.table({"row": pc.list_parent_indices(listed), "block": found}).drop_null()
    named = pairs.group_by(["row", "block"], use_threads=False).aggregate([])
    alone = pa.array([n for n in range(len(listed)) if n not in {*named["row"].to_pylist()}])
    unowned = pa.table(
        {
            "row": alone.cast(named.schema.field("row").type),
            "block": pa.repeat(UNOWNED_BLOCK, len(alone)),
        }
    )
    placed = pa.concat_tables([named, unowned])
    return table.take(placed["row"]), placed["block"].combine_chunks()


def split_table(table: pa.Table, home: pa.Array, number: int) -> Iterator[pa.Table]:
    """The rows of each block, in the order of the table."""
    by_block, rows, start = table.take(pc.array_sort_indices(home)), Counter(home.to_pylist()), 0
    for n in range(number):
        yield by_block.slice(start, rows[n])
        start += rows[n]


def named_unit_ids(tables: Mapping[str, pa.Table]) -> pa.Array:
    """The ids in the unit columns of all tables."""
    columns = (table["unit_id"] for table in tables.values() if "unit_id" in table.column_names)
    return pa.concat_arrays([column.combine_chunks() for column in columns])


def merge_answers(answers: Iterable[QueryRows]) -> QueryRows:
    """The answers of the blocks, as the whole ledger would have answered.

    Terms of units are added up; rows of projects are sorted by project. Raises FiguresTooLarge
    where a sum leaves 64 bits.
    """
    rows = [row for answer in answers for row in answer]
    if rows and "project_id" in rows[0]:
        return sorted(rows, key=lambda row: row["project_id"])
    of_units: dict[str, QueryRows] = {}
    for row in rows:
        of_units.setdefault(row["unit_id"], []).append(row)
    return [sum_terms(of_units[unit]) for unit in sorted(of_units)]


def sum_terms(terms: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """The terms of one unit from several blocks."""
    total = dict(terms[0])
    for further in terms[1:]:
        for name in total.keys() - {"unit_id"}:
            total[name] += further[name]
            if abs(total[name]) > MAX_INT64:
                raise FiguresTooLarge
    return total

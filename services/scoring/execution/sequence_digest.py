"""Sequence digest: the first form of a digest of facts, over rows in the order of recording.

Frozen: runs of before the content digest are found and checked by it for ever. What tables and
columns there were then is data here, and does not follow the models: a column or a table of later
is left out as long as nothing is in it.
"""

import hashlib
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from shared.facts.tables import Facts

ARROW_TYPES = {
    "text": pa.string(),
    "list": pa.list_(pa.string()),
    "flag": pa.bool_(),
    "date": pa.date32(),
    "int": pa.int64(),
    "percent": pa.decimal128(7, 4),
    "figure": pa.decimal128(20, 4),
}
COLUMNS_THEN = {
    "funds": "unit_id:text project_id:text source:text event:text amount_yuan:int on:date",
    "indicators": "region_code:text period:date indicator:text value:figure source:text",
    "milestones": """project_id:text kind:text planned_on:date actual_on:date decided_on:date
        reason:text""",
    "pauses": "project_id:text from_on:date to_on:date reason:text approved:flag",
    "permits": """project_id:text kind:text stage:text needed:flag authority_unit_id:text mode:text
        applied_on:date due_on:date granted_on:date document_no:text""",
    "plans": """project_id:text year:int planned_yuan:int prior_invested_yuan:int m01:int m02:int
        m03:int m04:int m05:int m06:int m07:int m08:int m09:int m10:int m11:int m12:int""",
    "problems": """problem_id:text project_id:text category:text summary:text raised_on:date
        level:text handler_unit_id:text due_on:date resolved_on:date closed_on:date
        solved_on_site:flag""",
    "progress": "project_id:text as_of:date invested_ytd_yuan:int physical_pct:percent note:text",
    "projects": """project_id:text national_code:text name:text region_code:text unit_id:text
        owner_name:text owner_uscc:text nature:text key_levels:list programs:list
        industry_code:text is_industrial:flag is_government_funded:flag is_attracted:flag
        contract_yuan:int total_investment_yuan:int competent_unit_id:text is_secret:flag""",
    "units": "unit_id:text name:text kind:text group:text region_code:text",
}
SCHEMAS_THEN = {
    table: pa.schema(
        (name, ARROW_TYPES[kind]) for name, kind in (pair.split(":") for pair in columns.split())
    )
    for table, columns in COLUMNS_THEN.items()
}
LEFT_OUT_EMPTY = "indicators"  # which most ledgers lacked; the other nine count when empty, too


def digest_row_sequence(facts: Facts) -> str:
    """SHA-256 over names, types and values; the layout of columns in memory does not matter."""
    whole = hashlib.sha256()
    for name, table in sorted(facts.tables.items()):
        if not table.num_rows and (name == LEFT_OUT_EMPTY or name not in SCHEMAS_THEN):
            continue
        table = restore_columns(name, table)
        whole.update(f"{name} {table.num_rows}\n".encode())
        for field in table.schema:
            whole.update(f"{field.name} {field.type}\n".encode())
            for part in digest_column(table[field.name]):
                whole.update(part)
    return whole.hexdigest()


def restore_columns(name: str, table: pa.Table) -> pa.Table:
    """The columns that the table had then, in their order and types; later ones if not blank."""
    schema = SCHEMAS_THEN.get(name, pa.schema([]))
    later = [
        column
        for column in table.column_names
        if column not in schema.names and not is_blank_column(table[column])
    ]
    table = table.select([*schema.names, *later])
    return table.cast(pa.schema([*schema, *(table.schema.field(column) for column in later)]))


def is_blank_column(column: pa.ChunkedArray) -> bool:
    """Whether every value is unknown, or an empty list."""
    if pa.types.is_list(column.type):
        return not pc.sum(pc.list_value_length(column)).as_py()
    return bool(column.null_count == len(column))


def digest_column(column: pa.ChunkedArray) -> Iterator[bytes]:
    """The digests of the validity of values, their lengths and their contents."""
    yield digest_pieces(fixed_width_bytes(pc.is_valid(chunk)) for chunk in column.chunks)
    known = [chunk.drop_null() for chunk in column.chunks]
    if pa.types.is_list(column.type):
        yield digest_pieces(fixed_width_bytes(pc.list_value_length(chunk)) for chunk in known)
        inner = [chunk.flatten() for chunk in known]
        yield from digest_column(pa.chunked_array(inner, column.type.value_type))
    elif pa.types.is_string(column.type):
        yield digest_pieces(fixed_width_bytes(pc.binary_length(chunk)) for chunk in known)
        yield digest_pieces(text_bytes(chunk) for chunk in known)
    else:
        yield digest_pieces(fixed_width_bytes(chunk) for chunk in known)


def digest_pieces(pieces: Iterable[memoryview]) -> bytes:
    """One digest of pieces as if they were in one."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.digest()


def fixed_width_bytes(values: pa.Array) -> memoryview:
    """The bytes of values of one width, without gaps."""
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.uint8())
    width = values.type.bit_width // 8
    start = values.offset * width
    return memoryview(values.buffers()[1] or b"")[start : start + len(values) * width]


def text_bytes(words: pa.Array) -> memoryview:
    """The letters of texts, one after another."""
    _, offsets, letters = words.buffers()
    ends = memoryview(offsets or b"").cast("i")
    if not len(words) or letters is None:
        return memoryview(b"")
    return memoryview(letters)[ends[words.offset] : ends[words.offset + len(words)]]

"""Storage of facts: a digest, equal for equal facts, and bytes that stay readable for ever."""

import hashlib
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shared.facts.tables import FACT_COLUMNS, Facts


def arrow_schema(table: str) -> pa.Schema:
    """The columns of a table of the ledger, as they are stored in bulk."""
    return pa.schema([(column.name, column.kind.arrow) for column in FACT_COLUMNS[table]])


def digest_facts(facts: Facts) -> str:
    """SHA-256 over names, types and values; the layout of columns in memory does not matter.

    The order of rows does: the registry lists them in the order of recording, so that facts which
    did not change between two moments are equal.
    """
    whole = hashlib.sha256()
    for name, table in sorted(facts.present.items()):
        whole.update(f"{name} {table.num_rows}\n".encode())
        for field in table.schema:
            whole.update(f"{field.name} {field.type}\n".encode())
            for part in digest_column(table[field.name]):
                whole.update(part)
    return whole.hexdigest()


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


def to_parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    written: bytes = sink.getvalue().to_pybytes()
    return written


def from_parquet(name: str, stored: bytes) -> pa.Table:
    return pq.read_table(pa.BufferReader(stored)).cast(arrow_schema(name))

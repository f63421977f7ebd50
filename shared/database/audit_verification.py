"""Verification of the chains of audit rows: every hash is computed anew, outside the database.

Rows are read one by one in the order of their chains, so that memory does not grow with them.
That the last rows of a chain were taken away cannot be seen in it: a hash noted elsewhere tells.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from shared.database.audit_chain import hash_fields

BATCH_ROWS = 1000  # rows that are fetched at once
# The fields that are hashed, in their order, and the hash.
ROWS_QUERY = """
    SELECT office, number, id,
        CASE WHEN isfinite(at) THEN (extract(epoch FROM at) * 1000000)::bigint END::text AS at,
        who, role, address, request_id, action, subject, region_code, before::text, after::text,
        hash
    FROM {schema}.audit ORDER BY office, number, id"""
HAS_CHAIN_QUERY = """
    SELECT count(*) FROM information_schema.columns
    WHERE table_schema = $1 AND table_name = 'audit'
        AND column_name IN ('office', 'number', 'hash')"""
CHAIN_COLUMNS = 3


class BreakKind(StrEnum):
    """How a chain breaks at a row."""

    changed = "changed"
    missing = "missing"
    out_of_order = "out_of_order"


@dataclass(frozen=True)
class ChainBreak:
    """The first row of a chain that does not fit: `number` is its own, `expected` what is due."""

    kind: BreakKind
    id: int
    number: int
    expected: int


@dataclass
class Chain:
    """A chain as far as it was read; `found` are noted hashes and the numbers of their rows."""

    office: str | None
    rows: int = 0
    number: int = 0
    id: int = 0
    hash: bytes | None = None
    broken: ChainBreak | None = None
    found: dict[bytes, int] = field(default_factory=dict)

    def add_row(self, row: Mapping[str, Any], noted: Collection[bytes]) -> None:
        """Take the next row, in the order of numbers."""
        number, row_id = row["number"] or 0, row["id"]
        expected = self.number + 1
        if self.broken is None:
            kind = self.find_break(row, number, expected)
            if kind:
                self.broken = ChainBreak(kind, row_id, number, expected)
        elif self.number == self.broken.number and row_id < self.broken.id:
            # The row after it is an earlier one: the two have changed places.
            self.broken = replace(self.broken, kind=BreakKind.out_of_order)
        if row["hash"] in noted:
            self.found[row["hash"]] = number
        self.rows += 1
        self.number, self.id, self.hash = number, row_id, row["hash"]

    def find_break(self, row: Mapping[str, Any], number: int, expected: int) -> BreakKind | None:
        if number > expected:
            return BreakKind.missing
        if number < expected or row["id"] <= self.id:
            return BreakKind.out_of_order
        fields = [None if value is None else str(value) for value in list(row.values())[:-1]]
        previous = None if self.hash is None else self.hash.hex()
        if hash_fields([previous, *fields]) != row["hash"]:
            return BreakKind.changed
        return None


async def has_chains(url: str, schema: str) -> bool:
    """Whether the audit rows of a service are there, and chained."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return bool(await connection.fetchval(HAS_CHAIN_QUERY, schema) == CHAIN_COLUMNS)
    finally:
        await connection.close()


async def verify_chains(url: str, schema: str, noted: Collection[bytes] = ()) -> list[Chain]:
    """Read the chains of a service as they are at one moment; look for noted hashes on the way."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    chains: list[Chain] = []
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            query = ROWS_QUERY.format(schema=schema)
            async for row in connection.cursor(query, prefetch=BATCH_ROWS):
                if not chains or chains[-1].office != row["office"]:
                    chains.append(Chain(row["office"]))
                chains[-1].add_row(row, noted)
    finally:
        await connection.close()
    return chains

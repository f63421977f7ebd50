"""Content digest: a text `2:…`, equal for equal facts in whatever order rows and columns come.

By name of table and column; blank columns and empty tables are left out, so that a column or a
table that is new changes no digest. Rows are in the order of their key, those that share it or have
none by all columns. Runs keep these digests, so what is digested and how never changes: a third
form would have a mark of its own.
"""

import hashlib
import os
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

from services.scoring.execution.row_order import OrderedRows, order_rows
from services.scoring.execution.sequence_digest import (
    digest_column,
    digest_row_sequence,
    is_blank_column,
)
from shared.facts.tables import Facts

FORM = "2:"


def digest_facts(facts: Facts) -> str:
    """SHA-256 over names, types and values; tables and columns side by side on all cores."""
    tables = {name: table for name, table in sorted(facts.tables.items()) if table.num_rows}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        ordered = [*pool.map(order_content, tables, tables.values())]
        columns = [(rows, name) for rows in ordered for name in rows.table.column_names]
        digests = pool.map(
            lambda column: b"".join(digest_column(column[0].column(column[1]))), columns
        )
        whole = hashlib.sha256()
        for name, rows in zip(tables, ordered, strict=True):
            whole.update(f"{name} {tables[name].num_rows} {rows.table.num_columns}\n".encode())
            for column in rows.table.column_names:
                kind = tables[name][column].type
                whole.update(f"{column} {kind}\n".encode() + next(digests))
    return FORM + whole.hexdigest()


def digest_as_stored(stored: str, facts: Facts) -> str:
    """Digest facts in the form of a stored digest; the first has no mark."""
    return digest_facts(facts) if stored.startswith(FORM) else digest_row_sequence(facts)


def match_digest(facts: Facts, digest: str, stored: Collection[str]) -> str:
    """The digest of facts among stored ones, its own or, made only then, that of the first form."""
    return digest if not stored or digest in stored else digest_row_sequence(facts)


def order_content(name: str, table: pa.Table) -> OrderedRows:
    """The columns with something in them, by name, and their rows in order."""
    names = sorted(table.column_names)
    return order_rows(name, table.select([c for c in names if not is_blank_column(table[c])]))

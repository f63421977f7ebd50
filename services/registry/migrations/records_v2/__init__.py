"""Table of a kind of fact as migrations make it, second form: it tells whose figure a record is.

A folder, since every file beside this one is taken for a migration; never edited, only followed.
"""

from typing import Any

from services.registry.migrations import records_v1


def create(
    op: Any,
    name: str,
    columns: str,
    *,
    key: str = "",
    match: str = "",
    indexes: tuple[str, ...] = (),
) -> None:
    """Create the table of a kind in the schema of the registry, as `records_v1.create` says."""
    records_v1.create(op, name, columns, key=key, match=match, indexes=indexes)
    op.execute(f"ALTER TABLE registry.{name} ADD reported_by text, ADD reported_at timestamptz")

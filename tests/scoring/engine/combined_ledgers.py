"""Several random ledgers as one: a query costs the same, and sees many more corners."""

from collections.abc import Iterable
from typing import Any

from tests.oracle.random_ledgers import random_ledger
from tests.oracle.tables import Ledger

KEYS = (
    *("unit_id", "project_id", "problem_id", "authority_unit_id", "handler_unit_id"),
    "competent_unit_id",
)


def together(seeds: Iterable[int]) -> Ledger:
    """The ledgers of these seeds with keys of their own: S07-P001. Their groups are joined."""
    joined: dict[str, list[Any]] = {}
    for seed in seeds:
        for table, rows in random_ledger(seed).items():
            joined.setdefault(table, []).extend(
                row | {key: f"S{seed:02}-{row[key]}" for key in KEYS if row.get(key)}
                for row in rows
            )
    return joined

"""SQL that compares keys of rows: a blank part of a key equals a blank one."""

from datetime import date

from services.registry.records.statements import quote_column
from services.registry.tables import RECORD_TABLES
from shared.facts.tables import FACT_KINDS

# What no part of a key is, by its type; counts are not negative.
BLANK_PARTS = {str: "''", date: "date '-infinity'", int: "-1"}


def same_key_sql(name: str, one: str, other: str, *, without: str = "") -> str:
    """Condition that rows of two aliases have one key, or are compared together.

    `without` is a part of the key that does not matter.
    """
    parts = [part for part in FACT_KINDS[name].match_key if part != without]
    pairs = ((non_null_key_sql(name, p, one), non_null_key_sql(name, p, other)) for p in parts)
    return " AND ".join(f"{left} = {right}" for left, right in pairs)


def non_null_key_sql(name: str, part: str, alias: str) -> str:
    """Part of a key as an expression that is never NULL, so that joins can use it."""
    column = RECORD_TABLES[name].c[part]
    if not column.nullable:
        return f"{alias}.{quote_column(part)}"
    blank = BLANK_PARTS[column.type.python_type]
    return f"coalesce({alias}.{quote_column(part)}, {blank})"

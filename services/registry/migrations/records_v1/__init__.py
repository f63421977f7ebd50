"""Table of a kind of fact as migrations make it, first form; never edited, only followed by others.

A folder, since every file beside this one is taken for a migration.
"""

from typing import Any

CURRENT, PAST = "superseded_at IS NULL", "superseded_at IS NOT NULL"


def create(
    op: Any,
    name: str,
    columns: str,
    *,
    key: str = "",
    match: str = "",
    indexes: tuple[str, ...] = (),
) -> None:
    """Create the table of a kind in the schema of the registry.

    `columns` are those of the fact, `key` those of its key (`match` where it has none), `indexes`
    further columns by which current rows are found, each as in `CREATE INDEX`.
    """
    table = f"registry.{name}"
    op.execute(f"""
        CREATE TABLE {table} (
            version bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_{name} PRIMARY KEY,
            office text NOT NULL, {columns},
            recorded_at timestamptz NOT NULL, recorded_by text NOT NULL,
            recorded_for text NOT NULL, why text NOT NULL, superseded_at timestamptz
        )""")
    index_keys(op, name, key, match)
    for each in indexes:
        op.execute(
            f"CREATE INDEX ix_{name}_{each.split(',')[0].strip()} ON {table} ({each})"
            f" WHERE {CURRENT}"
        )
    op.execute(
        f"CREATE TRIGGER refuse BEFORE DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse()"
    )
    op.execute(
        f"CREATE TRIGGER keep BEFORE UPDATE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION registry.keep()"
    )


def index_keys(op: Any, name: str, key: str, match: str) -> None:
    """Index the key of a kind within its office: of the current row and of those of before."""
    table, unique = f"registry.{name}", "UNIQUE" if key else ""
    nulls = "NULLS NOT DISTINCT" if key else ""
    op.execute(
        f"CREATE {unique} INDEX ix_{name}_current ON {table} (office, {key or match}) {nulls}"
        f" WHERE {CURRENT}"
    )
    if key:
        op.execute(f"CREATE INDEX ix_{name}_past ON {table} (office, {key}) WHERE {PAST}")

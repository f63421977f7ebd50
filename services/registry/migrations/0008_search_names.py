"""search names: the derived columns of units and projects, filled for the rows there are"""

from alembic import op
from sqlalchemy import text

from services.registry.records.search_text import build_search_columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BATCH_ROWS = 20_000  # that are read and filled at once
CODES = {"units": ("unit_id",), "projects": ("project_id", "national_code")}
COLUMNS = ("search_text", "name_order")


def upgrade() -> None:
    for name, codes in CODES.items():
        op.execute(f"ALTER TABLE registry.{name} DISABLE TRIGGER keep")
        for column in COLUMNS:
            op.execute(f"ALTER TABLE registry.{name} ADD {column} text")
        fill(name, codes)
        for column in COLUMNS:
            op.execute(f"ALTER TABLE registry.{name} ALTER {column} SET NOT NULL")
        op.execute(f"ALTER TABLE registry.{name} ENABLE TRIGGER keep")


def fill(name: str, codes: tuple[str, ...]) -> None:
    """Fill the columns of all rows of a table, batch by batch in the order of their versions."""
    connection, after = op.get_bind(), 0
    batch = text(f"""
        SELECT version, name, {", ".join(codes)} FROM registry.{name}
        WHERE version > :after ORDER BY version LIMIT {BATCH_ROWS}""")
    change = text(f"""
        UPDATE registry.{name} AS kept SET search_text = made.search, name_order = made.place
        FROM unnest(CAST(:versions AS bigint[]), CAST(:searches AS text[]),
            CAST(:places AS text[])) AS made (version, search, place)
        WHERE kept.version = made.version""")
    while rows := connection.execute(batch, {"after": after}).all():
        made = [build_search_columns(row[1], row[2:]) for row in rows]
        searches, places = ([columns[column] for columns in made] for column in COLUMNS)
        after = rows[-1][0]
        versions = [row[0] for row in rows]
        connection.execute(change, {"versions": versions, "searches": searches, "places": places})


def downgrade() -> None:
    for name in CODES:
        for column in COLUMNS:
            op.execute(f"ALTER TABLE registry.{name} DROP {column}")

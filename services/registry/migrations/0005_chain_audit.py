"""chain audit rows: the office of each, its number there, and the hash of the row before

And a function that renews the statistics of a table, which only its owner may do: the account of
the service does not own it.
"""

from alembic import op

from shared.database.audit_chain import create_statements, drop_statements

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ANALYZE_TABLE = """
    CREATE FUNCTION registry.analyze_table(name text) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog AS $$
    BEGIN
        EXECUTE format('ANALYZE registry.%I', name);
    END $$"""


def upgrade() -> None:
    for statement in create_statements("registry"):
        op.execute(statement)
    op.execute(ANALYZE_TABLE)


def downgrade() -> None:
    op.execute("DROP FUNCTION registry.analyze_table")
    for statement in drop_statements("registry"):
        op.execute(statement)

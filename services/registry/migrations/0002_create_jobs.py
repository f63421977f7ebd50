"""create the queue of jobs, what an import is asked for and comes to, and the last moment"""

from alembic import op

from shared.database.jobs_tables import create_statements, drop_statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Of what is recorded already: the clock that it was recorded by.
LAST_MOMENT = """
    SELECT setval('registry.moments', (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)"""


def upgrade() -> None:
    for statement in create_statements("registry"):
        op.execute(statement)
    op.execute("CREATE SEQUENCE registry.moments")
    op.execute(LAST_MOMENT)
    op.execute(
        "ALTER TABLE registry.imports ADD asked_at timestamptz, ADD asked_by varchar,"
        " ADD progress jsonb, ADD problem jsonb"
    )


def downgrade() -> None:
    op.execute(
        "ALTER TABLE registry.imports DROP asked_at, DROP asked_by, DROP progress, DROP problem"
    )
    op.execute("DROP SEQUENCE registry.moments")
    for statement in drop_statements("registry"):
        op.execute(statement)

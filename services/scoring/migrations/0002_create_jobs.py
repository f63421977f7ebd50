"""create the queue of jobs"""

from alembic import op

from shared.database.jobs_tables import create_statements, drop_statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in create_statements("scoring"):
        op.execute(statement)


def downgrade() -> None:
    for statement in drop_statements("scoring"):
        op.execute(statement)

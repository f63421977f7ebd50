"""create the queue of jobs"""

from alembic import op

from shared.database.jobs_tables import to_create, to_drop

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in to_create("notifier"):
        op.execute(statement)


def downgrade() -> None:
    for statement in to_drop("notifier"):
        op.execute(statement)

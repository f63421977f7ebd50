"""chain audit rows: the office of each, its number there, and the hash of the row before"""

from alembic import op

from shared.database.audit_chain import create_statements, drop_statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in create_statements("notifier"):
        op.execute(statement)


def downgrade() -> None:
    for statement in drop_statements("notifier"):
        op.execute(statement)

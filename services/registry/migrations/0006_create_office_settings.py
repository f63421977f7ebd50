"""create office settings: what an office sets, with history"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE registry.office_settings (
            version bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_office_settings PRIMARY KEY,
            office varchar NOT NULL, settings jsonb NOT NULL, recorded_at timestamptz NOT NULL,
            recorded_by varchar NOT NULL, why varchar NOT NULL, superseded_at timestamptz
        )""")
    op.execute(
        "CREATE UNIQUE INDEX ix_office_settings_current ON registry.office_settings (office)"
        " WHERE superseded_at IS NULL"
    )
    op.execute(
        "CREATE INDEX ix_office_settings_past ON registry.office_settings (office)"
        " WHERE superseded_at IS NOT NULL"
    )
    op.execute(
        "CREATE TRIGGER refuse BEFORE DELETE OR TRUNCATE ON registry.office_settings"
        " FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse()"
    )
    op.execute(
        "CREATE TRIGGER keep BEFORE UPDATE ON registry.office_settings"
        " FOR EACH ROW EXECUTE FUNCTION registry.keep()"
    )


def downgrade() -> None:
    op.execute("DROP TABLE registry.office_settings")

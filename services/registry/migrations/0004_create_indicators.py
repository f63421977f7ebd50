"""create indicators: official statistics of regions"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = "region_code, period, indicator"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE registry.indicators (
            version bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_indicators PRIMARY KEY,
            region_code text NOT NULL, period date NOT NULL, indicator text NOT NULL,
            value numeric(20, 4) NOT NULL, source text NOT NULL,
            recorded_at timestamptz NOT NULL, recorded_by text NOT NULL,
            recorded_for text NOT NULL, why text NOT NULL, superseded_at timestamptz
        )""")
    op.execute(
        f"CREATE UNIQUE INDEX ix_indicators_current ON registry.indicators ({KEY})"
        " NULLS NOT DISTINCT WHERE superseded_at IS NULL"
    )
    op.execute(
        f"CREATE INDEX ix_indicators_past ON registry.indicators ({KEY})"
        " WHERE superseded_at IS NOT NULL"
    )
    op.execute(
        "CREATE INDEX ix_indicators_region ON registry.indicators"
        " (coalesce(region_code, recorded_for) text_pattern_ops)"
    )
    op.execute(
        "CREATE TRIGGER refuse BEFORE DELETE OR TRUNCATE ON registry.indicators"
        " FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse()"
    )
    op.execute(
        "CREATE TRIGGER keep BEFORE UPDATE ON registry.indicators"
        " FOR EACH ROW EXECUTE FUNCTION registry.keep()"
    )


def downgrade() -> None:
    op.execute("DROP TABLE registry.indicators")

"""create campaigns, their versions and publications"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = {
    "campaigns": """
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_campaigns PRIMARY KEY,
        region varchar NOT NULL, created_by varchar NOT NULL, created_at timestamptz NOT NULL""",
    "campaign_versions": """
        campaign_id bigint
            CONSTRAINT fk_campaign_versions_campaign_id REFERENCES scoring.campaigns (id),
        number integer, document jsonb NOT NULL, why varchar NOT NULL,
        recorded_by varchar NOT NULL, recorded_at timestamptz NOT NULL,
        CONSTRAINT pk_campaign_versions PRIMARY KEY (campaign_id, number)""",
    "campaign_publications": """
        campaign_id bigint CONSTRAINT pk_campaign_publications PRIMARY KEY
            CONSTRAINT fk_campaign_publications_campaign_id REFERENCES scoring.campaigns (id),
        published_by varchar NOT NULL, published_at timestamptz NOT NULL""",
}


def upgrade() -> None:
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE scoring.{name} ({columns})")
        op.execute(
            f"CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring.{name}"
            " FOR EACH STATEMENT EXECUTE FUNCTION scoring.refuse()"
        )


def downgrade() -> None:
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE scoring.{name}")

"""create campaigns, their versions and publications; a run may be of one"""

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

QUESTION = "facts_digest, entered_digest, scheme_region, scheme_id, scheme_version, as_of"


def upgrade() -> None:
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE scoring.{name} ({columns})")
        op.execute(
            f"CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring.{name}"
            " FOR EACH STATEMENT EXECUTE FUNCTION scoring.refuse()"
        )
    op.execute(
        "ALTER TABLE scoring.runs ADD COLUMN campaign_id bigint"
        " CONSTRAINT fk_runs_campaign_id REFERENCES scoring.campaigns (id)"
    )
    ask(f"NULLS NOT DISTINCT (region, campaign_id, {QUESTION})")


def ask(columns: str) -> None:
    """What makes two runs one."""
    change = f"DROP CONSTRAINT uq_runs_question, ADD CONSTRAINT uq_runs_question UNIQUE {columns}"
    op.execute(f"ALTER TABLE scoring.runs {change}")


def downgrade() -> None:
    """Only while no run was of a campaign."""
    ask(f"(region, {QUESTION})")
    op.execute("ALTER TABLE scoring.runs DROP COLUMN campaign_id")
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE scoring.{name}")

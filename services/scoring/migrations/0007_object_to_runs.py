"""runs are opened for comment and objected to; a run corrects another, once published"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = "id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_{table} PRIMARY KEY"
OF_RUN = "run_id bigint NOT NULL CONSTRAINT fk_{table}_run_id REFERENCES scoring.runs (id)"
TABLES = {
    "comment_periods": f"""
        {ID}, {OF_RUN}, until_on date,
        recorded_by varchar NOT NULL, recorded_at timestamptz NOT NULL""",
    "objections": f"""
        {ID}, {OF_RUN}, by_unit_id varchar NOT NULL, unit_id varchar NOT NULL, metric varchar,
        project_id varchar, text text NOT NULL,
        recorded_by varchar NOT NULL, recorded_at timestamptz NOT NULL""",
    "objection_answers": """
        objection_id bigint CONSTRAINT pk_{table} PRIMARY KEY
            CONSTRAINT fk_{table}_objection_id REFERENCES scoring.objections (id),
        outcome varchar NOT NULL, text text NOT NULL,
        answered_by varchar NOT NULL, answered_at timestamptz NOT NULL""",
}
QUESTION = (
    "office, region, campaign_id, facts_digest, entered_digest, scheme_region, scheme_id,"
    " scheme_version, as_of"
)


def upgrade() -> None:
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE scoring.{name} ({columns.format(table=name)})")
        op.execute(
            f"CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring.{name}"
            " FOR EACH STATEMENT EXECUTE FUNCTION scoring.refuse()"
        )
    for name in ("comment_periods", "objections"):
        op.execute(f"CREATE INDEX ix_{name}_run_id_id ON scoring.{name} (run_id, id)")
    op.execute(
        "ALTER TABLE scoring.runs ADD COLUMN reason varchar, ADD COLUMN corrects bigint"
        " CONSTRAINT fk_runs_corrects REFERENCES scoring.runs (id)"
    )
    op.execute("CREATE INDEX ix_runs_corrects ON scoring.runs (corrects)")
    ask(f"{QUESTION}, corrects, reason")
    op.execute(
        "ALTER TABLE scoring.publications ADD COLUMN corrects bigint"
        " CONSTRAINT uq_publications_corrects UNIQUE"
        " CONSTRAINT fk_publications_corrects REFERENCES scoring.runs (id)"
    )


def ask(columns: str) -> None:
    """What makes two runs one."""
    unique = f"UNIQUE NULLS NOT DISTINCT ({columns})"
    change = f"DROP CONSTRAINT uq_runs_question, ADD CONSTRAINT uq_runs_question {unique}"
    op.execute(f"ALTER TABLE scoring.runs {change}")


def downgrade() -> None:
    """Only while no correction equals a run that corrects nothing."""
    op.execute("ALTER TABLE scoring.publications DROP COLUMN corrects")
    ask(QUESTION)
    op.execute("ALTER TABLE scoring.runs DROP COLUMN corrects, DROP COLUMN reason")
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE scoring.{name}")

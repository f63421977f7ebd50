"""create schemes, facts, runs, results, lights, publications, audit, answers"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = {
    "schemes": """
        id varchar, version integer, document jsonb NOT NULL, lights jsonb NOT NULL,
        CONSTRAINT pk_schemes PRIMARY KEY (id, version)""",
    "facts": """
        digest varchar, table_name varchar, parquet bytea NOT NULL,
        CONSTRAINT pk_facts PRIMARY KEY (digest, table_name)""",
    "runs": """
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_runs PRIMARY KEY,
        region varchar NOT NULL, scheme_id varchar NOT NULL, scheme_version integer NOT NULL,
        as_of date NOT NULL, known_at timestamptz NOT NULL, facts_digest varchar NOT NULL,
        created_by varchar NOT NULL, created_at timestamptz NOT NULL,
        CONSTRAINT uq_runs_region_facts_digest_scheme_id_scheme_version_as_of
            UNIQUE (region, facts_digest, scheme_id, scheme_version, as_of),
        CONSTRAINT fk_runs_scheme_id_scheme_version
            FOREIGN KEY (scheme_id, scheme_version) REFERENCES scoring.schemes (id, version)""",
    "results": """
        run_id bigint CONSTRAINT pk_results PRIMARY KEY
            CONSTRAINT fk_results_run_id REFERENCES scoring.runs (id),
        document text NOT NULL, terms jsonb NOT NULL""",
    "lights": """
        run_id bigint CONSTRAINT fk_lights_run_id REFERENCES scoring.runs (id), number bigint,
        project_id varchar NOT NULL, unit_id varchar NOT NULL, overall varchar NOT NULL,
        light jsonb NOT NULL, CONSTRAINT pk_lights PRIMARY KEY (run_id, number)""",
    "publications": """
        run_id bigint CONSTRAINT pk_publications PRIMARY KEY
            CONSTRAINT fk_publications_run_id REFERENCES scoring.runs (id),
        published_by varchar NOT NULL, published_at timestamptz NOT NULL""",
    "audit": """
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_audit PRIMARY KEY,
        at timestamptz NOT NULL, who varchar NOT NULL, role varchar NOT NULL,
        address varchar NOT NULL, request_id varchar NOT NULL, action varchar NOT NULL,
        subject varchar NOT NULL, region_code varchar, before jsonb, after jsonb""",
}

ANSWERS = """
    CREATE TABLE scoring.answers (
        who varchar, key varchar, request varchar NOT NULL, status integer NOT NULL,
        headers varchar NOT NULL, body bytea NOT NULL, at timestamptz NOT NULL,
        CONSTRAINT pk_answers PRIMARY KEY (who, key)
    )"""

REFUSE = """
    CREATE FUNCTION scoring.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% of % is refused: what was stored stays', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END $$"""


def upgrade() -> None:
    op.execute(REFUSE)
    op.execute(ANSWERS)
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE scoring.{name} ({columns})")
        op.execute(
            f"CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring.{name}"
            " FOR EACH STATEMENT EXECUTE FUNCTION scoring.refuse()"
        )
    # Parquet is compressed already.
    op.execute("ALTER TABLE scoring.facts ALTER COLUMN parquet SET STORAGE EXTERNAL")
    for column in ("subject", "region_code"):
        op.execute(f"CREATE INDEX ix_audit_{column} ON scoring.audit ({column})")


def downgrade() -> None:
    for name in ("answers", *reversed(TABLES)):
        op.execute(f"DROP TABLE scoring.{name}")
    op.execute("DROP FUNCTION scoring.refuse")

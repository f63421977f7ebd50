"""create own_schemes, entered, entries, judgements; schemes belong to regions; runs name entries"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The digest of nothing entered, which is what all runs before this took.
NOTHING = "3b59b6c8b285b8a0016bad277861058db4ebec09d8c6fc4a7ac1f699ee383d68"
TABLES = {
    "own_schemes": """
        number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_own_schemes PRIMARY KEY,
        region varchar NOT NULL, id varchar NOT NULL, version integer NOT NULL,
        text text NOT NULL, kept_by varchar NOT NULL, kept_at timestamptz NOT NULL""",
    "entered": "digest varchar CONSTRAINT pk_entered PRIMARY KEY, document jsonb NOT NULL",
    "entries": """
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_entries PRIMARY KEY,
        region varchar NOT NULL, scheme_id varchar NOT NULL, kind varchar NOT NULL,
        unit_id varchar NOT NULL, metric varchar NOT NULL, day date NOT NULL, value varchar,
        reason varchar NOT NULL, entered_by varchar NOT NULL, entered_at timestamptz NOT NULL""",
    "judgements": """
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_judgements PRIMARY KEY,
        region varchar NOT NULL, project_id varchar NOT NULL, unit_id varchar NOT NULL,
        axis varchar NOT NULL, colour varchar, reason varchar NOT NULL, judged_on date NOT NULL,
        judged_by varchar NOT NULL, judged_at timestamptz NOT NULL""",
}
QUESTION = "region, facts_digest, {}scheme_id, scheme_version, as_of"
OLD_QUESTION = "uq_runs_region_facts_digest_scheme_id_scheme_version_as_of"


def upgrade() -> None:
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE scoring.{name} ({columns})")
        op.execute(
            f"CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring.{name}"
            " FOR EACH STATEMENT EXECUTE FUNCTION scoring.refuse()"
        )
    op.execute("CREATE INDEX ix_entries_scheme ON scoring.entries (region, scheme_id, kind)")
    op.execute("CREATE INDEX ix_judgements_project_id ON scoring.judgements (project_id)")
    nothing = """'{"marks": {}, "targets": {}}'"""
    op.execute(f"INSERT INTO scoring.entered VALUES ('{NOTHING}', {nothing})")
    key("schemes", "pk_schemes", None)
    added("schemes", "region", "")
    added("runs", "scheme_region", "")
    added("runs", "entered_digest", NOTHING)
    key("schemes", "pk_schemes", "PRIMARY KEY (region, id, version)")
    key("runs", OLD_QUESTION, None)
    question = QUESTION.format("entered_digest, scheme_region, ")
    key("runs", "uq_runs_question", f"UNIQUE ({question})")
    key(
        "runs",
        "fk_runs_scheme_region_scheme_id_scheme_version",
        "FOREIGN KEY (scheme_region, scheme_id, scheme_version)"
        " REFERENCES scoring.schemes (region, id, version)",
    )
    key(
        "runs",
        "fk_runs_entered_digest",
        "FOREIGN KEY (entered_digest) REFERENCES scoring.entered (digest)",
    )


def added(table: str, column: str, usual: str) -> None:
    """A column that rows of before have as usual, and later ones must be given."""
    place = f"ALTER TABLE scoring.{table}"
    op.execute(f"{place} ADD COLUMN {column} varchar NOT NULL DEFAULT '{usual}'")
    op.execute(f"{place} ALTER COLUMN {column} DROP DEFAULT")


def key(table: str, name: str, made: str | None) -> None:
    """Add a constraint, or drop it with those that refer to it."""
    change = f"ADD CONSTRAINT {name} {made}" if made else f"DROP CONSTRAINT {name} CASCADE"
    op.execute(f"ALTER TABLE scoring.{table} {change}")


def downgrade() -> None:
    """Only while no run took an entry and no office used a scheme of its own."""
    key("runs", "uq_runs_question", None)
    for column in ("scheme_region", "entered_digest"):
        op.execute(f"ALTER TABLE scoring.runs DROP COLUMN {column}")
    key("runs", OLD_QUESTION, f"UNIQUE ({QUESTION.format('')})")
    key("schemes", "pk_schemes", None)
    op.execute("ALTER TABLE scoring.schemes DROP COLUMN region")
    key("schemes", "pk_schemes", "PRIMARY KEY (id, version)")
    key(
        "runs",
        "fk_runs_scheme_id_scheme_version",
        "FOREIGN KEY (scheme_id, scheme_version) REFERENCES scoring.schemes (id, version)",
    )
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE scoring.{name}")

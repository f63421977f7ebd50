"""create reports that wait, voids and mappings; records tell whose figure they are"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

RECORDS = (
    *("units", "projects", "plans", "milestones", "progress", "permits", "funds"),
    *("problems", "pauses", "indicators"),
)
ID = "id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_{0} PRIMARY KEY"
TABLES = {
    "reports": f"""
        {ID.format("reports")}, office varchar NOT NULL, region_code varchar NOT NULL,
        kind varchar NOT NULL, subject varchar NOT NULL, place varchar, project_id varchar,
        fact jsonb NOT NULL, why varchar NOT NULL, corrects bigint, causes text[] NOT NULL,
        findings jsonb NOT NULL, reported_by varchar NOT NULL, reported_for varchar NOT NULL,
        unit_id varchar, role varchar NOT NULL, reported_at timestamptz NOT NULL,
        decided_at timestamptz, decided_by varchar, decision varchar, decision_why varchar,
        version bigint""",
    "voids": f"""
        {ID.format("voids")}, office varchar NOT NULL, region_code varchar NOT NULL,
        subject varchar NOT NULL, reason varchar NOT NULL, voided_at timestamptz NOT NULL,
        voided_by varchar NOT NULL, taken_back_at timestamptz, taken_back_by varchar,
        taken_back_why varchar""",
    "voided_records": """
        kind varchar, version bigint,
        void_id bigint NOT NULL CONSTRAINT fk_voided_records_void_id REFERENCES registry.voids,
        office varchar NOT NULL, subject varchar NOT NULL,
        CONSTRAINT pk_voided_records PRIMARY KEY (kind, version)""",
    "mappings": """
        version bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_mappings PRIMARY KEY,
        office varchar NOT NULL, name varchar NOT NULL, shapes text[] NOT NULL,
        document jsonb NOT NULL, recorded_at timestamptz NOT NULL, recorded_by varchar NOT NULL,
        why varchar NOT NULL, superseded_at timestamptz""",
}
INDEXES = (
    "UNIQUE INDEX ix_reports_waiting ON registry.reports (office, place) WHERE decided_at IS NULL",
    "INDEX ix_reports_office_kind ON registry.reports (office, kind, project_id)",
    "INDEX ix_reports_office_place ON registry.reports (office, place)",
    "INDEX ix_voids_office_id ON registry.voids (office, id)",
    "INDEX ix_voided_records_void_id ON registry.voided_records (void_id)",
    "UNIQUE INDEX ix_mappings_current ON registry.mappings (office, name)"
    " WHERE superseded_at IS NULL",
    "INDEX ix_mappings_past ON registry.mappings (office, name)",
)
# What was decided stays decided, as a record is superseded once.
DECIDED = """
    CREATE FUNCTION registry.keep_decision() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF to_jsonb(OLD) ->> TG_ARGV[0] IS NOT NULL THEN
            RAISE EXCEPTION 'UPDATE of % is refused: what was decided stays', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$"""
DECIDED_AT = {"reports": "decided_at", "voids": "taken_back_at"}
IMPORT_COLUMNS = {
    "mapping": "jsonb",
    "file": "bytea",
    "questions": "jsonb",
    "undone_at": "timestamptz",
    "undone_by": "varchar",
    "undone_why": "varchar",
    "undone_changes": "jsonb",
}


def upgrade() -> None:
    for name in RECORDS:
        op.execute(f"ALTER TABLE registry.{name} ADD reported_by text, ADD reported_at timestamptz")
    op.execute("ALTER TABLE registry.turns ADD voids bigint NOT NULL DEFAULT 0")
    added = ", ".join(f"ADD {name} {kind}" for name, kind in IMPORT_COLUMNS.items())
    op.execute(f"ALTER TABLE registry.imports {added}")
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE registry.{name} ({columns})")
    for index in INDEXES:
        op.execute(f"CREATE {index}")
    # What was withdrawn, sent or mapped stays; which columns a service changes, its grants say.
    for name in TABLES:
        op.execute(
            f"CREATE TRIGGER refuse BEFORE DELETE OR TRUNCATE ON registry.{name}"
            " FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse()"
        )
    op.execute(DECIDED)
    for name, column in DECIDED_AT.items():
        op.execute(
            f"CREATE TRIGGER keep BEFORE UPDATE ON registry.{name}"
            f" FOR EACH ROW EXECUTE FUNCTION registry.keep_decision('{column}')"
        )
    op.execute(
        "CREATE TRIGGER keep BEFORE UPDATE ON registry.mappings"
        " FOR EACH ROW EXECUTE FUNCTION registry.keep()"
    )


def downgrade() -> None:
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE registry.{name}")
    op.execute("DROP FUNCTION registry.keep_decision")
    dropped = ", ".join(f"DROP {name}" for name in IMPORT_COLUMNS)
    op.execute(f"ALTER TABLE registry.imports {dropped}")
    op.execute("ALTER TABLE registry.turns DROP voids")
    for name in RECORDS:
        op.execute(f"ALTER TABLE registry.{name} DROP reported_by, DROP reported_at")

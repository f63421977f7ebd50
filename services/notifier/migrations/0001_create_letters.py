"""create letters, documents, acknowledgements, settlements, audit, sequences, answers"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# What is in these stays as it was stored.
LASTING = {
    "letters": """
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_letters PRIMARY KEY,
        kind varchar NOT NULL, project_id varchar NOT NULL, about varchar NOT NULL,
        trigger_on date NOT NULL, issue_on date NOT NULL, due_on date, unit_id varchar NOT NULL,
        region varchar NOT NULL, provisional boolean NOT NULL, agency_word varchar NOT NULL,
        year integer NOT NULL, sequence integer NOT NULL, title varchar NOT NULL,
        issued_at timestamptz NOT NULL,
        CONSTRAINT uq_letters_kind_project_id_about_trigger_on
            UNIQUE (kind, project_id, about, trigger_on),
        CONSTRAINT uq_letters_agency_word_year_sequence UNIQUE (agency_word, year, sequence)""",
    "documents": """
        letter_id bigint CONSTRAINT pk_documents PRIMARY KEY
            CONSTRAINT fk_documents_letter_id REFERENCES notifier.letters (id),
        texts jsonb NOT NULL, quotes jsonb NOT NULL, known_at timestamptz NOT NULL,
        template_version varchar NOT NULL, pdf bytea NOT NULL""",
    "acknowledgements": """
        letter_id bigint CONSTRAINT pk_acknowledgements PRIMARY KEY
            CONSTRAINT fk_acknowledgements_letter_id REFERENCES notifier.letters (id),
        acknowledged_by varchar NOT NULL, acknowledged_at timestamptz NOT NULL""",
    "settlements": """
        letter_id bigint CONSTRAINT pk_settlements PRIMARY KEY
            CONSTRAINT fk_settlements_letter_id REFERENCES notifier.letters (id),
        settled_on date NOT NULL, settled_at timestamptz NOT NULL""",
    "audit": """
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_audit PRIMARY KEY,
        at timestamptz NOT NULL, who varchar NOT NULL, role varchar NOT NULL,
        address varchar NOT NULL, request_id varchar NOT NULL, action varchar NOT NULL,
        subject varchar NOT NULL, region_code varchar, before jsonb, after jsonb""",
}

CHANGING = {
    "sequences": """
        agency_word varchar, year integer, last integer NOT NULL,
        CONSTRAINT pk_sequences PRIMARY KEY (agency_word, year)""",
    "answers": """
        who varchar, key varchar, request varchar NOT NULL, status integer NOT NULL,
        headers varchar NOT NULL, body bytea NOT NULL, at timestamptz NOT NULL,
        CONSTRAINT pk_answers PRIMARY KEY (who, key)""",
}

INDEXES = {"letters": ("project_id", "unit_id"), "audit": ("subject", "region_code")}

REFUSE = """
    CREATE FUNCTION notifier.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% of % is refused: what was stored stays', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END $$"""


def upgrade() -> None:
    op.execute(REFUSE)
    for name, columns in (LASTING | CHANGING).items():
        op.execute(f"CREATE TABLE notifier.{name} ({columns})")
    for name in LASTING:
        op.execute(
            f"CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON notifier.{name}"
            " FOR EACH STATEMENT EXECUTE FUNCTION notifier.refuse()"
        )
    # PDF is compressed already.
    op.execute("ALTER TABLE notifier.documents ALTER COLUMN pdf SET STORAGE EXTERNAL")
    for table, columns_indexed in INDEXES.items():
        for column in columns_indexed:
            op.execute(f"CREATE INDEX ix_{table}_{column} ON notifier.{table} ({column})")


def downgrade() -> None:
    for name in (*CHANGING, *reversed(LASTING)):
        op.execute(f"DROP TABLE notifier.{name}")
    op.execute("DROP FUNCTION notifier.refuse")

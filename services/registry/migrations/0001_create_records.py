"""create records, imports, events, audit, answers"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MONTHS = ", ".join(f"m{month:02} bigint" for month in range(1, 13))

# Of each kind of fact: its columns; its key; whether one row of a key is current, or several.
RECORDS = {
    "units": (
        'unit_id text NOT NULL, name text NOT NULL, kind text NOT NULL, "group" text NOT NULL, '
        "region_code text",
        "unit_id",
        True,
    ),
    "projects": (
        "project_id text NOT NULL, national_code text, name text NOT NULL, region_code text, "
        "unit_id text NOT NULL, owner_name text, owner_uscc text, nature text NOT NULL, "
        "key_levels text[] NOT NULL, programs text[] NOT NULL, industry_code text, "
        "is_industrial boolean, is_government_funded boolean, is_attracted boolean, "
        "contract_yuan bigint, total_investment_yuan bigint, competent_unit_id text, "
        "is_secret boolean",
        "project_id",
        True,
    ),
    "plans": (
        "project_id text NOT NULL, year bigint NOT NULL, planned_yuan bigint, "
        f"prior_invested_yuan bigint, {MONTHS}",
        "project_id, year",
        True,
    ),
    "milestones": (
        "project_id text NOT NULL, kind text NOT NULL, planned_on date, actual_on date, "
        "decided_on date, reason text",
        "project_id, kind, decided_on",
        True,
    ),
    "progress": (
        "project_id text NOT NULL, as_of date NOT NULL, invested_ytd_yuan bigint, "
        "physical_pct numeric(7, 4), note text",
        "project_id, as_of",
        True,
    ),
    "permits": (
        "project_id text NOT NULL, kind text NOT NULL, stage text, needed boolean, "
        "authority_unit_id text, mode text, applied_on date, due_on date, granted_on date, "
        "document_no text",
        "project_id, kind, stage",
        True,
    ),
    "funds": (
        "unit_id text, project_id text, source text NOT NULL, event text NOT NULL, "
        'amount_yuan bigint, "on" date',
        'unit_id, project_id, source, event, "on"',
        False,
    ),
    "problems": (
        "problem_id text NOT NULL, project_id text, category text, summary text, raised_on date, "
        "level text, handler_unit_id text, due_on date, resolved_on date, closed_on date, "
        "solved_on_site boolean",
        "problem_id",
        True,
    ),
    "pauses": (
        "project_id text NOT NULL, from_on date NOT NULL, to_on date, reason text, "
        "approved boolean",
        "project_id, from_on",
        False,
    ),
}

RECORD = """
    CREATE TABLE registry.{name} (
        version bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_{name} PRIMARY KEY, {columns},
        recorded_at timestamptz NOT NULL, recorded_by text NOT NULL, recorded_for text NOT NULL,
        why text NOT NULL, superseded_at timestamptz
    )"""

EVENTS = """
    CREATE TABLE registry.events (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_events PRIMARY KEY,
        kind varchar NOT NULL, subject varchar NOT NULL, region_code varchar, data jsonb NOT NULL,
        at timestamptz NOT NULL
    )"""

AUDIT = """
    CREATE TABLE registry.audit (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_audit PRIMARY KEY,
        at timestamptz NOT NULL, who varchar NOT NULL, role varchar NOT NULL,
        address varchar NOT NULL, request_id varchar NOT NULL, action varchar NOT NULL,
        subject varchar NOT NULL, region_code varchar, before jsonb, after jsonb
    )"""

ANSWERS = """
    CREATE TABLE registry.answers (
        who varchar, key varchar, request varchar NOT NULL, status integer NOT NULL,
        headers varchar NOT NULL, body bytea NOT NULL, at timestamptz NOT NULL,
        CONSTRAINT pk_answers PRIMARY KEY (who, key)
    )"""

IMPORTS = """
    CREATE TABLE registry.imports (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_imports PRIMARY KEY,
        uploaded_at timestamptz NOT NULL, uploaded_by varchar NOT NULL,
        region_code varchar NOT NULL, name varchar NOT NULL, digest varchar NOT NULL,
        errors integer NOT NULL, warnings integer NOT NULL, findings jsonb NOT NULL,
        counts jsonb NOT NULL, facts bytea, applied_at timestamptz, applied_by varchar,
        changes jsonb
    )"""

REFUSE = """
    CREATE FUNCTION registry.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% of % is refused: what was recorded stays', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END $$"""

# A record may be superseded, once; nothing else of it ever changes.
KEEP = """
    CREATE FUNCTION registry.keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.superseded_at IS NOT NULL
            OR to_jsonb(OLD) - 'superseded_at' <> to_jsonb(NEW) - 'superseded_at' THEN
            RAISE EXCEPTION 'UPDATE of % is refused: what was recorded stays', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$"""


def upgrade() -> None:
    for statement in (REFUSE, KEEP, EVENTS, AUDIT, ANSWERS, IMPORTS):
        op.execute(statement)
    for table in ("events", "audit"):
        for column in ("subject", "region_code"):
            op.execute(f"CREATE INDEX ix_{table}_{column} ON registry.{table} ({column})")
        refuse(table, "UPDATE OR DELETE OR TRUNCATE")
    for name, (columns, key, is_unique) in RECORDS.items():
        op.execute(RECORD.format(name=name, columns=columns))
        unique, nulls = ("UNIQUE", "NULLS NOT DISTINCT") if is_unique else ("", "")
        op.execute(
            f"CREATE {unique} INDEX ix_{name}_current ON registry.{name} ({key}) {nulls}"
            " WHERE superseded_at IS NULL"
        )
        refuse(name, "DELETE OR TRUNCATE")
        op.execute(
            f"CREATE TRIGGER keep BEFORE UPDATE ON registry.{name}"
            " FOR EACH ROW EXECUTE FUNCTION registry.keep()"
        )
    for name in ("funds", "problems"):
        op.execute(
            f"CREATE INDEX ix_{name}_project_id ON registry.{name} (project_id)"
            " WHERE superseded_at IS NULL"
        )


def refuse(table: str, what: str) -> None:
    op.execute(
        f"CREATE TRIGGER refuse BEFORE {what} ON registry.{table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse()"
    )


def downgrade() -> None:
    for table in (*RECORDS, "events", "audit", "answers", "imports"):
        op.execute(f"DROP TABLE registry.{table}")
    op.execute("DROP FUNCTION registry.refuse, registry.keep")

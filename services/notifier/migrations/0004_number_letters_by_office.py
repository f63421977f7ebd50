"""letters and numbers of an office; what a letter counts from; PDFs in a table of their own

Letters of before get the office of their project, and the day that they count from out of the facts
that were kept with them: a later sweep must not send them again. Raises RegistryNotUpgraded.
"""

from alembic import op

from shared.database.migrations import has_registry_offices

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PRINTS = """
    CREATE TABLE notifier.prints (
        letter_id bigint CONSTRAINT pk_prints PRIMARY KEY
            CONSTRAINT fk_prints_letter_id REFERENCES notifier.letters (id),
        pdf bytea NOT NULL, printed_at timestamptz NOT NULL)"""

SEQUENCES = """
    CREATE TABLE notifier.sequences (
        office varchar, agency_word varchar, year integer, last integer NOT NULL,
        CONSTRAINT pk_sequences PRIMARY KEY (office, agency_word, year))"""

# The numbers of the rules until now: 15 days for an assignment, 60 for a supervision; a reminder
# goes out one month before.
COUNTED_FROM = """
    UPDATE notifier.letters letter SET counted_from = coalesce(
        CASE WHEN quotes ->> 'unsettled' IS NOT NULL THEN letter.trigger_on - 1
             WHEN about = 'progress' THEN (quotes -> 'red_months' ->> 0)::date
             ELSE (quotes ->> 'planned_on')::date END,
        CASE WHEN about <> 'progress' AND kind = 'reminder'
                 THEN (letter.trigger_on + interval '1 month')::date
             WHEN about <> 'progress' AND kind = 'assignment' THEN letter.trigger_on - 15
             WHEN about <> 'progress' AND kind = 'supervision' THEN letter.trigger_on - 60
             WHEN about = 'progress' AND kind = 'yellow_card'
                 THEN (date_trunc('month', letter.trigger_on) - interval '1 day')::date
             ELSE letter.trigger_on END)
    FROM notifier.documents WHERE letter_id = letter.id"""

OFFICE_BY_REGION = "UPDATE notifier.letters SET office = rpad(left(region, 6), 6, '0')"
# One id may be several offices' by now; then it is the one of the letter's region.
OFFICE_BY_PROJECT = """
    UPDATE notifier.letters letter SET office = coalesce(
        (SELECT project.office FROM registry.projects project
         WHERE project.project_id = letter.project_id AND project.superseded_at IS NULL
         ORDER BY project.office = letter.office DESC, project.office LIMIT 1),
        letter.office)"""


def upgrade() -> None:
    set_append_only("letters", enabled=False)
    op.execute("ALTER TABLE notifier.letters ADD office varchar, ADD counted_from date")
    op.execute(COUNTED_FROM)
    op.execute(OFFICE_BY_REGION)
    if has_registry_offices(op.get_bind(), "notifier"):
        op.execute(OFFICE_BY_PROJECT)
    op.execute("""
        ALTER TABLE notifier.letters
            ALTER office SET NOT NULL, ALTER counted_from SET NOT NULL,
            DROP CONSTRAINT uq_letters_kind_project_id_about_trigger_on,
            DROP CONSTRAINT uq_letters_agency_word_year_sequence,
            ADD CONSTRAINT uq_letters_office_kind_project_id_about_counted_from
                UNIQUE (office, kind, project_id, about, counted_from),
            ADD CONSTRAINT uq_letters_office_agency_word_year_sequence
                UNIQUE (office, agency_word, year, sequence)""")
    set_append_only("letters", enabled=True)

    op.execute("DROP TABLE notifier.sequences")
    op.execute(SEQUENCES)
    op.execute("""
        INSERT INTO notifier.sequences
        SELECT office, agency_word, year, max(sequence) FROM notifier.letters GROUP BY 1, 2, 3""")

    op.execute(PRINTS)
    op.execute("ALTER TABLE notifier.prints ALTER COLUMN pdf SET STORAGE EXTERNAL")
    op.execute("""
        INSERT INTO notifier.prints
        SELECT letter_id, pdf, issued_at FROM notifier.documents
        JOIN notifier.letters ON id = letter_id ORDER BY letter_id""")
    op.execute(
        "CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON notifier.prints"
        " FOR EACH STATEMENT EXECUTE FUNCTION notifier.refuse()"
    )
    op.execute("ALTER TABLE notifier.documents DROP COLUMN pdf")


def set_append_only(table: str, *, enabled: bool) -> None:
    action = "ENABLE" if enabled else "DISABLE"
    op.execute(f"ALTER TABLE notifier.{table} {action} TRIGGER refuse")


def downgrade() -> None:
    """Bring the PDFs back; letters that are not printed yet keep an empty one.

    Fails where two offices have given the same number, as the tables of before cannot hold both.
    """
    set_append_only("documents", enabled=False)
    op.execute("ALTER TABLE notifier.documents ADD pdf bytea NOT NULL DEFAULT ''")
    op.execute("""
        UPDATE notifier.documents document SET pdf = print.pdf
        FROM notifier.prints print WHERE print.letter_id = document.letter_id""")
    op.execute("ALTER TABLE notifier.documents ALTER pdf DROP DEFAULT")
    set_append_only("documents", enabled=True)
    op.execute("DROP TABLE notifier.prints")
    op.execute("""
        ALTER TABLE notifier.letters
            DROP COLUMN office, DROP COLUMN counted_from,
            ADD CONSTRAINT uq_letters_kind_project_id_about_trigger_on
                UNIQUE (kind, project_id, about, trigger_on),
            ADD CONSTRAINT uq_letters_agency_word_year_sequence
                UNIQUE (agency_word, year, sequence)""")
    op.execute("DROP TABLE notifier.sequences")
    op.execute("""
        CREATE TABLE notifier.sequences (
            agency_word varchar, year integer, last integer NOT NULL,
            CONSTRAINT pk_sequences PRIMARY KEY (agency_word, year))""")
    op.execute("""
        INSERT INTO notifier.sequences
        SELECT agency_word, year, max(sequence) FROM notifier.letters GROUP BY 1, 2""")

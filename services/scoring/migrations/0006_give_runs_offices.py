"""runs, entries, judgements and campaigns are an office's or over a region; what a run left out"""

import logging

import sqlalchemy as sa
from alembic import op

from shared.database.migrations import has_registry_offices

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("runs", "entries", "judgements", "campaigns")
NO_REGION = "000000"  # the office of rows of the whole country, where no one office has these
QUESTION = (
    "region, campaign_id, facts_digest, entered_digest, scheme_region, scheme_id, scheme_version,"
    " as_of"
)
# The offices of the registry's rows, where it is in the same database and has had its upgrade.
# Of what the whole country's token recorded first: to correct a record makes nobody its owner.
COUNTRY_OFFICES = """
    SELECT DISTINCT office FROM (
        SELECT DISTINCT ON (office, project_id) office, recorded_for FROM registry.projects
        ORDER BY office, project_id, version
    ) AS first WHERE recorded_for = ''"""
ALL_OFFICES = """
    SELECT office FROM registry.projects UNION SELECT office FROM registry.units"""
OFFICES_OF_PROJECTS = """
    UPDATE scoring.judgements SET office = found.office
    FROM (SELECT project_id, min(office) AS office FROM registry.projects GROUP BY project_id) found
    WHERE found.project_id = judgements.project_id"""
# A run of the whole country may equal one that the office had computed, too: then both stay.
EQUAL_RUN = f"""
    EXISTS (SELECT FROM scoring.runs other WHERE other.region = :region
        AND ({QUESTION.replace("region, ", "", 1)}) IS NOT DISTINCT FROM ({{own}}))"""

log = logging.getLogger(__name__)


def upgrade() -> None:
    """A row's office is its region filled with zeros.

    That of the whole country's rows is the one that the registry's became, where it is one. If
    there is no other at all, these rows are of that office's region from now on; else the runs
    among them are over several offices, and so no office's. Raises RegistryNotUpgraded.
    """
    with_offices = has_registry_offices(op.get_bind(), "scoring")
    for table in TABLES:
        add_column(table, "office varchar", "''")
    add_column("results", "left_out jsonb", "'[]'")
    op.execute("ALTER TABLE scoring.runs DROP CONSTRAINT uq_runs_question")
    country = read_offices(COUNTRY_OFFICES) if with_offices else []
    office = country[0] if len(country) == 1 else NO_REGION
    is_only = office != NO_REGION and read_offices(ALL_OFFICES) == [office]
    tell_office(office)
    for table in TABLES:
        allow_changes(table, allowed=True)
        op.execute(
            sa.text(
                f"UPDATE scoring.{table} SET office = CASE region WHEN '' THEN :office"
                " ELSE rpad(left(region, 6), 6, '0') END"
            ).bindparams(office=office if is_only or table != "runs" else NO_REGION)
        )
        if is_only:
            move_to_region(table, office)
    if with_offices:
        op.execute(OFFICES_OF_PROJECTS)
    for table in TABLES:
        allow_changes(table, allowed=False)

    unique = f"UNIQUE NULLS NOT DISTINCT (office, {QUESTION})"
    op.execute(f"ALTER TABLE scoring.runs ADD CONSTRAINT uq_runs_question {unique}")
    op.execute("DROP INDEX scoring.ix_entries_scheme")
    op.execute(
        "CREATE INDEX ix_entries_scheme ON scoring.entries (office, region, scheme_id, kind)"
    )
    op.execute("DROP INDEX scoring.ix_judgements_project_id")
    op.execute(
        "CREATE INDEX ix_judgements_office_project_id ON scoring.judgements (office, project_id)"
    )


def add_column(table: str, column: str, usual: str) -> None:
    """A column that rows of before have as usual, and later ones must be given."""
    name = column.split()[0]
    op.execute(f"ALTER TABLE scoring.{table} ADD COLUMN {column} NOT NULL DEFAULT {usual}")
    op.execute(f"ALTER TABLE scoring.{table} ALTER COLUMN {name} DROP DEFAULT")


def tell_office(office: str) -> None:
    """Say once whose the rows of the whole country are by now; nothing where there are none."""
    rows = " UNION ALL ".join(f"SELECT FROM scoring.{table} WHERE region = ''" for table in TABLES)
    if op.get_bind().scalar(sa.text(f"SELECT EXISTS ({rows})")):
        log.warning("what was stored for the whole country belongs to office %s", office)


def read_offices(query: str) -> list[str]:
    return [*op.get_bind().execute(sa.text(query)).scalars()]


def move_to_region(table: str, office: str) -> None:
    """Let the office see what is its own."""
    region = office
    while region.endswith("00"):
        region = region[:-2]
    statement = f"UPDATE scoring.{table} moved SET region = :region WHERE region = ''"
    if table == "runs":
        own = ", ".join(f"moved.{column.strip()}" for column in QUESTION.split(",")[1:])
        statement += f" AND NOT {EQUAL_RUN.format(own=own)}"
    op.execute(sa.text(statement).bindparams(region=region))


def allow_changes(table: str, *, allowed: bool) -> None:
    change = "DISABLE" if allowed else "ENABLE"
    op.execute(f"ALTER TABLE scoring.{table} {change} TRIGGER refuse")


def downgrade() -> None:
    """Only while no two questions differ by their offices alone."""
    unique = f"UNIQUE NULLS NOT DISTINCT ({QUESTION})"
    op.execute("ALTER TABLE scoring.runs DROP CONSTRAINT uq_runs_question")
    op.execute(f"ALTER TABLE scoring.runs ADD CONSTRAINT uq_runs_question {unique}")
    op.execute("DROP INDEX scoring.ix_entries_scheme")
    op.execute("CREATE INDEX ix_entries_scheme ON scoring.entries (region, scheme_id, kind)")
    op.execute("DROP INDEX scoring.ix_judgements_office_project_id")
    op.execute("CREATE INDEX ix_judgements_project_id ON scoring.judgements (project_id)")
    op.execute("ALTER TABLE scoring.results DROP COLUMN left_out")
    for table in TABLES:
        op.execute(f"ALTER TABLE scoring.{table} DROP COLUMN office")

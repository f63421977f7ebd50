"""give every office its own ids, turn of writing and order of events"""

import logging

from alembic import op
from sqlalchemy import text

from services.registry.migrations.records_v1 import index_keys

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

log = logging.getLogger(__name__)

# Of each kind: its key, or the columns by which rows of one without a key are compared.
KEYS = {
    "units": "unit_id",
    "projects": "project_id",
    "plans": "project_id, year",
    "milestones": "project_id, kind, decided_on",
    "progress": "project_id, as_of",
    "permits": "project_id, kind, stage",
    "problems": "problem_id",
    "indicators": "region_code, period, indicator",
}
MATCHES = {
    "funds": 'unit_id, project_id, source, event, "on"',
    "pauses": "project_id, from_on",
}
TABLES = (*KEYS, *MATCHES)
# Columns that name a unit, which may be of another office than the row.
UNIT_COLUMNS = {
    "projects": ("unit_id", "competent_unit_id"),
    "permits": ("authority_unit_id",),
    "funds": ("unit_id",),
    "problems": ("handler_unit_id",),
}
OF_RECORDER = "rpad(left(recorded_for, 6), 6, '0')"
# What was recorded for the whole country is of the one county that its rows name, if they name one.
WHOLE_COUNTRY = """
    SELECT CASE WHEN count(DISTINCT office) = 1 THEN min(office) END FROM (
        SELECT rpad(left(region_code, 6), 6, '0') AS office FROM registry.units
            WHERE recorded_for = '' AND region_code IS NOT NULL
        UNION SELECT rpad(left(region_code, 6), 6, '0') FROM registry.projects
            WHERE recorded_for = '' AND region_code IS NOT NULL
        UNION SELECT rpad(left(region_code, 6), 6, '0') FROM registry.indicators
            WHERE recorded_for = ''
    ) AS named"""
# A row and its references were of one space of ids, so each finds its unit or project by the id
# alone: a project is of the office of its unit, what hangs on it of its own. A unit, and what names
# neither, is of the office of the first who recorded it.
FIRST_RECORDER = """
    UPDATE registry.{name} t SET office = first.office FROM (
        SELECT DISTINCT ON ({key}) {key}, {of_recorder} AS office
        FROM registry.{name} ORDER BY {key}, version
    ) AS first WHERE {same}"""
BY_REFERENCE = """
    UPDATE registry.{name} t SET office = other.office FROM (
        SELECT DISTINCT ON ({key}) {key}, office FROM registry.{target}
        ORDER BY {key}, superseded_at DESC NULLS FIRST
    ) AS other WHERE {same} AND {alone}"""


def upgrade() -> None:
    connection = op.get_bind()
    office = connection.execute(text(WHOLE_COUNTRY)).scalar()
    of_whole_country = connection.execute(
        text("SELECT EXISTS (SELECT FROM registry.units WHERE recorded_for = '')")
    ).scalar()
    whole_country = office or "000000"
    if of_whole_country:
        log.warning("what was recorded for the whole country belongs to office %s", whole_country)
    for name in TABLES:
        op.execute(f"ALTER TABLE registry.{name} ADD office text")
        op.execute(f"ALTER TABLE registry.{name} DISABLE TRIGGER keep")
    fill_offices(whole_country)
    for name in TABLES:
        op.execute(f"ALTER TABLE registry.{name} ALTER office SET NOT NULL")
        op.execute(f"ALTER TABLE registry.{name} ENABLE TRIGGER keep")
        op.execute(f"DROP INDEX registry.ix_{name}_current")
        op.execute(f"DROP INDEX IF EXISTS registry.ix_{name}_past")
        index_keys(op, name, KEYS.get(name, ""), MATCHES.get(name, ""))
    for name in ("funds", "problems"):
        replace_index(f"ix_{name}_project_id", f"{name} (office, project_id)")
    replace_index("ix_projects_unit_id", "projects (unit_id, office)")
    fill_imports(whole_country)
    create_turns(whole_country)


def fill_offices(whole_country: str) -> None:
    """Fill the offices of all rows, of every version alike."""
    of_recorder = f"CASE recorded_for WHEN '' THEN '{whole_country}' ELSE {OF_RECORDER} END"
    for name in ("units", "problems", "indicators"):
        key = KEYS[name]
        same = " AND ".join(f"t.{part} = first.{part}" for part in key.split(", "))
        op.execute(FIRST_RECORDER.format(name=name, key=key, of_recorder=of_recorder, same=same))
    op.execute(f"UPDATE registry.funds SET office = {of_recorder}")
    inherit("projects", "units", "unit_id", "unit_id")
    for name in TABLES:
        if name not in ("units", "projects", "indicators"):
            inherit(name, "projects", "project_id", "project_id")
    inherit("funds", "units", "unit_id", "unit_id", alone="project_id IS NULL")
    inherit("problems", "units", "unit_id", "handler_unit_id", alone="project_id IS NULL")
    for name in TABLES:
        op.execute(f"UPDATE registry.{name} SET office = {of_recorder} WHERE office IS NULL")
    for name, columns in UNIT_COLUMNS.items():
        for column in columns:
            op.execute(f"""
                UPDATE registry.{name} t SET {column} = unit.office || ':' || unit.unit_id
                FROM (SELECT DISTINCT unit_id, office FROM registry.units) AS unit
                WHERE t.{column} = unit.unit_id AND t.office <> unit.office""")


def inherit(name: str, target: str, key: str, column: str, alone: str = "true") -> None:
    same = f"t.{column} = other.{key}"
    op.execute(BY_REFERENCE.format(name=name, target=target, key=key, same=same, alone=alone))


def replace_index(index: str, columns: str) -> None:
    op.execute(f"DROP INDEX registry.{index}")
    op.execute(f"CREATE INDEX {index} ON registry.{columns} WHERE superseded_at IS NULL")


def fill_imports(whole_country: str) -> None:
    op.execute("ALTER TABLE registry.imports ADD office varchar")
    op.execute(f"""
        UPDATE registry.imports SET office = CASE region_code WHEN '' THEN '{whole_country}'
            ELSE rpad(left(region_code, 6), 6, '0') END""")
    op.execute("ALTER TABLE registry.imports ALTER office SET NOT NULL")


def create_turns(whole_country: str) -> None:
    """Create the turns, with the last moment of before, and say of events whose they are."""
    op.execute("""
        CREATE TABLE registry.turns (
            office varchar CONSTRAINT pk_turns PRIMARY KEY, at timestamptz NOT NULL
        ) WITH (fillfactor = 50)""")
    offices = " UNION ".join(f"SELECT office FROM registry.{name}" for name in TABLES)
    op.execute(f"""
        INSERT INTO registry.turns SELECT office,
            timestamptz 'epoch'
                + interval '1 microsecond' * (SELECT last_value FROM registry.moments)
        FROM ({offices}) AS known""")
    op.execute("DROP SEQUENCE registry.moments")
    op.execute("ALTER TABLE registry.events ADD office varchar")
    op.execute("ALTER TABLE registry.events DISABLE TRIGGER refuse")
    op.execute(f"""
        UPDATE registry.events SET office = CASE coalesce(region_code, '')
            WHEN '' THEN '{whole_country}' ELSE rpad(left(region_code, 6), 6, '0') END""")
    for name, column in (("units", "unit_id"), ("problems", "problem_id")):
        follow_records(f"= '{name}'", name, column)
    below = ", ".join(f"'{name}'" for name in TABLES if KEYS.get(name, "").startswith("project_id"))
    follow_records(f"IN ({below})", "projects", "project_id")
    op.execute("ALTER TABLE registry.events ENABLE TRIGGER refuse")
    op.execute("ALTER TABLE registry.events ALTER office SET NOT NULL")
    op.execute("CREATE INDEX ix_events_office_id ON registry.events (office, id)")


def follow_records(kinds: str, name: str, column: str) -> None:
    """Give events the office of the record that their subject names (`projects/P001/…`)."""
    op.execute(f"""
        UPDATE registry.events e SET office = record.office
        FROM (SELECT DISTINCT {column} AS id, office FROM registry.{name}) AS record
        WHERE split_part(e.subject, '/', 1) {kinds} AND split_part(e.subject, '/', 2) = record.id
            AND e.office <> record.office""")


def downgrade() -> None:
    """Put all ids into one space again; refused by the database where two offices share one."""
    op.execute("CREATE SEQUENCE registry.moments")
    op.execute("""
        SELECT setval('registry.moments', (extract(epoch FROM at) * 1000000)::bigint)
        FROM (SELECT max(at) AS at FROM registry.turns) AS last WHERE at IS NOT NULL""")
    op.execute("DROP TABLE registry.turns")
    for name in TABLES:
        current, past = "superseded_at IS NULL", "superseded_at IS NOT NULL"
        key, unique = KEYS.get(name, MATCHES.get(name)), "UNIQUE" if name in KEYS else ""
        nulls = "NULLS NOT DISTINCT" if name in KEYS else ""
        op.execute(f"ALTER TABLE registry.{name} DROP office CASCADE")  # its indexes go with it
        op.execute(
            f"CREATE {unique} INDEX ix_{name}_current ON registry.{name} ({key}) {nulls}"
            f" WHERE {current}"
        )
        if name in KEYS:
            op.execute(f"CREATE INDEX ix_{name}_past ON registry.{name} ({key}) WHERE {past}")
    for index, columns in (
        ("ix_funds_project_id", "funds (project_id)"),
        ("ix_problems_project_id", "problems (project_id)"),
        ("ix_projects_unit_id", "projects (unit_id)"),
    ):
        op.execute(f"CREATE INDEX {index} ON registry.{columns} WHERE superseded_at IS NULL")
    for name in ("imports", "events"):
        op.execute(f"ALTER TABLE registry.{name} DROP office")

"""give every office its own ids, turn of writing and order of events"""

import logging

import pyarrow as pa
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
# Whose a record is, is asked of who recorded it first: to correct it makes nobody its owner.
FIRST_RECORDED = """
    SELECT DISTINCT ON ({key}) {key}, recorded_for FROM registry.{name} ORDER BY {key}, version"""
# What was recorded for the whole country is of the one county that its rows name, if they name one.
REGIONS_NAMED = """
    SELECT rpad(left(region_code, 6), 6, '0') AS office
    FROM registry.{name} JOIN ({first}) AS first USING ({key})
    WHERE first.recorded_for = '' AND superseded_at IS NULL AND region_code IS NOT NULL"""
WHOLE_COUNTRY = "SELECT CASE WHEN count(DISTINCT office) = 1 THEN min(office) END FROM ({}) named"
# A row and its references were of one space of ids, so each finds its unit or project by the id
# alone: a project is of the office of its unit, what hangs on it of its own. A unit, and what names
# neither, is of the office of the first who recorded it. All versions of a record are of one
# office, which the latest says.
OF_FIRST_RECORDER = """
    UPDATE registry.{name} t SET office = first.office FROM ({first}) AS first WHERE {same}"""
OF_LATEST_REFERENCE = """
    UPDATE registry.{name} t SET office = latest.office FROM (
        SELECT DISTINCT ON (latest.{key}) latest.{key}, other.office
        FROM registry.{name} AS latest LEFT JOIN (
            SELECT DISTINCT {target_key}, office FROM registry.{target}
        ) AS other ON latest.{column} = other.{target_key} AND {alone}
        ORDER BY latest.{key}, latest.version DESC
    ) AS latest WHERE t.{key} = latest.{key} AND latest.office IS NOT NULL"""
OF_REFERENCE = """
    UPDATE registry.{name} t SET office = other.office
    FROM (SELECT DISTINCT {key}, office FROM registry.{target}) AS other
    WHERE t.{key} = other.{key} AND {alone}"""

# An event tells the version of the row that it is about.
EVENTS_OF_ROWS = """
    UPDATE registry.events e SET office = row.office FROM registry.{name} AS row
    WHERE split_part(e.subject, '/', 1) = '{name}' AND (e.data ->> 'version')::bigint = row.version
        AND e.office <> row.office"""
EVENTS_OF_IMPORTS = """
    UPDATE registry.events e SET office = import.office FROM registry.imports AS import
    WHERE e.subject = 'imports/' || import.id AND e.office <> import.office"""


def upgrade() -> None:
    named = " UNION ".join(
        REGIONS_NAMED.format(name=name, key=KEYS[name], first=first_recorded(name))
        for name in ("units", "projects", "indicators")
    )
    whole_country = op.get_bind().scalar(text(WHOLE_COUNTRY.format(named))) or "000000"
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
    tell_offices(whole_country)


def first_recorded(name: str) -> str:
    return FIRST_RECORDED.format(name=name, key=KEYS[name])


def fill_offices(whole_country: str) -> None:
    """Fill the offices of all rows, of every version of a record alike."""
    office = f"CASE recorded_for WHEN '' THEN '{whole_country}' ELSE {OF_RECORDER} END"
    for name in ("units", "projects", "problems", "indicators"):
        same = " AND ".join(f"t.{part} = first.{part}" for part in KEYS[name].split(", "))
        first = f"SELECT *, {office} AS office FROM ({first_recorded(name)}) AS recorded"
        op.execute(OF_FIRST_RECORDER.format(name=name, first=first, same=same))
    op.execute(f"UPDATE registry.funds SET office = {office}")
    follow_latest("projects", "unit_id", "units", "unit_id")
    follow_latest("problems", "handler_unit_id", "units", "unit_id", "latest.project_id IS NULL")
    follow_latest("problems", "project_id", "projects", "project_id")
    for name in TABLES:
        if name not in ("units", "projects", "problems", "indicators"):
            follow_reference(name, "projects", "project_id")
    follow_reference("funds", "units", "unit_id", alone="project_id IS NULL")
    for name in TABLES:
        op.execute(f"UPDATE registry.{name} SET office = {office} WHERE office IS NULL")
    for name, columns in UNIT_COLUMNS.items():
        for column in columns:
            op.execute(f"""
                UPDATE registry.{name} t SET {column} = unit.office || ':' || unit.unit_id
                FROM (SELECT DISTINCT unit_id, office FROM registry.units) AS unit
                WHERE t.{column} = unit.unit_id AND t.office <> unit.office""")


def follow_latest(
    name: str, column: str, target: str, target_key: str, alone: str = "true"
) -> None:
    op.execute(
        OF_LATEST_REFERENCE.format(
            name=name,
            key=KEYS[name],
            column=column,
            target=target,
            target_key=target_key,
            alone=alone,
        )
    )


def follow_reference(name: str, target: str, key: str, alone: str = "true") -> None:
    op.execute(OF_REFERENCE.format(name=name, target=target, key=key, alone=alone))


def replace_index(index: str, columns: str) -> None:
    op.execute(f"DROP INDEX registry.{index}")
    op.execute(f"CREATE INDEX {index} ON registry.{columns} WHERE superseded_at IS NULL")


def fill_imports(whole_country: str) -> None:
    """Say of imports whose they are: their uploader's; while they wait, that of their units."""
    op.execute("ALTER TABLE registry.imports ADD office varchar")
    op.execute(f"""
        UPDATE registry.imports SET office = CASE region_code WHEN '' THEN '{whole_country}'
            ELSE rpad(left(region_code, 6), 6, '0') END""")
    op.execute("ALTER TABLE registry.imports ALTER office SET NOT NULL")
    connection = op.get_bind()
    waiting = "SELECT id FROM registry.imports WHERE facts IS NOT NULL ORDER BY id"
    for import_id in connection.scalars(text(waiting)).all():
        packed = "SELECT facts FROM registry.imports WHERE id = :id"
        content = connection.scalar(text(packed), {"id": import_id})
        units = "SELECT DISTINCT office FROM registry.units WHERE unit_id = ANY (:units)"
        found = connection.scalars(text(units), {"units": unit_ids(content)}).all()
        if len(found) == 1:
            change = "UPDATE registry.imports SET office = :office WHERE id = :id"
            connection.execute(text(change), {"office": found[0], "id": import_id})


def unit_ids(content: bytes) -> list[str]:
    """Unpack the ids of the units in an import: of its tables, one after another, the first."""
    units = pa.ipc.open_stream(pa.BufferReader(content)).read_all()
    return list(units["unit_id"].to_pylist())


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
    for name in TABLES:
        op.execute(EVENTS_OF_ROWS.format(name=name))
    op.execute(EVENTS_OF_IMPORTS)
    op.execute("ALTER TABLE registry.events ENABLE TRIGGER refuse")
    op.execute("ALTER TABLE registry.events ALTER office SET NOT NULL")
    op.execute("CREATE INDEX ix_events_office_id ON registry.events (office, id)")


def tell_offices(whole_country: str) -> None:
    """Say once whose the records are by now; nothing where there are none."""
    rows = " UNION ALL ".join(f"SELECT office, recorded_for FROM registry.{n}" for n in TABLES)
    count = f"SELECT office, count(*), bool_or(recorded_for = '') FROM ({rows}) r GROUP BY 1"
    found = op.get_bind().execute(text(f"{count} ORDER BY 1")).all()
    if found:
        log.warning("rows by office: %s", ", ".join(f"{row[0]} {row[1]}" for row in found))
    if any(row[2] for row in found):
        log.warning("what was recorded for the whole country belongs to office %s", whole_country)


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

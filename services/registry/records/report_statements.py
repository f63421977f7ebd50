"""SQL of reports: records that wait beside the records, as their readers see them.

A report stores the columns of its record; the database makes a row of them again, `found`, of which
all holds that holds of a row of the kind's table: who may see it, and how its ids are written.
"""

from collections.abc import Iterable

from services.registry.records.emptied_keys import void_in_force_sql
from services.registry.records.report_rules import ReportState
from services.registry.records.report_schemas import MAX_WAITING_LISTED
from services.registry.records.report_visibility import (
    refers_elsewhere_sql,
    reported_row_sql,
    sees_report_sql,
)
from services.registry.records.statements import (
    CURRENT_SQL,
    EVER_RECORDED_SQL,
    OFFICE_SQL,
    Statement,
    compile_statement,
    key_condition_sql,
    quote_column,
    response_column_sql,
    write_context_query,
)
from services.registry.tables import RECORD_TABLES, SCHEMA
from shared.facts.belonging import PROJECT_ID, PROJECTS, UNIT_ID, UNITS
from shared.facts.tables import FACT_KINDS
from shared.plausibility.context import CONTEXT_COLUMNS
from shared.plausibility.judgement import CONTEXT_TABLES

MOMENT_SQL = """to_char(report.{0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS {0}"""
WAITING_SQL = "report.decided_at IS NULL"
STATE_SQL = f"coalesce(report.decision, '{ReportState.waiting}')"
STALE_SQL = f"({WAITING_SQL} AND present.has_changed)"
# Decisions of the office, by which the next report of the same place is judged.
DECIDED_SQL = f"decision IN ('{ReportState.accepted}', '{ReportState.returned}')"


def report_lines_sql(name: str, reports: str, *facts: str, where: Iterable[str] = ()) -> str:
    """Query of the `id` and `line` of the reports of a kind that the caller may see.

    `reports` is a condition for rows of `report`, `facts` conditions for what they report, as the
    columns of the kind; `where` may ask for the `present` record, too.
    """
    return (
        f"SELECT report.id, {report_json_sql(name)} AS line"
        f" FROM {report_source_sql(name, reports, *facts, where=where)}"
    )


def report_source_sql(name: str, reports: str, *facts: str, where: Iterable[str] = ()) -> str:
    """The `report`, what it reports as `found`, and the `present` record, for `FROM`."""
    return f"""(
            SELECT found.* FROM (
                SELECT fact.* FROM {SCHEMA}.reports AS report
                CROSS JOIN LATERAL ({reported_row_sql(name)}) AS fact
                WHERE report.kind = '{name}' AND {reports}
            ) AS found WHERE {" AND ".join([sees_report_sql(name), *facts])}
        ) AS found JOIN {SCHEMA}.reports AS report ON report.id = found.report_id
        CROSS JOIN LATERAL ({present_record_sql(name)}) AS present
        WHERE {" AND ".join(["true", *where])}"""


def present_record_sql(name: str) -> str:
    """Query of the present version of what a report would correct, and whether it `has_changed`.

    It has where anything was recorded or superseded there after the report, and where an id that
    is reported has led to nothing since, whatever it leads to now.
    """
    kind, rows = FACT_KINDS[name], RECORD_TABLES[name]
    same = ["past.office = found.office"] if kind.key else ["past.version = report.corrects"]
    for part in kind.key:
        column = quote_column(part)
        equal = f"past.{column} = found.{column}"
        blank = f"past.{column} IS NULL AND found.{column} IS NULL"
        same.append(f"({equal} OR {blank})" if rows.c[part].nullable else equal)
    return f"""
        SELECT max(version) FILTER (WHERE {CURRENT_SQL}) AS version, coalesce(
            bool_or(greatest(past.recorded_at, past.superseded_at) > report.reported_at), false
        ) OR {WAITING_SQL} AND {refers_elsewhere_sql(name)} AS has_changed
        FROM {SCHEMA}.{name} AS past WHERE {" AND ".join(same)} AND {EVER_RECORDED_SQL}"""


def report_json_sql(name: str) -> str:
    """JSON of a report, in the order of its response model."""
    kind = FACT_KINDS[name]
    record = ", ".join(response_column_sql(kind, column) for column in kind.column_names)
    columns = (
        *("report.id", "report.office", "report.kind", "report.subject"),
        f"{STATE_SQL} AS state",
        f"{STALE_SQL} AS is_stale",
        f"{own_id_sql(PROJECT_ID)} AS {PROJECT_ID}",
        f"{own_name_sql(PROJECTS, PROJECT_ID)} AS project_name",
        f"(SELECT row_to_json(record) FROM (SELECT {record} FROM (SELECT found.*) AS one)"
        " AS record) AS record",
        *("report.why", "report.causes", "report.findings", "report.corrects"),
        "present.version AS present_version",
        "report.reported_by",
        MOMENT_SQL.format("reported_at"),
        "report.role",
        f"{own_id_sql(UNIT_ID)} AS {UNIT_ID}",
        f"{own_name_sql(UNITS, UNIT_ID)} AS unit_name",
        MOMENT_SQL.format("decided_at"),
        *("report.decided_by", "report.decision_why", "report.version"),
    )
    return f"(SELECT row_to_json(line)::text FROM (SELECT {', '.join(columns)}) AS line)"


def own_id_sql(column: str) -> str:
    """An id of the report's office, as the office in question has it."""
    own = f"report.{column}"
    return (
        f"CASE WHEN report.office = %(asked)s::text THEN {own}"
        f" ELSE report.office || ':' || {own} END"
    )


def own_name_sql(table: str, column: str) -> str:
    """The name of what an id led to when it was reported."""
    return (
        f"(SELECT name FROM {SCHEMA}.{table} AS named WHERE named.office = report.office"
        f" AND named.{column} = report.{column} AND named.recorded_at <= report.reported_at"
        " AND (named.superseded_at IS NULL OR named.superseded_at > report.reported_at))"
    )


def any_waiting_sql(name: str, reports: Iterable[str]) -> str:
    """Condition that anything of a kind waits at all, seen or not: cheap, and mostly false."""
    where = " AND ".join([f"report.kind = '{name}'", WAITING_SQL, *reports])
    return f"EXISTS (SELECT FROM {SCHEMA}.reports AS report WHERE {where})"


def waiting_reports_sql(name: str, reports: Iterable[str], *facts: str) -> str:
    """Query of the JSON of what waits for the records of a list; no row where nothing does."""
    lines = report_lines_sql(name, " AND ".join([WAITING_SQL, *reports]), *facts)
    return f"""
        SELECT json_build_object(
            'count', max(total), 'items', json_agg(line::json ORDER BY id))::text AS line
        FROM (SELECT *, count(*) OVER () AS total FROM ({lines}) AS lines
            ORDER BY id LIMIT {MAX_WAITING_LISTED}) AS waiting
        HAVING count(*) > 0"""


def report_context_query(name: str, key: Iterable[str] | None) -> Statement:
    """Query of all that the decision about a write of a unit needs, in one row.

    That of any write (`write_context_query`), and as `report_…`: the office's settings, the facts
    of the project by table, what waits at the `place` with the office's decisions there, and
    whether anything of the kind was ever void in the office.
    """
    same_key = "false" if key is None else key_condition_sql(name, key)
    voided = f"SELECT FROM {SCHEMA}.voided_records WHERE kind = '{name}' AND office = {OFFICE_SQL}"
    return write_context_query(
        name,
        key,
        f"({settings_sql(name)})::text AS report_settings",
        f"({project_facts_sql(name, same_key)})::text AS report_facts",
        f"({reports_at_place_sql()})::text AS report_place",
        f"EXISTS ({voided}) AS report_voids",
    )


def settings_sql(name: str) -> str:
    return (
        f"SELECT jsonb_build_object('review', settings->'review'->'{name}',"
        f" 'plausibility', settings->'plausibility') FROM {SCHEMA}.office_settings"
        f" WHERE office = {OFFICE_SQL} AND {CURRENT_SQL}"
    )


def project_facts_sql(name: str, same_key: str) -> str:
    """Query of the facts of a record's project that its judgement needs, without the record."""
    if name not in CONTEXT_TABLES:
        return "SELECT NULL::jsonb"
    tables = []
    for table in CONTEXT_TABLES[name]:
        columns = CONTEXT_COLUMNS[table]
        fields = ", ".join(f"'{column}', {quote_column(column)}" for column in columns)
        others = f" AND ({same_key}) IS NOT TRUE" if table == name else ""
        tables.append(
            f"'{table}', (SELECT jsonb_agg(jsonb_build_object({fields}))"
            f" FROM {SCHEMA}.{table} WHERE office = {OFFICE_SQL}"
            f" AND project_id = %({PROJECT_ID})s::text AND {CURRENT_SQL}{others})"
        )
    return f"SELECT jsonb_build_object({', '.join(tables)})"


def reports_at_place_sql() -> str:
    """Query of the report that waits at a place, and of those that the office decided, in order."""
    columns = ("id", "fact", "corrects", "reported_by", "unit_id", "decision")
    fields = ", ".join(f"'{column}', {column}" for column in columns)
    return (
        f"SELECT jsonb_agg(jsonb_build_object({fields}) ORDER BY decided_at)"
        f" FROM {SCHEMA}.reports AS report WHERE office = {OFFICE_SQL}"
        f" AND place = %(place)s::text AND ({WAITING_SQL} OR {DECIDED_SQL})"
    )


def last_void_query(name: str, key: Iterable[str] | None) -> Statement:
    """Query of whether a void is in force on a key, where nothing is recorded now."""
    same_key = "false" if key is None else key_condition_sql(name, key)
    return compile_statement(
        f"SELECT EXISTS (SELECT FROM {SCHEMA}.{name} AS past WHERE {same_key}"
        f" AND past.superseded_at IS NOT NULL AND {void_in_force_sql(name, 'past')})"
    )

"""Visibility of reports, as SQL: who may see the record, its reporter, and the offices.

An id may come to mean another thing: a void or an undone import leaves it free, and it is given
again. What was reported before is then for its reporter and the offices alone; they see it also
while its ids lead to nothing.
"""

from services.registry.records.resource import REPORTERS
from services.registry.records.statements import (
    EVER_RECORDED_SQL,
    condition_sql,
    quote_column,
    reference_columns,
)
from services.registry.records.visibility import visibility_conditions
from services.registry.tables import RECORD_TABLES, SCHEMA
from shared.facts.belonging import UNITS
from shared.facts.columns import ColumnType
from shared.facts.tables import FACT_KINDS
from shared.http.tokens import REGION_WIDE


def reported_row_sql(name: str) -> str:
    """Query of what a `report` reports, as a row of the kind's table, and of what marks it."""
    return (
        "SELECT report.id AS report_id, report.unit_id AS report_unit,"
        " report.region_code AS report_region, report.reported_at AS report_at, fact.*"
        f" FROM {fact_row_sql(name)} AS fact"
    )


def fact_row_sql(name: str) -> str:
    """What a report reports, as a row of the kind's table."""
    marks = "jsonb_build_object('office', report.office, 'recorded_for', report.reported_for)"
    return f"jsonb_populate_record(NULL::{SCHEMA}.{name}, report.fact || {marks})"


def sees_report_sql(name: str) -> str:
    """Condition for what the caller may see, of rows of `reported_row_sql` as `found`."""
    rows = RECORD_TABLES[name].alias("found")
    seen = " OR ".join(condition_sql(rows, each) for each in visibility_conditions(name, rows))
    roles = ", ".join(f"'{role}'" for role in sorted(REGION_WIDE))
    of_office = (
        f"%(scope_role)s::text IN ({roles})"
        " AND starts_with(found.report_region, %(scope_region)s::text)"
    )
    return f"({of_office} OR {is_own_sql()} OR NOT {refers_elsewhere_sql(name)} AND ({seen}))"


def is_own_sql() -> str:
    """Condition for what the caller's unit reported, while its id means that unit."""
    roles = ", ".join(f"'{role}'" for role in REPORTERS)
    was_given_again = is_given_again_sql(UNITS, "found.office", "found.report_unit")
    return (
        f"(%(scope_role)s::text IN ({roles}) AND found.office = %(scope_office)s::text"
        f" AND found.report_unit = %(scope_unit)s::text AND NOT {was_given_again})"
    )


def refers_elsewhere_sql(name: str) -> str:
    """Condition for `found` reports that refer to what is gone, or may be another thing by now."""
    conditions = ["false"]
    for column in reference_columns(name):
        stored = f"found.{quote_column(column.name)}"
        target = column.refers or ""
        if column.kind is ColumnType.words:
            one = is_given_again_sql(target, "found.office", "one")
            conditions.append(f"EXISTS (SELECT FROM unnest({stored}) AS one WHERE {one})")
        else:
            conditions.append(is_given_again_sql(target, "found.office", stored))
    return f"({' OR '.join(conditions)})"


def is_given_again_sql(target: str, office: str, stored: str) -> str:
    """Condition that an id has led to nothing at any time since the `found` report.

    What only was corrected is followed by a version of the same moment.
    """
    (key,) = FACT_KINDS[target].key
    named = f"past.office = {office} AND past.{key} = {stored}"
    if target == UNITS:  # which may be of an office above, as is written before the id
        named = (
            f"(past.office, past.{key}) = (CASE WHEN {stored} ~ '^[0-9]{{6}}:'"
            f" THEN left({stored}, 6) ELSE {office} END,"
            f" CASE WHEN {stored} ~ '^[0-9]{{6}}:' THEN substr({stored}, 8) ELSE {stored} END)"
        )
    return f"""EXISTS (
        SELECT FROM {SCHEMA}.{target} AS past
        WHERE {named} AND past.superseded_at > found.report_at AND NOT EXISTS (
            SELECT FROM {SCHEMA}.{target} AS next
            WHERE next.office = past.office AND next.{key} = past.{key}
                AND next.recorded_at = past.superseded_at
                AND {EVER_RECORDED_SQL.replace("superseded_at", "next.superseded_at")}))"""

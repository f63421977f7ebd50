"""SQL of voiding and taking back: rows of a kind at a time, with their audit rows and events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.audit_and_events import AUDIT_PARAMETERS
from services.registry.records.statements import (
    Statement,
    compile_statement,
    fact_columns_sql,
    quote_column,
)
from services.registry.tables import SCHEMA, derived_columns
from services.registry.voids.rules import FoundRecord
from shared.database.audit import audit_insert_sql, build_caller_values
from shared.database.sessions import get_driver_connection
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS
from shared.http.tokens import Caller

TOLD_SQL = """
    SELECT * FROM unnest(%(versions)s::bigint[], %(subjects)s::text[], %(regions)s::text[])
        AS told (version, subject, region)"""
TRAIL_PARAMETERS = {**AUDIT_PARAMETERS, "subject": "subject", "region_code": "region"}
# Both rows of each `change`, with a subject and a region of its own.
TRAIL_SQL = f"""
    event AS (
        INSERT INTO {SCHEMA}.events (kind, subject, region_code, office, data, at)
        SELECT %(action)s::text, subject, region, %(office)s::text, after, at FROM change
        ORDER BY version
    ), trail AS (
        {audit_insert_sql(SCHEMA, TRAIL_PARAMETERS, "change ORDER BY version")}
    )"""


async def void_records(
    session: AsyncSession,
    kind: str,
    records: Sequence[FoundRecord],
    void_id: int,
    *,
    who: Caller,
    reason: str,
    at: datetime,
) -> None:
    """Empty the keys of current records of a kind; none of them has a successor."""
    values = {"void_id": void_id, "reason": reason, "action": f"{kind}.voided"}
    await run(session, void_statement(kind), records, values, who=who, at=at)


async def restore_records(
    session: AsyncSession,
    kind: str,
    records: Sequence[FoundRecord],
    *,
    who: Caller,
    why: str,
    at: datetime,
) -> None:
    """Write voided records of a kind again, as new versions of whoever's figures they were."""
    values = {"why": why, "action": f"{kind}.recorded"}
    await run(session, restore_statement(kind), records, values, who=who, at=at)


async def run(
    session: AsyncSession,
    statement: Statement,
    records: Sequence[FoundRecord],
    values: Mapping[str, Any],
    *,
    who: Caller,
    at: datetime,
) -> None:
    told = {
        "versions": [each.version for each in records],
        "subjects": [each.subject for each in records],
        "regions": [each.region for each in records],
    }
    driver = await get_driver_connection(session)
    parameters = {**values, **told, **build_caller_values(who), "at": at}
    await driver.execute(statement.text, *statement.arguments(parameters))


def void_statement(name: str) -> Statement:
    return compile_statement(f"""
        WITH told AS ({TOLD_SQL}), gone AS (
            UPDATE {SCHEMA}.{name} SET superseded_at = %(at)s::timestamptz
            WHERE version = ANY(%(versions)s::bigint[]) RETURNING {SCHEMA}.{name}.*
        ), kept AS (
            INSERT INTO {SCHEMA}.voided_records (kind, version, void_id, office, subject)
            SELECT '{name}', version, %(void_id)s::bigint, %(office)s::text, subject FROM told
        ), change AS (
            SELECT gone.version, told.subject, told.region, %(at)s::timestamptz AS at,
                (SELECT to_jsonb(fact) FROM (SELECT {fact_columns_sql(name, "gone")}) AS fact
                ) AS before,
                jsonb_build_object('version', version, 'void_id', %(void_id)s::bigint,
                    'reason', %(reason)s::text) AS after
            FROM gone JOIN told USING (version)
        ), {TRAIL_SQL} SELECT""")


def restore_statement(name: str) -> Statement:
    """Statement that appends the facts of old versions, in their order.

    Old and new versions are paired by this order: identities grow in that of the rows.
    """
    columns = [*(column.name for column in FACT_COLUMNS[name]), *derived_columns(FACT_KINDS[name])]
    copied = ", ".join(map(quote_column, columns))
    return compile_statement(f"""
        WITH told AS ({TOLD_SQL}), added AS (
            INSERT INTO {SCHEMA}.{name} (office, {copied}, recorded_at, recorded_by, recorded_for,
                why, reported_by, reported_at)
            SELECT office, {copied}, %(at)s::timestamptz, %(who)s::text, recorded_for,
                %(why)s::text, reported_by, reported_at
            FROM {SCHEMA}.{name} WHERE version = ANY(%(versions)s::bigint[])
            ORDER BY version RETURNING *
        ), new AS (
            SELECT *, row_number() OVER (ORDER BY version) AS restored_nth FROM added
        ), old AS (
            SELECT subject, region, row_number() OVER (ORDER BY version) AS restored_nth FROM told
        ), change AS (
            SELECT new.version, old.subject, old.region, %(at)s::timestamptz AS at,
                NULL::jsonb AS before,
                (SELECT to_jsonb(fact)
                    FROM (SELECT {fact_columns_sql(name, "new")}, new.version) AS fact) AS after
            FROM new JOIN old USING (restored_nth)
        ), {TRAIL_SQL} SELECT""")

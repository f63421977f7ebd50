"""Voids as they are told: listed, read with their records, and the facts that are void now."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.statements import (
    VOID_SQL,
    Statement,
    compile_statement,
    quote_column,
    record_json_sql,
)
from services.registry.records.visibility import VOIDED_RECORDS, VOIDS
from services.registry.tables import RECORD_TABLES, SCHEMA
from services.registry.voids.rules import MAX_NAMED
from services.registry.voids.schemas import VoidDocument, VoidedRecord, VoidRead
from shared.database.sessions import get_driver_connection
from shared.facts.belonging import PROJECT_ID
from shared.facts.tables import FACT_KINDS
from shared.http.list_orders import ListOrder, order_page
from shared.http.pages import Paging
from shared.http.questions import Question
from shared.offices import NO_OFFICE, parse_id
from shared.problems import NotFound

COUNTS = (
    sa.select(sa.func.jsonb_object_agg(sa.column("kind"), sa.column("number")))
    .select_from(
        sa.select(VOIDED_RECORDS.c.kind, sa.func.count().label("number"))
        .where(VOIDED_RECORDS.c.void_id == VOIDS.c.id)
        .group_by(VOIDED_RECORDS.c.kind)
        .correlate(VOIDS)
        .subquery()
    )
    .scalar_subquery()
)


@dataclass(frozen=True)
class RecordFilters:
    """Filters of voided records; None does not filter."""

    project_id: str | None = None
    void_id: int | None = None
    in_force: bool | None = None


async def list_voids(
    session: AsyncSession,
    question: Question,
    paging: Paging,
    *,
    kind: str | None,
    project_id: str | None,
    in_force: bool | None,
    order: ListOrder,
) -> list[VoidRead]:
    """List voids of a question, one more than a page has."""
    query = sa.select(VOIDS, COUNTS.label("counts")).where(question_condition(question))
    if kind is not None:
        of_kind = sa.select(VOIDED_RECORDS.c.void_id).where(VOIDED_RECORDS.c.kind == kind)
        query = query.where(VOIDS.c.id.in_(of_kind))
    if project_id is not None:
        query = query.where(VOIDS.c.id.in_(voids_of_project(project_id, question.office)))
    if in_force is not None:
        query = query.where(VOIDS.c.taken_back_at.is_(None).is_(in_force))
    query = order_page(query, paging, VOIDS.c.id, falling=order is ListOrder.latest)
    rows = (await (await session.connection()).execute(query)).mappings()
    return [build_void_read(row) for row in rows]


async def load_void(session: AsyncSession, void_id: int, question: Question) -> VoidRead:
    """Load a void. Raises NotFound."""
    query = sa.select(VOIDS, COUNTS.label("counts")).where(
        VOIDS.c.id == void_id, question_condition(question)
    )
    row = (await (await session.connection()).execute(query)).mappings().first()
    if row is None:
        raise NotFound("没有这次作废", "There is no such void.")
    return build_void_read(row)


async def load_document(session: AsyncSession, void_id: int, question: Question) -> VoidDocument:
    """Load a void with the first of its records. Raises NotFound."""
    void, records = await load_void(session, void_id, question), list[VoidedRecord]()
    asked = RecordFilters(void_id=void_id)
    for name in void.counts:
        left = Paging(0, MAX_NAMED - len(records))
        found = await list_voided_records(session, question, left, name, asked)
        records += found[: left.limit]
    return VoidDocument(**void.model_dump(), records=records)


async def list_voided_records(
    session: AsyncSession, question: Question, paging: Paging, kind: str, filters: RecordFilters
) -> list[VoidedRecord]:
    """List voided records of a kind by version, each with the version before it.

    One more than a page has.
    """
    statement, driver = RECORDS_STATEMENTS[kind], await get_driver_connection(session)
    project = filters.project_id and parse_id(filters.project_id, question.office).id
    values = {
        **vars(filters),
        "project_id": project,
        "office": question.office or None,
        "region": question.region,
        "asked": question.office,
        "after": paging.after,
        "limit": paging.limit + 1,
    }
    rows = await driver.fetch(statement.text, *statement.arguments(values))
    return [
        VoidedRecord.model_validate(
            {
                "kind": kind,
                "version": row["version"],
                "subject": row["subject"],
                "record": json.loads(row["line"]),
                "previous": json.loads(row["previous"]) if row["previous"] else None,
            }
        )
        for row in rows
    ]


def build_records_statement(name: str) -> Statement:
    """Build the query of the voided records of a kind: `line`, and `previous`, the one before."""
    table, kind = f"{SCHEMA}.{name}", FACT_KINDS[name]
    line = record_json_sql(name, VOID_SQL.format(name))
    same = "".join(
        f" AND t.{part} IS NOT DISTINCT FROM found.{part}" for part in map(quote_column, kind.key)
    )
    before = f"""
        SELECT * FROM {table} AS t
        WHERE t.office = found.office{same} AND t.version < found.version
        ORDER BY t.version DESC LIMIT 1"""
    previous = f"(SELECT {record_json_sql(name)} FROM ({before}) AS found)"
    of_project = PROJECT_ID if PROJECT_ID in kind.column_names else "NULL::text"
    shown = f"""
        SELECT {line}, {previous if kind.key else "NULL::text"} AS previous, {of_project} AS project
        FROM (SELECT * FROM {table} WHERE version = kept.version) AS found"""
    return compile_statement(f"""
        SELECT kept.version, kept.subject, shown.line, shown.previous
        FROM {SCHEMA}.voided_records AS kept JOIN {SCHEMA}.voids AS its ON its.id = kept.void_id
        CROSS JOIN LATERAL ({shown}) AS shown
        WHERE kept.kind = '{name}' AND kept.version > %(after)s::bigint
            AND (%(void_id)s::bigint IS NULL OR its.id = %(void_id)s::bigint)
            AND (%(office)s::text IS NULL OR its.office = %(office)s::text)
            AND starts_with(its.region_code, %(region)s::text)
            AND (%(project_id)s::text IS NULL OR shown.project = %(project_id)s::text)
            AND (%(in_force)s::boolean IS NULL
                OR (its.taken_back_at IS NULL) = %(in_force)s::boolean)
        ORDER BY kept.version LIMIT %(limit)s::bigint""")


RECORDS_STATEMENTS = {name: build_records_statement(name) for name in FACT_KINDS}


def voids_of_project(project_id: str, office: str) -> sa.Select[tuple[int]]:
    """Query of the voids that withdrew a project, or something of it."""
    of_office, plain = parse_id(project_id, office)
    found = []
    for name, rows in RECORD_TABLES.items():
        if PROJECT_ID not in rows.c:
            continue
        found.append(
            sa.select(VOIDED_RECORDS.c.void_id)
            .join(rows, rows.c.version == VOIDED_RECORDS.c.version)
            .where(
                VOIDED_RECORDS.c.kind == name,
                rows.c.office == of_office,
                rows.c[PROJECT_ID] == plain,
            )
        )
    of_project = sa.union_all(*found).subquery()
    return sa.select(of_project.c.void_id)


def question_condition(question: Question) -> sa.ColumnElement[bool]:
    """Condition for the voids of a question."""
    within = VOIDS.c.region_code.startswith(question.region, autoescape=True)
    if question.office == NO_OFFICE:
        return within
    return within & (VOIDS.c.office == question.office)


def build_void_read(row: Mapping[Any, Any]) -> VoidRead:
    counts = {name: row["counts"][name] for name in FACT_KINDS if name in row["counts"]}
    return VoidRead.model_validate({**row, "counts": counts, "count": sum(counts.values())})

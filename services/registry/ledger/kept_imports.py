"""Imports as they are kept: found, listed, changed; large columns are loaded apart."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.ledger import rules
from services.registry.ledger.own_sheets import read_questions
from services.registry.ledger.schemas import ImportRead, ImportState
from services.registry.tables import METADATA, SCHEMA
from shared.facts.tables import sheet_title
from shared.http.list_orders import ListOrder, order_page
from shared.http.pages import Paging, build_page
from shared.http.tokens import Caller
from shared.problems import NotFound

IMPORTS = METADATA.tables[f"{SCHEMA}.imports"]
QUESTION_COUNT = sa.func.jsonb_array_length(IMPORTS.c.questions)
LARGE_COLUMNS = {"facts", "file"}
LONG_COLUMNS = {"findings", "questions"}  # that are not listed
READ_COLUMNS: list[sa.ColumnElement[Any]] = [
    *(column for column in IMPORTS.c if column.name not in LARGE_COLUMNS),
    sa.case((sa.func.jsonb_typeof(IMPORTS.c.questions) == "array", QUESTION_COUNT), else_=0).label(
        "open_questions"
    ),
]


async def find_import(
    session: AsyncSession, import_id: int, who: Caller, *, lock: bool = False
) -> Mapping[str, Any]:
    query = sa.select(*READ_COLUMNS).where(IMPORTS.c.id == import_id, import_region_condition(who))
    if lock:
        query = query.with_for_update()
    row = (await (await session.connection()).execute(query)).mappings().first()
    if row is None:
        raise NotFound("没有这次导入", "There is no such import.")
    return dict(row)


async def list_imports(
    session: AsyncSession, who: Caller, paging: Paging, order: ListOrder, *, with_totals: bool
) -> dict[str, Any]:
    """A page of the imports of the caller's region."""
    listed = [column for column in READ_COLUMNS if column.name not in LONG_COLUMNS]
    visible, latest_first = import_region_condition(who), order is ListOrder.latest
    query = sa.select(*listed).where(visible)
    query = order_page(query, paging, IMPORTS.c.id, falling=latest_first)
    rows = (await (await session.connection()).execute(query)).mappings()
    found = [{**row, "state": rules.import_state(dict(row))} for row in rows]
    totals = None
    if with_totals:
        count = sa.select(sa.func.count()).select_from(IMPORTS).where(visible)
        totals = {"count": await session.scalar(count)}
    page = build_page(found, paging, lambda row: row["id"])
    return {**page, "totals": totals}


async def load_packed_facts(session: AsyncSession, import_id: int) -> bytes | None:
    """Load the facts of an import; None once they are applied."""
    return await session.scalar(sa.select(IMPORTS.c.facts).where(IMPORTS.c.id == import_id))


async def update_import(session: AsyncSession, import_id: int, values: Mapping[str, Any]) -> None:
    statement = sa.update(IMPORTS).where(IMPORTS.c.id == import_id).values(values)
    await (await session.connection()).execute(statement)


def import_region_condition(who: Caller) -> sa.ColumnElement[bool]:
    return IMPORTS.c.region_code.startswith(who.region) | (IMPORTS.c.office == who.office)


def build_import_read(row: Mapping[str, Any], *, english: bool = False) -> ImportRead:
    """Build the response from a row of `imports` without its facts."""
    state, done, findings = rules.import_state(row), row["progress"] or {}, row["findings"]
    progress = {name: {"done": done.get(name, 0), "of": of} for name, of in row["counts"].items()}
    total = {key: sum(each[key] for each in progress.values()) for key in ("done", "of")}
    derived = {
        "state": state,
        "questions": read_questions(row),
        "finding_groups": rules.group_findings(row["findings"]),
        "progress": progress if state is ImportState.applying else None,
        "progress_total": total if state is ImportState.applying else None,
        "findings": [{**each, "sheet_title": sheet_title(each["sheet"])} for each in findings],
        "problem": row["problem"]["en" if english else "zh"]
        if state is ImportState.failed
        else None,
    }
    return ImportRead.model_validate({**row, **derived})

"""Facts of a region as known at a moment; in columns or as lines."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pyarrow as pa
import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records import queries
from services.registry.records.rules import refuse_future
from services.registry.records.visibility import caller_scope, narrow_scope, scope_condition
from services.registry.tables import RECORD_TABLES, SCHEMA
from shared.database import outbox
from shared.facts.tables import FACT_COLUMNS
from shared.http.tokens import Caller
from shared.offices import OFFICE_DIGITS
from shared.problems import NotFound

STREAM_BATCH_ROWS = 1 << 16


async def load_settled_moment(session: AsyncSession) -> datetime:
    """Load a moment before which nothing will change any more."""
    return await outbox.begin_write(session, SCHEMA)


async def load_offices(session: AsyncSession, region: str, who: Caller) -> list[str]:
    """Load the codes of the offices that recorded what a caller may see of a region."""
    scope = narrow_scope(caller_scope(who), region)
    if scope is None:
        return []
    units = RECORD_TABLES["units"]
    office = sa.func.rpad(sa.func.left(units.c.recorded_for, OFFICE_DIGITS), OFFICE_DIGITS, "0")
    query = sa.select(office).distinct().where(scope_condition("units", scope)).order_by(office)
    return list((await (await session.connection()).scalars(query)).all())


async def load_facts(
    session: AsyncSession, table: str, *, known_at: datetime | None, region: str, who: Caller
) -> pa.Table:
    """Load a table of facts of a region, now or as known at a moment.

    Raises NotFound for a table that is none and a region out of scope, NotYet for a moment to come.
    """
    if table not in FACT_COLUMNS:
        raise NotFound(f"没有 {table} 这张表", f"There is no table {table}.")
    scope = narrow_scope(caller_scope(who), region)
    if scope is None:
        raise NotFound(f"没有 {region} 的数据", f"There is nothing of {region}.")
    settled = await load_settled_moment(session)
    refuse_future(known_at, settled)
    moment = (known_at or settled).astimezone(UTC)
    return await queries.load_fact_table(session, table, scope, moment)


def stream_arrow(table: pa.Table) -> Iterator[bytes]:
    """Yield a table as an Arrow IPC stream, piece by piece."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as out:
        for batch in table.to_batches(STREAM_BATCH_ROWS):
            out.write_batch(batch)
            yield drain_buffer(sink)
    yield drain_buffer(sink)


def stream_json_lines(table: pa.Table) -> Iterator[bytes]:
    """Yield a JSON object a row; dates and decimals are texts."""
    for batch in table.to_batches(STREAM_BATCH_ROWS):
        lines = (json.dumps(row, ensure_ascii=False, default=str) for row in batch.to_pylist())
        yield "".join(line + "\n" for line in lines).encode()


def drain_buffer(sink: io.BytesIO) -> bytes:
    content = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return content

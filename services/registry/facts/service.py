"""Facts of a region as known at a moment; in columns or as lines."""

import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records import queries
from services.registry.records.addresses import RecordQuestion
from services.registry.records.rules import refuse_future
from services.registry.tables import SCHEMA, Turn
from shared.database import outbox
from shared.facts.tables import FACT_KINDS
from shared.problems import NotFound

STREAM_BATCH_ROWS = 1 << 16


async def load_offices(session: AsyncSession, question: RecordQuestion) -> list[str]:
    """Load the codes of the offices that have something of a question, in order."""
    query = queries.offices_query(question.scope)
    if question.rows_of is not None:
        query = query.where(col(Turn.office) == question.rows_of)
    return [*(await (await session.connection()).scalars(query))]


async def load_settled_moment(
    session: AsyncSession, question: RecordQuestion, offices: Sequence[str]
) -> datetime:
    """Load a moment before which nothing of a question and its offices will change any more.

    Of several offices it is the least. The turn of an office of which the caller sees nothing is
    not taken: whoever may ask would hold up whoever writes there.
    """
    turns = turns_of(question, offices)
    if not turns:
        return await outbox.read_clock(session)
    return min(await outbox.begin_writes(session, SCHEMA, turns))


async def load_facts(
    session: AsyncSession, table: str, question: RecordQuestion, *, known_at: datetime | None
) -> pa.Table:
    """Load a table of facts of a question, now or as known at a moment.

    Raises NotFound for a table that is none, NotYet for a moment to come.
    """
    if table not in FACT_KINDS:
        raise NotFound(f"没有 {table} 这张表", f"There is no table {table}.")
    offices = [] if question.rows_of is not None else await load_offices(session, question)
    if known_at is None or not await is_settled(session, turns_of(question, offices), known_at):
        settled = await load_settled_moment(session, question, offices)
        refuse_future(known_at, settled)
        known_at = known_at or settled
    return await queries.load_fact_table(session, table, question, known_at.astimezone(UTC))


def turns_of(question: RecordQuestion, offices: Sequence[str]) -> Sequence[str]:
    """The offices whose turns settle a question; one that is named may be about to write."""
    named = question.rows_of
    if offices or named is None or not question.is_in_sight:
        return offices
    return [named]


async def is_settled(session: AsyncSession, offices: Sequence[str], known_at: datetime) -> bool:
    """Whether all of some offices were given a moment after this one: no turn need be taken."""
    later = sa.select(sa.func.count()).where(
        col(Turn.office) == sa.any_(sa.literal(offices, ARRAY(sa.Text()))), col(Turn.at) >= known_at
    )
    return (await (await session.connection()).scalar(later)) == len(offices)


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

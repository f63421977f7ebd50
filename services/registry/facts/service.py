"""Facts of a region as known at a moment; in columns or as lines."""

import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pyarrow as pa
import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records import queries
from services.registry.records.addresses import RecordQuestion
from services.registry.records.rules import refuse_future
from services.registry.records.visibility import scope_condition, validity_condition
from services.registry.tables import METADATA, RECORD_TABLES, SCHEMA, Turn
from shared.database import outbox
from shared.facts.belonging import OfAnyProject, OfOffice, OfProjectOrUnit, OfRegion
from shared.facts.tables import FACT_KINDS
from shared.offices import office_code
from shared.problems import NotFound

STREAM_BATCH_ROWS = 1 << 16
# Kinds whose rows need hang on no other; what else an office may have hangs on them.
ALONE = OfRegion | OfOffice | OfProjectOrUnit | OfAnyProject


async def load_offices(session: AsyncSession, question: RecordQuestion) -> list[str]:
    """Load the codes of the offices that have something of a question, in order."""
    turns = METADATA.tables[f"{SCHEMA}.turns"]
    has_rows = [
        sa.select(sa.literal(1))
        .where(
            RECORD_TABLES[name].c.office == turns.c.office,
            validity_condition(RECORD_TABLES[name]),
            scope_condition(name, question.scope),
        )
        .correlate(turns)
        .exists()
        for name, kind in FACT_KINDS.items()
        if isinstance(kind.belongs, ALONE)
    ]
    query = sa.select(turns.c.office).where(sa.or_(*has_rows)).order_by(turns.c.office)
    if question.rows_of is not None:
        query = query.where(turns.c.office == question.rows_of)
    return list((await (await session.connection()).scalars(query)).all())


async def load_settled_moment(
    session: AsyncSession, question: RecordQuestion, offices: Sequence[str]
) -> datetime:
    """Load a moment before which nothing of some offices will change any more.

    Of several it is the least. Their turns are taken in order, so that two readers never wait for
    each other.
    """
    asked = offices or [question.rows_of or office_code("")]
    return min([await outbox.begin_write(session, SCHEMA, office) for office in sorted(asked)])


async def load_facts(
    session: AsyncSession, table: str, question: RecordQuestion, *, known_at: datetime | None
) -> pa.Table:
    """Load a table of facts of a question, now or as known at a moment.

    Raises NotFound for a table that is none, NotYet for a moment to come.
    """
    if table not in FACT_KINDS:
        raise NotFound(f"没有 {table} 这张表", f"There is no table {table}.")
    if known_at is None or not await is_settled(session, question, known_at):
        offices = await load_offices(session, question)
        settled = await load_settled_moment(session, question, offices)
        refuse_future(known_at, settled)
        known_at = known_at or settled
    return await queries.load_fact_table(session, table, question, known_at.astimezone(UTC))


async def is_settled(session: AsyncSession, question: RecordQuestion, known_at: datetime) -> bool:
    """Whether an office was given a moment later than this one: then no turn need be taken."""
    query = select(Turn.at).where(col(Turn.office) == question.rows_of, col(Turn.at) >= known_at)
    return (await session.exec(query)).first() is not None


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

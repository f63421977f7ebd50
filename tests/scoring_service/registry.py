"""A registry that knows a few ledgers, each from a moment on, and tells them as the real one does.

It is not a mock: it speaks the contract of `/v1/facts` over HTTP, and nothing of it is told in
advance what to answer.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import pyarrow as pa
from fastapi import FastAPI, Response

from shared.facts import Facts

SETTLED = datetime(2023, 1, 9, 1, 0, tzinfo=UTC)
Known = tuple[datetime, Facts]


def registry_of(known: Sequence[Known], asked: list[dict[str, str]]) -> FastAPI:
    """`known` in order of time; `asked` collects what it was asked for."""
    app = FastAPI()

    @app.get("/v1/facts")
    async def settled() -> dict[str, datetime]:
        return {"known_at": SETTLED}

    @app.get("/v1/facts/{table}")
    async def facts(table: str, known_at: datetime, region: str) -> Response:
        asked.append({"table": table, "region": region})
        found = [facts for since, facts in known if since <= known_at][-1].tables[table]
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, found.schema) as stream:
            stream.write_table(found, max_chunksize=50)
        return Response(sink.getvalue().to_pybytes(), media_type="application/vnd.apache.arrow")

    return app

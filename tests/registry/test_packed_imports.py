"""Imports that wait are unpacked by name, also those that were packed before tables had names."""

import io

import httpx
import pyarrow as pa
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.facts.packed_facts import TABLE_NAME, pack_part, unpack_part, whole_ledger
from shared.facts.tables import Facts, UnknownFacts
from tests.paths import GOLDEN
from tests.registry.clients import apply, facts_of, ledger, upload, zipped

TABLES_THEN = "units projects plans milestones progress permits funds problems pauses indicators"


def pack_as_then(facts: Facts, tables: str = TABLES_THEN) -> bytes:
    """What an import of before was packed by: all of then's tables in order, without names."""
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    for name in tables.split():
        with pa.ipc.new_stream(sink, facts.tables[name].schema, options=options) as out:
            out.write_table(facts.tables[name])
    return sink.getvalue()


def pack_table(name: str, table: pa.Table) -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema.with_metadata({TABLE_NAME: name})) as out:
        out.write_table(table)
    return sink.getvalue()


@pytest.mark.parametrize("name", ["small", "county"])
def test_what_is_packed_is_unpacked(name: str) -> None:
    assert unpack_part(pack_part(whole_ledger(ledger(name)))).facts == ledger(name)
    assert unpack_part(pack_part(whole_ledger(Facts.from_columns({})))).facts == Facts.from_columns(
        {}
    )


@pytest.mark.parametrize("tables", [TABLES_THEN, TABLES_THEN.removesuffix(" indicators")])
def test_what_was_packed_without_names_is_unpacked(tables: str) -> None:
    assert unpack_part(pack_as_then(ledger("county"), tables)).facts == ledger("county")


def test_order_and_columns_of_then_do_not_matter() -> None:
    facts = ledger("small")
    units = facts.tables["units"]
    fewer = units.select([*reversed(units.column_names)]).drop_columns(["region_code"])
    packed = pack_table("projects", facts.tables["projects"]) + pack_table("units", fewer)
    found = unpack_part(packed).facts.tables
    assert found["projects"] == facts.tables["projects"]
    assert found["units"].drop_columns(["region_code"]) == units.drop_columns(["region_code"])
    assert found["units"]["region_code"].null_count == units.num_rows
    assert found["units"].schema == units.schema


def test_what_the_models_no_longer_know_is_told() -> None:
    units = ledger("small").tables["units"]
    with pytest.raises(UnknownFacts, match="units 表的模型里已没有 chief 列"):
        unpack_part(pack_table("units", units.append_column("chief", units["name"])))
    with pytest.raises(UnknownFacts, match="模型里已没有 zones 表"):
        unpack_part(pack_table("zones", units))


async def test_an_import_that_waits_since_then_is_applied(
    office: httpx.AsyncClient, connection: AsyncConnection
) -> None:
    uploaded = await upload(office, zipped(GOLDEN / "county"))
    packed = {"packed": pack_as_then(ledger("county")), "id": uploaded["id"]}
    await connection.execute(text("UPDATE registry.imports SET facts=:packed WHERE id=:id"), packed)

    await apply(office, uploaded["id"])

    assert await facts_of(office) == ledger("county")

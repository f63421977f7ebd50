"""Upload → checked preview → apply, all or nothing."""

import asyncio
import hashlib
import io
import tempfile
import zipfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.ledger import rules
from services.registry.ledger.schemas import ImportRead
from services.registry.records import merging, reading
from services.registry.records.scope import scope_of
from services.registry.records.telling import tell
from services.registry.tables import SCHEMA, Import
from shared import outbox
from shared.facts import TABLES, Facts
from shared.ledger.files import DAMAGED
from shared.ledger.read import Reading, read_ledger
from shared.ledger.write import write_ledger
from shared.problems import NotFound
from shared.reference import regions
from shared.tokens import Caller

MOST_BYTES = 200 * 1024 * 1024  # of an upload, and of what a ZIP unpacks to
WORKBOOK = "xl/workbook.xml"  # what a ZIP has inside that is a workbook


async def upload(
    session: AsyncSession, name: str, content: bytes, *, who: Caller, now: datetime
) -> ImportRead:
    if len(content) > MOST_BYTES:
        raise rules.LedgerTooLarge(f"不得超过 {MOST_BYTES} 字节", f"At most {MOST_BYTES} bytes.")
    found = await asyncio.to_thread(read_upload, name, content)

    uploaded = Import(
        uploaded_at=now,
        uploaded_by=who.name,
        region_code=who.region,
        name=name,
        digest=hashlib.sha256(content).hexdigest(),
        errors=len(found.errors),
        warnings=len(found.warnings),
        findings=[asdict(finding) for finding in found.findings],
        counts=dict(found.counts),
        facts=None if found.errors else packed(found.facts),
    )

    session.add(uploaded)
    await session.flush()
    return read(uploaded)


async def apply(session: AsyncSession, import_id: int, *, who: Caller) -> ImportRead:
    """Merge the facts into the records, once; asked again it only tells what it did."""
    at = await outbox.writing(session, SCHEMA)
    chosen = await find(session, import_id, who)
    if chosen.errors:
        raise rules.LedgerRefused(
            f"有 {chosen.errors} 处错误", f"{chosen.errors} error(s).", findings=chosen.findings
        )
    if chosen.applied_at:
        return read(chosen)
    assert chosen.facts is not None
    facts = unpacked(chosen.facts)

    changes = await merging.merge(session, facts, who, f"imports/{import_id}", at=at)

    chosen.applied_at, chosen.applied_by, chosen.facts = at, who.name, None
    chosen.changes = {name: asdict(change) for name, change in changes.items()}
    session.add(chosen)
    tell(
        session,
        "ledger.imported",
        f"imports/{import_id}",
        who=who,
        at=at,
        region=chosen.region_code,
        after={"digest": chosen.digest, "changes": chosen.changes},
    )
    return read(chosen)


async def find(session: AsyncSession, import_id: int, who: Caller) -> Import:
    found = await session.get(Import, import_id)
    if found is None or not found.region_code.startswith(who.region):
        raise NotFound("没有这次导入", "There is no such import.")
    return found


async def export(session: AsyncSession, who: Caller) -> bytes:
    """All that the caller may see, as a workbook that can be imported again."""
    scope = scope_of(who)
    facts = Facts({name: await reading.known(session, name, scope) for name in TABLES})
    return await asyncio.to_thread(workbook, facts)


def read(given: Import) -> ImportRead:
    state = rules.state(given.errors, given.applied_at)
    return ImportRead.model_validate({**given.model_dump(exclude={"facts"}), "state": state})


def read_upload(name: str, content: bytes) -> Reading:
    """A workbook, or a ZIP of CSV files; whatever else it is, the ledger reader says so."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "ledger"
        if not (is_folder(content) and unpacked_into(folder, content)):
            path = folder.with_suffix(".xlsx")
            path.write_bytes(content)
            return read_ledger(path, regions())
        return read_ledger(folder, regions())


def is_folder(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            return WORKBOOK not in files.namelist()
    except DAMAGED:
        return False


def unpacked_into(folder: Path, content: bytes) -> bool:
    """Whether the CSV files of a ZIP could be unpacked; a damaged or encrypted one cannot."""
    folder.mkdir()
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        sizes = {item.filename: item.file_size for item in files.infolist()}
        names = rules.csv_names(sizes, MOST_BYTES)
        try:
            for inside, file in names.items():
                (folder / file).write_bytes(files.read(inside))
        except DAMAGED:
            return False
    return True


def workbook(facts: Facts) -> bytes:
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "ledger.xlsx"
        write_ledger(facts, path)
        return path.read_bytes()


def packed(facts: Facts) -> bytes:
    """The tables one after the other, as Arrow streams."""
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    for name in TABLES:
        with pa.ipc.new_stream(sink, facts.tables[name].schema, options=options) as out:
            out.write_table(facts.tables[name])
    return sink.getvalue()


def unpacked(content: bytes) -> Facts:
    source = pa.BufferReader(content)
    return Facts({name: pa.ipc.open_stream(source).read_all() for name in TABLES})

"""Answers to what an own sheet leaves open: kept in its mapping, and the file is read anew."""

import asyncio
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.ledger import kept_imports, rules, service
from services.registry.ledger.files import UploadReading, stopped_reading
from services.registry.ledger.own_sheets import read_own_sheet
from services.registry.ledger.schemas import ImportRead
from services.registry.mappings import service as mappings
from services.registry.review_tables import Mapping as KeptMapping
from services.registry.uploaders import Uploader
from shared.child_processes.errors import ChildKilled
from shared.child_processes.limits import upload_limits
from shared.http.uploads import UPLOAD_NAME, StoredUpload
from shared.mapping.model import ImportMapping
from shared.problems import Stale

NOT_ASKED_FOR = {"asked_at": None, "asked_by": None, "progress": None, "problem": None}


async def answer_questions(
    session: AsyncSession,
    import_id: int,
    answers: Mapping[str, str],
    by: Uploader,
    *,
    now: datetime,
    english: bool,
) -> ImportRead:
    """Read the file of an import anew with these answers; one that is applied is only read.

    Raises NotFound, OtherOffice, NothingAsked, MappingMistake where the mapping would hold too
    much, and MappingChanged where another was quicker.
    """
    who = by.who
    async with by.reading() as reading:
        row = await kept_imports.find_import(reading, import_id, who)
        rules.refuse_plain_ledger(row, who.office)
        if rules.is_decided(row):
            return kept_imports.build_import_read(row, english=english)
        kept = await mappings.load_mapping(reading, who.office, row["mapping"]["name"])
        query = sa.select(kept_imports.IMPORTS.c.file).where(kept_imports.IMPORTS.c.id == import_id)
        content = await reading.scalar(query) or b""
    given = {**row["mapping"]["once"], **answers}
    found, mapping = await read_kept_file(content, row["name"], row["digest"], kept, given, by)
    found = await service.check_reading(session, found, who, now)

    row = await kept_imports.find_import(session, import_id, who, lock=True)
    if rules.is_decided(row):
        return kept_imports.build_import_read(row, english=english)
    try:
        written = await mappings.store_mapping(
            session, mapping, who=who, why=f"imports/{import_id}", expected=kept.version
        )
    except Stale as changed:
        raise rules.MappingChanged(
            f"请再答一次：“{kept.name}”刚有了新的一版",
            "Answer again: it has a new version.",
        ) from changed
    values = service.reading_values(found) | NOT_ASKED_FOR
    values["mapping"] = {**values["mapping"], "version": written.mapping.version}
    await kept_imports.update_import(session, import_id, values)
    after = {**row, **values, "open_questions": len(found.questions or ())}
    return kept_imports.build_import_read(after, english=english)


async def read_kept_file(
    content: bytes,
    name: str,
    digest: str,
    kept: KeptMapping,
    answers: Mapping[str, str],
    by: Uploader,
) -> tuple[UploadReading, ImportMapping]:
    """The reading of a file that the registry has kept, and the mapping with the answers."""
    with tempfile.TemporaryDirectory(prefix="bairi-upload-") as folder:
        path = Path(folder) / UPLOAD_NAME
        await asyncio.to_thread(path.write_bytes, content)
        upload = StoredUpload(path, len(content), digest)
        try:
            found, document = await read_own_sheet(upload, name, kept, answers, by)
        except ChildKilled as killed:
            used = {"name": kept.name, "version": kept.version, "once": dict(answers)}
            stopped = stopped_reading(name, upload_limits(upload.size), killed, used)
            return stopped, ImportMapping.model_validate(kept.document)
    mapping = ImportMapping.model_validate(document)
    return found, mapping.model_copy(update={"name": kept.name})

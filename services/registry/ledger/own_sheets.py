"""Own sheets of an office, read by one of its mappings beside what it has stored."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.ledger.files import UploadReading
from services.registry.mappings import service as mappings
from services.registry.mappings.files import SheetReading, read_by_mapping, recognise_mapping
from services.registry.mappings.questions import QuestionRead
from services.registry.review_tables import Mapping as KeptMapping
from services.registry.uploaders import Uploader
from shared.child_processes.limits import upload_limits
from shared.http.tokens import Caller
from shared.http.uploads import StoredUpload
from shared.mapping.model import ImportMapping

MAX_SHEET_BYTES = 20 * 1024 * 1024  # of a file that waits for answers


async def choose_mapping(
    upload: StoredUpload, name: str, mapping: str | None, by: Uploader
) -> KeptMapping | None:
    """The mapping that is named, or the one that the file's headers are known by, or none.

    Raises NotFound for one that is named and not there, ChildKilled where the file cannot be read.
    """
    office = by.who.office
    if mapping is None:
        async with by.reading() as reading:
            known = await mappings.load_known(reading, office)
        if not known or upload.size > MAX_SHEET_BYTES:
            return None
        limits = upload_limits(upload.size)
        mapping = await by.work(by.who, limits, recognise_mapping, upload.path, name, known)
    if mapping is None:
        return None
    async with by.reading() as reading:
        return await mappings.load_mapping(reading, office, mapping)


async def read_own_sheet(
    upload: StoredUpload, name: str, kept: KeptMapping, answers: Mapping[str, str], by: Uploader
) -> tuple[UploadReading, dict[str, Any]]:
    """Read a file by a mapping and answers; with it the mapping as it is with these answers.

    Raises ChildKilled.
    """
    async with by.reading() as reading:
        facts = await mappings.load_office_facts(reading, by.who)
    limits = mappings.reading_limits(upload.size, facts)
    arguments = (upload.path, name, kept.document, dict(answers), facts)
    found = await by.work(by.who, limits, read_by_mapping, *arguments)
    return build_reading(found, kept), found.mapping


def build_reading(found: SheetReading, kept: KeptMapping) -> UploadReading:
    """What is kept of a file that was read by a mapping."""
    counts = dict.fromkeys(("error", "warning"), 0)
    for each in found.findings:
        counts[each.level] += each.count
    return UploadReading(
        counts["error"],
        counts["warning"],
        [asdict(finding) for finding in found.findings],
        found.counts,
        found.facts,
        found.letters,
        found.questions,
        {
            "name": kept.name,
            "version": kept.version,
            "once": found.once,
            "new": found.new,
            "labels": found.labels,
            "named": found.named,
        },
        found.sheets,
    )


async def keep_names(session: AsyncSession, row: Mapping[str, Any], who: Caller) -> None:
    """Let the mapping of an applied import know its projects by sheet, and what no name tells."""
    found = row["mapping"] or {}
    labels, named = found.get("labels"), found.get("named")
    if not (labels or named):
        return
    kept = await mappings.load_mapping(session, who.office, found["name"])
    mapping = ImportMapping.model_validate(kept.document)
    names = mapping.names.after_import(labels or {}, named or {})
    changed = mapping.model_copy(update={"names": names})
    why = f"imports/{row['id']}"
    await mappings.store_mapping(session, changed, who=who, why=why, expected=kept.version)


def read_questions(row: Mapping[str, Any]) -> list[QuestionRead]:
    """The questions of a row of `imports`."""
    return [QuestionRead.model_validate(each) for each in row["questions"] or ()]

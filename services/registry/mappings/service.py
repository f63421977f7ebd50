"""Mappings of an office: suggested by a file, kept in versions, written back as its own layout."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession as AnySession
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.mappings.files import (
    KnownMapping,
    build_layout,
    suggest_mapping,
)
from services.registry.mappings.schemas import MappingForm, MappingRead, MappingSuggestion
from services.registry.records import queries
from services.registry.records.addresses import RecordQuestion
from services.registry.records.audit_and_events import store_audit_and_event
from services.registry.records.rules import WriteStep, decide_step
from services.registry.records.visibility import caller_scope
from services.registry.review_tables import Mapping
from services.registry.tables import SCHEMA
from services.registry.uploaders import Uploader
from shared.child_processes.limits import DOCUMENT, Limits, upload_limits
from shared.database import outbox
from shared.database.sessions import Sessions
from shared.facts.tables import FACT_KINDS, Facts
from shared.http.heavy_work import HeavyWork
from shared.http.pages import Paging
from shared.http.tokens import Caller
from shared.http.uploads import StoredUpload
from shared.mapping.documents import mapping_shapes, parse_mapping, parse_mapping_document
from shared.mapping.model import ImportMapping
from shared.problems import InvalidRequest, NotFound

RECORDED = "mapping.recorded"  # the action of an audit row, the kind of an event
COUNTED = ("mapped_columns", "known_names")


@dataclass(frozen=True)
class MappingWrite:
    """A mapping as it is after a write, and the step that was taken."""

    mapping: MappingRead
    step: WriteStep


# --- read ----------------------------------------------------------------------------------------


async def list_mappings(session: AsyncSession, office: str, paging: Paging) -> list[Mapping]:
    """List the current mappings of an office, by version, one more than a page has."""
    query = select(Mapping).where(
        col(Mapping.office) == office,
        col(Mapping.superseded_at).is_(None),
        col(Mapping.version) > paging.after,
    )
    query = query.order_by(col(Mapping.version)).limit(paging.limit + 1)
    return [*await session.exec(query)]


async def load_mapping(session: AsyncSession, office: str, name: str) -> Mapping:
    """Load the current mapping of a name. Raises NotFound."""
    found = await find_mapping(session, office, name)
    if found is None:
        raise no_such_mapping(name)
    return found


async def find_mapping(session: AsyncSession, office: str, name: str) -> Mapping | None:
    query = select(Mapping).where(
        col(Mapping.office) == office,
        col(Mapping.name) == name,
        col(Mapping.superseded_at).is_(None),
    )
    return (await session.exec(query)).first()


def no_such_mapping(name: str) -> NotFound:
    return NotFound(f"没有“{name}”这份映射", f"There is no mapping {name}.")


async def list_history(session: AsyncSession, office: str, name: str) -> list[MappingRead]:
    """List all versions of a mapping, the latest first. Raises NotFound."""
    query = select(Mapping).where(col(Mapping.office) == office, col(Mapping.name) == name)
    rows = [*await session.exec(query.order_by(col(Mapping.version).desc()))]
    if not rows:
        raise no_such_mapping(name)
    return [build_mapping_read(row) for row in rows]


async def load_known(session: AsyncSession, office: str) -> list[KnownMapping]:
    """Load by what the sheets of an office are known, the mapping written last first."""
    rows = select(Mapping.name, Mapping.shapes).where(
        col(Mapping.office) == office, col(Mapping.superseded_at).is_(None)
    )
    found = await session.exec(rows.order_by(col(Mapping.version).desc()))
    return [KnownMapping(name, tuple(shapes)) for name, shapes in found]


async def load_office_facts(session: AnySession, who: Caller) -> Facts:
    """Load all current facts of the caller's office."""
    assert isinstance(session, AsyncSession)
    own = RecordQuestion(who.office, caller_scope(who))
    return Facts({name: await queries.load_fact_table(session, name, own) for name in FACT_KINDS})


def build_mapping_read(row: Mapping) -> MappingRead:
    return MappingRead.model_validate(listed_values(row) | {"document": row.document})


def listed_values(row: Mapping) -> dict[str, Any]:
    """A mapping in a list: of which sheets it is, and how much it knows."""
    mapping = ImportMapping.model_validate(row.document)
    names = mapping.names
    counted = {
        "sheets": [sheet.sheet for sheet in mapping.sheets],
        "mapped_columns": sum(len(sheet.columns) for sheet in mapping.sheets),
        "known_names": sum(map(len, (names.units, names.projects, names.words))),
    }
    return row.model_dump(exclude={"document", "shapes"}) | counted


# --- write ---------------------------------------------------------------------------------------


def parse_form(name: str, form: MappingForm) -> ImportMapping:
    """The mapping of a form, called as its address says. Raises InvalidRequest, MappingMistake."""
    if (form.document is None) == (form.yaml is None):
        raise InvalidRequest(
            "document 和 yaml 应写其一", "One of `document` and `yaml` is expected."
        )
    if form.yaml is not None:
        mapping = parse_mapping(form.yaml)
    else:
        mapping = parse_mapping_document(form.document or {})
    return mapping.model_copy(update={"name": name, "once": None})


async def store_mapping(
    session: AsyncSession,
    mapping: ImportMapping,
    *,
    who: Caller,
    why: str,
    expected: int | None,
) -> MappingWrite:
    """Store a mapping of the caller's office in place of the version that it has seen.

    Raises NotFound, Stale; then nothing was written.
    """
    at = await outbox.begin_write(session, SCHEMA, who.office)
    row = await find_mapping(session, who.office, mapping.name)
    document = mapping.model_dump(mode="json", exclude_defaults=True) | {"name": mapping.name}

    if row is None and expected is not None:
        raise no_such_mapping(mapping.name)
    before = None if row is None else {"document": row.document, "version": row.version}
    step = decide_step(before, {"document": document}, expected)

    if row is not None and step is WriteStep.nothing:
        return MappingWrite(build_mapping_read(row), step)
    if row is not None:
        row.superseded_at = at
        session.add(row)
        await session.flush()  # of a name one version is current, at every moment
    new = Mapping(
        office=who.office,
        name=mapping.name,
        shapes=list(mapping_shapes(mapping)),
        document=document,
        recorded_at=at,
        recorded_by=who.name,
        why=why,
    )
    session.add(new)
    await session.flush()
    counted = {name: listed_values(new)[name] for name in ("version", "sheets", *COUNTED)}
    await store_audit_and_event(
        session,
        RECORDED,
        f"mappings/{mapping.name}",
        who=who,
        at=at,
        region=who.region,
        office=who.office,
        before=None if row is None else {"version": row.version},
        after={**counted, "why": why},
    )
    return MappingWrite(build_mapping_read(new), step)


# --- of files ------------------------------------------------------------------------------------


async def suggest(name: str, upload: StoredUpload, by: Uploader) -> MappingSuggestion:
    """What an uploaded file may be, beside what the office has stored; nothing is kept."""
    async with by.reading() as reading:
        facts = await load_office_facts(reading, by.who)
        known = await load_known(reading, by.who.office)
    limits = reading_limits(upload.size, facts)
    found = await by.work(by.who, limits, suggest_mapping, upload.path, name, facts, known)
    return MappingSuggestion.model_validate(found)


def reading_limits(size: int, facts: Facts) -> Limits:
    """The limits of reading a file of so many bytes beside stored facts."""
    return upload_limits(size + sum(table.nbytes for table in facts.tables.values()))


async def export_layout(
    sessions: Sessions, work: HeavyWork, who: Caller, name: str, as_of: date
) -> bytes:
    """The office's own layout of a mapping with the figures of a day. Raises NotFound."""
    async with sessions.begin() as session:
        mapping = await load_mapping(session, who.office, name)
        facts = await load_office_facts(session, who)
    return await work(who, DOCUMENT, build_layout, mapping.document, facts, as_of)

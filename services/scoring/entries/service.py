"""Targets and marks: entered, listed, and resolved for a run. Nothing commits here.

A target holds from its day on, a mark for its day; later rows supersede, none is changed.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.scoring import visibility
from services.scoring.engine.points.dated_entries import EntryWord
from services.scoring.engine.points.manual_entries import (
    EnteredMistake,
    EntriesByUnit,
    ManualEntries,
    ManualEntry,
    entries_document,
    parse_entries_document,
)
from services.scoring.entries.schemas import Entered, EntriesAsk, EntryKind
from services.scoring.registry_client import RegistryClient
from services.scoring.scheme_library import service as scheme_library
from services.scoring.scheme_library.service import ResolvedScheme
from services.scoring.schemes.entries_file import (
    EntryError,
    EntryLine,
    MetricsById,
    build_manual_entries,
    parse_exact_number,
)
from services.scoring.tables import Audit, Entry, UsedEntries
from shared.database.audit import write_audit_row
from shared.facts.projects import Unit
from shared.http.pages import Paging
from shared.http.questions import Question, QuestionParameters
from shared.http.tokens import Caller

# The cells of an item in their order, and what is expected of each, for readers of English.
EXPECTED_IN_ENGLISH = {
    "": "written once",
    "unit": "a unit of the region",
    "metric": "a metric of the scheme; for a mark one that is entered by hand",
    "value": "a number with at most 12 decimals",
    "reason": "a reason",
}
CELL_NAMES = list(EXPECTED_IN_ENGLISH)
WITHDRAWN_VALUE = "0"  # an entry that withdraws another is checked as if it had this value
POINTER_NAMES = {"unit": "unit_id"}


@dataclass(frozen=True)
class EntryFilter:
    """A filter of entries; None does not filter."""

    scheme: str
    asks: QuestionParameters
    unit_id: str | None
    kind: EntryKind | None
    as_of: date | None  # entries in force on this day


# --- store ---------------------------------------------------------------------------------------


async def store_entries(
    session: AsyncSession,
    registry: RegistryClient,
    request: EntriesAsk,
    who: Caller,
    *,
    now: datetime,
) -> list[Entry]:
    """Add entries, all or none. Raises EnteredMistake with a pointer for every mistake.

    Raises Forbidden for those of another office.
    """
    question = request.asks.resolve_whole(who)
    visibility.refuse_other_office(question.office, who)
    region = question.region
    known = await registry.load_question_facts(question, tables=["units"])
    resolved = await scheme_library.resolve_scheme(session, request.scheme, region)
    lines = [*entry_lines(request)]

    mistakes: list[EntryError] = []
    units = {unit.unit_id for unit in known.facts.rows(Unit)}
    build_manual_entries(lines, enterable_metrics(resolved), units, mistakes)
    if mistakes:
        raise build_entries_error(mistakes, request)

    rows = [
        Entry(
            office=question.office,
            region=region,
            scheme_id=resolved.scheme.id,
            kind=kind,
            unit_id=item.unit_id,
            metric=item.metric,
            day=request.day,
            value=None if item.value is None else str(item.value),
            reason=item.reason.strip(),
            entered_by=who.name,
            entered_at=now,
        )
        for kind, items in ((EntryKind.target, request.targets), (EntryKind.mark, request.marks))
        for item in items
    ]
    session.add_all(rows)
    await session.flush()
    for row in rows:
        subject = f"entries/{row.scheme_id}/{row.unit_id}/{row.metric}"
        after = {"kind": row.kind, "day": row.day.isoformat(), "value": row.value}
        after["reason"] = row.reason
        await write_audit_row(
            session, Audit, f"{row.kind}.entered", subject, region, who, now, after=after
        )
    return rows


def enterable_metrics(resolved: ResolvedScheme) -> MetricsById:
    """The metrics that entries can be of: the scheme's, its lights', the catalogue's."""
    return resolved.preset.metrics_by_id(resolved.scheme.metrics_by_id)


def entry_lines(request: EntriesAsk) -> Iterator[EntryLine]:
    """The items as lines of a file; a location is the item's index and the cell's."""
    kinds: list[tuple[int, EntryWord, Sequence[Entered]]] = [
        (0, "target", request.targets),
        (len(request.targets), "mark", request.marks),
    ]
    for first, kind, items in kinds:
        for index, item in enumerate(items, start=first):
            value = WITHDRAWN_VALUE if item.value is None else item.value
            cells = {"unit": item.unit_id, "metric": item.metric, "value": value}
            locations = {cell: (index, column) for column, cell in enumerate(CELL_NAMES)}
            yield EntryLine(kind, {**cells, "reason": item.reason}, locations)


def build_entries_error(mistakes: Sequence[EntryError], request: EntriesAsk) -> EnteredMistake:
    """The mistakes in the form of validation errors, each with its pointer."""
    errors, in_english = [], []
    for mistake in sorted(mistakes):
        index, cell = mistake.location[0], CELL_NAMES[mistake.location[1]]
        targets = len(request.targets)
        item = f"targets/{index}" if index < targets else f"marks/{index - targets}"
        pointer = f"#/{item}" + (f"/{POINTER_NAMES.get(cell, cell)}" if cell else "")
        message = mistake.message.removeprefix(f" {cell}").removeprefix("：")
        error = {"pointer": pointer, "code": "entered-mistake"}
        errors.append({**error, "detail": message})
        in_english.append({**error, "detail": f"expected: {EXPECTED_IN_ENGLISH[cell]}"})
    return EnteredMistake(
        f"有 {len(errors)} 处要改",
        f"{len(errors)} item(s) need attention.",
        errors=errors,
        in_english={"errors": in_english},
    )


# --- read ----------------------------------------------------------------------------------------


async def list_entries(
    session: AsyncSession, filters: EntryFilter, who: Caller, paging: Paging
) -> Sequence[Entry]:
    """List entries in order of entering; a caller confined to a unit sees that unit's."""
    question = filters.asks.resolve_whole(who)
    unit_id = visibility.resolve_unit(filters.unit_id, who, question.office)
    query = select_scheme_entries(question, filters.scheme)
    if filters.as_of is not None:
        in_force = select_entries_in_force(question, filters.scheme, filters.as_of).subquery()
        query = query.where(col(Entry.id).in_(select(in_force.c.id)), col(Entry.value).is_not(None))
    if unit_id is not None:
        query = query.where(col(Entry.unit_id) == unit_id)
    if filters.kind is not None:
        query = query.where(col(Entry.kind) == filters.kind)
    query = query.where(col(Entry.id) > paging.after).order_by(col(Entry.id))
    return (await session.exec(query.limit(paging.limit + 1))).all()


def select_scheme_entries(question: Question, scheme_id: str) -> SelectOfScalar[Entry]:
    return select(Entry).where(
        visibility.matches_question(Entry, question), col(Entry.scheme_id) == scheme_id
    )


def select_entries_in_force(
    question: Question, scheme_id: str, as_of: date
) -> SelectOfScalar[Entry]:
    """Select the target and the mark in force of each unit and metric, withdrawn ones too."""
    key = [col(Entry.kind), col(Entry.unit_id), col(Entry.metric)]
    marks = and_(col(Entry.kind) == EntryKind.mark, col(Entry.day) == as_of)
    targets = and_(col(Entry.kind) == EntryKind.target, col(Entry.day) <= as_of)
    query = (
        select_scheme_entries(question, scheme_id).where(or_(marks, targets)).ext(distinct_on(*key))
    )
    return query.order_by(*key, col(Entry.day).desc(), col(Entry.id).desc())


async def load_entries_in_force(
    session: AsyncSession, resolved: ResolvedScheme, question: Question, as_of: date
) -> ManualEntries:
    """Load the entries that a run of the scheme uses for a question and an as-of day."""
    entries: dict[str, dict[str, dict[str, ManualEntry]]] = {
        EntryKind.target: {},
        EntryKind.mark: {},
    }
    for row in await session.exec(select_entries_in_force(question, resolved.scheme.id, as_of)):
        if row.value is not None:
            value = parse_exact_number(row.value) or Fraction()
            entry = ManualEntry(value, row.reason, row.entered_by)
            entries[row.kind].setdefault(row.unit_id, {})[row.metric] = entry
    return usable_entries(
        resolved, ManualEntries(entries[EntryKind.target], entries[EntryKind.mark])
    )


def usable_entries(resolved: ResolvedScheme, entered: ManualEntries) -> ManualEntries:
    """The entries that this version of the scheme can use."""
    known = enterable_metrics(resolved)
    by_hand = {metric for metric in known if known[metric].by_hand}

    def usable(entries: EntriesByUnit, metrics: Collection[str]) -> EntriesByUnit:
        by_unit = {
            unit: {metric: entry for metric, entry in by_metric.items() if metric in metrics}
            for unit, by_metric in entries.items()
        }
        return {unit: by_metric for unit, by_metric in by_unit.items() if by_metric}

    return ManualEntries(usable(entered.targets, known), usable(entered.marks, by_hand))


# --- entries of runs -----------------------------------------------------------------------------


def entries_digest(entered: ManualEntries) -> str:
    """SHA-256 of the entries, whatever their order."""
    text = json.dumps(entries_document(entered), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


async def store_used_entries(session: AsyncSession, entered: ManualEntries) -> None:
    row = {"digest": entries_digest(entered), "document": entries_document(entered)}
    await session.exec(insert(UsedEntries).values(row).on_conflict_do_nothing())


async def load_used_entries(session: AsyncSession, entered_digest: str) -> ManualEntries:
    return parse_entries_document((await session.get_one(UsedEntries, entered_digest)).document)

"""Targets and marks: enter them, list them, and say what stands for a run. Nobody commits here.

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
from services.scoring.audit_trail import store_audit_row
from services.scoring.engine.points.manual_entries import (
    EnteredMistake,
    EntriesByUnit,
    ManualEntries,
    ManualEntry,
    entries_document,
    parse_entries_document,
)
from services.scoring.entries.schemas import EntriesAsk, Kind
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
from services.scoring.tables import Entry, UsedEntries
from shared.facts.projects import Unit
from shared.http.pages import Paging
from shared.http.tokens import Caller

# The cells of an item in their order, and what was expected of each, for readers of English.
EXPECTED_IN_ENGLISH = {
    "": "written once",
    "unit": "a unit of the region",
    "metric": "a metric of the scheme; for a mark one that is entered by hand",
    "value": "a number with at most 12 decimals",
    "reason": "a reason",
}
CELL_NAMES = list(EXPECTED_IN_ENGLISH)
WITHDRAWN_VALUE = "0"  # what is taken back is checked as if it said this
POINTER_NAMES = {"unit": "unit_id"}


@dataclass(frozen=True)
class EntryFilter:
    """Which entries are asked for."""

    scheme: str
    region: str | None
    unit_id: str | None
    kind: Kind | None
    standing_on: date | None


# --- to enter ------------------------------------------------------------------------------------


async def store_entries(
    session: AsyncSession, registry: RegistryClient, ask: EntriesAsk, who: Caller, *, now: datetime
) -> list[Entry]:
    """Add what is asked, all or nothing. Raises EnteredMistake with a pointer for every mistake."""
    region = visibility.resolve_region(ask.region, who)
    known = await registry.facts_known(None, region, tables=["units"])
    chosen = await scheme_library.resolve_scheme(session, ask.scheme, region)
    lines = [*entry_lines(ask)]

    mistakes: list[EntryError] = []
    units = {unit.unit_id for unit in known.facts.rows(Unit)}
    build_manual_entries(lines, enterable_metrics(chosen), units, mistakes)
    if mistakes:
        raise build_entries_error(mistakes, ask)

    made = [
        Entry(
            region=region,
            scheme_id=chosen.scheme.id,
            kind=kind,
            unit_id=item.unit_id,
            metric=item.metric,
            day=ask.day,
            value=None if item.value is None else str(item.value),
            reason=item.reason.strip(),
            entered_by=who.name,
            entered_at=now,
        )
        for kind, items in ((Kind.target, ask.targets), (Kind.mark, ask.marks))
        for item in items
    ]
    session.add_all(made)
    await session.flush()
    for each in made:
        subject = f"entries/{each.scheme_id}/{each.unit_id}/{each.metric}"
        after = {"kind": each.kind, "day": each.day.isoformat(), "value": each.value}
        after["reason"] = each.reason
        await store_audit_row(
            session, f"{each.kind}.entered", subject, region, who, now, after=after
        )
    return made


def enterable_metrics(chosen: ResolvedScheme) -> MetricsById:
    """The metrics that something can be entered for: the scheme's, its lights', the catalogue's."""
    return chosen.preset.metrics_by_id(chosen.scheme.metrics_by_id)


def entry_lines(ask: EntriesAsk) -> Iterator[EntryLine]:
    """The items as lines of a file; a place is the item's number and the cell's."""
    for first, kind, items in ((0, "target", ask.targets), (len(ask.targets), "mark", ask.marks)):
        for n, item in enumerate(items, start=first):
            value = WITHDRAWN_VALUE if item.value is None else item.value
            cells = {"unit": item.unit_id, "metric": item.metric, "value": value}
            where = {cell: (n, column) for column, cell in enumerate(CELL_NAMES)}
            yield EntryLine(kind, {**cells, "reason": item.reason}, where)


def build_entries_error(mistakes: Sequence[EntryError], ask: EntriesAsk) -> EnteredMistake:
    """The mistakes as those of other requests, each with its pointer."""
    errors, in_english = [], []
    for mistake in sorted(mistakes):
        n, cell = mistake.place[0], CELL_NAMES[mistake.place[1]]
        targets = len(ask.targets)
        item = f"targets/{n}" if n < targets else f"marks/{n - targets}"
        pointer = f"#/{item}" + (f"/{POINTER_NAMES.get(cell, cell)}" if cell else "")
        said = mistake.said.removeprefix(f" {cell}").removeprefix("：")
        place = {"pointer": pointer, "code": "entered-mistake"}
        errors.append({**place, "detail": said})
        in_english.append({**place, "detail": f"expected: {EXPECTED_IN_ENGLISH[cell]}"})
    return EnteredMistake(
        f"有 {len(errors)} 处要改",
        f"{len(errors)} item(s) need attention.",
        errors=errors,
        in_english={"errors": in_english},
    )


# --- what stands ---------------------------------------------------------------------------------


async def list_entries(
    session: AsyncSession, asked: EntryFilter, who: Caller, paging: Paging
) -> Sequence[Entry]:
    """In order of entering; whoever is confined to a unit sees its own."""
    region, unit_id = (
        visibility.resolve_region(asked.region, who),
        visibility.resolve_unit(asked.unit_id, who),
    )
    query = select_scheme_entries(region, asked.scheme)
    if asked.standing_on is not None:
        there = select_entries_in_force(region, asked.scheme, asked.standing_on).subquery()
        query = query.where(col(Entry.id).in_(select(there.c.id)), col(Entry.value).is_not(None))
    if unit_id is not None:
        query = query.where(col(Entry.unit_id) == unit_id)
    if asked.kind is not None:
        query = query.where(col(Entry.kind) == asked.kind)
    query = query.where(col(Entry.id) > paging.after).order_by(col(Entry.id))
    return (await session.exec(query.limit(paging.limit + 1))).all()


def select_scheme_entries(region: str, scheme_id: str) -> SelectOfScalar[Entry]:
    return select(Entry).where(col(Entry.region) == region, col(Entry.scheme_id) == scheme_id)


def select_entries_in_force(region: str, scheme_id: str, day: date) -> SelectOfScalar[Entry]:
    """Of each unit and metric the target and the mark that stand on a day, withdrawn ones too."""
    key = [col(Entry.kind), col(Entry.unit_id), col(Entry.metric)]
    of_day = and_(col(Entry.kind) == Kind.mark, col(Entry.day) == day)
    until_day = and_(col(Entry.kind) == Kind.target, col(Entry.day) <= day)
    query = (
        select_scheme_entries(region, scheme_id)
        .where(or_(of_day, until_day))
        .ext(distinct_on(*key))
    )
    return query.order_by(*key, col(Entry.day).desc(), col(Entry.id).desc())


async def load_entries_in_force(
    session: AsyncSession, chosen: ResolvedScheme, region: str, day: date
) -> ManualEntries:
    """What a run of the scheme takes for a region and day."""
    made: dict[str, dict[str, dict[str, ManualEntry]]] = {Kind.target: {}, Kind.mark: {}}
    for each in await session.exec(select_entries_in_force(region, chosen.scheme.id, day)):
        if each.value is not None:
            given = ManualEntry(
                parse_exact_number(each.value) or Fraction(), each.reason, each.entered_by
            )
            made[each.kind].setdefault(each.unit_id, {})[each.metric] = given
    return usable_entries(chosen, ManualEntries(made[Kind.target], made[Kind.mark]))


def usable_entries(chosen: ResolvedScheme, taken: ManualEntries) -> ManualEntries:
    """Of what was entered the part that this version of the scheme can use."""
    known = enterable_metrics(chosen)
    by_hand = {metric for metric in known if known[metric].by_hand}

    def of(given: EntriesByUnit, metrics: Collection[str]) -> EntriesByUnit:
        kept = {
            unit: {metric: one for metric, one in by_metric.items() if metric in metrics}
            for unit, by_metric in given.items()
        }
        return {unit: by_metric for unit, by_metric in kept.items() if by_metric}

    return ManualEntries(of(taken.targets, known), of(taken.marks, by_hand))


# --- what runs took ------------------------------------------------------------------------------


def entries_digest(taken: ManualEntries) -> str:
    """SHA-256 of what was entered, whatever its order."""
    text = json.dumps(entries_document(taken), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


async def store_used_entries(session: AsyncSession, taken: ManualEntries) -> None:
    kept = {"digest": entries_digest(taken), "document": entries_document(taken)}
    await session.exec(insert(UsedEntries).values(kept).on_conflict_do_nothing())


async def load_used_entries(session: AsyncSession, entered_digest: str) -> ManualEntries:
    return parse_entries_document((await session.get_one(UsedEntries, entered_digest)).document)

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
from services.scoring.audit_trail import write_down
from services.scoring.engine.points.manual_entries import (
    ByUnit,
    Entered,
    EnteredMistake,
    Given,
    from_kept,
    to_keep,
)
from services.scoring.entries.schemas import EntriesAsk, Kind
from services.scoring.registry_client import RegistryClient
from services.scoring.scheme_library import service as scheme_library
from services.scoring.scheme_library.service import Chosen
from services.scoring.schemes.entries_file import Line, Metrics, Mistake, entered, exact
from services.scoring.tables import Entry, UsedEntries
from shared.facts.projects import Unit
from shared.http.pages import Paging
from shared.http.tokens import Caller

# The cells of an item in their order, and what was expected of each, for readers of English.
EXPECTED = {
    "": "written once",
    "unit": "a unit of the region",
    "metric": "a metric of the scheme; for a mark one that is entered by hand",
    "value": "a number with at most 12 decimals",
    "reason": "a reason",
}
CELLS = list(EXPECTED)
WITHDRAWN = "0"  # what is taken back is checked as if it said this
POINTERS = {"unit": "unit_id"}


@dataclass(frozen=True)
class EntriesOf:
    """Which entries are asked for."""

    scheme: str
    region: str | None
    unit_id: str | None
    kind: Kind | None
    standing_on: date | None


# --- to enter ------------------------------------------------------------------------------------


async def enter(
    session: AsyncSession, registry: RegistryClient, ask: EntriesAsk, who: Caller, *, now: datetime
) -> list[Entry]:
    """Add what is asked, all or nothing. Raises EnteredMistake with a pointer for every mistake."""
    region = visibility.region_asked(ask.region, who)
    known = await registry.facts_known(None, region, tables=["units"])
    chosen = await scheme_library.scheme_for(session, ask.scheme, region)
    lines = [*lines_of(ask)]

    mistakes: list[Mistake] = []
    units = {unit.unit_id for unit in known.facts.rows(Unit)}
    entered(lines, metrics_of(chosen), units, mistakes)
    if mistakes:
        raise told(mistakes, ask)

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
        await write_down(session, f"{each.kind}.entered", subject, region, who, now, after=after)
    return made


def metrics_of(chosen: Chosen) -> Metrics:
    """The metrics that something can be entered for: the scheme's, its lights', the catalogue's."""
    return chosen.preset.metrics_by_id(chosen.scheme.metrics_by_id)


def lines_of(ask: EntriesAsk) -> Iterator[Line]:
    """The items as lines of a file; a place is the item's number and the cell's."""
    for first, kind, items in ((0, "target", ask.targets), (len(ask.targets), "mark", ask.marks)):
        for n, item in enumerate(items, start=first):
            value = WITHDRAWN if item.value is None else item.value
            cells = {"unit": item.unit_id, "metric": item.metric, "value": value}
            where = {cell: (n, column) for column, cell in enumerate(CELLS)}
            yield Line(kind, {**cells, "reason": item.reason}, where)


def told(mistakes: Sequence[Mistake], ask: EntriesAsk) -> EnteredMistake:
    """The mistakes as those of other requests, each with its pointer."""
    errors, in_english = [], []
    for mistake in sorted(mistakes):
        n, cell = mistake.place[0], CELLS[mistake.place[1]]
        targets = len(ask.targets)
        item = f"targets/{n}" if n < targets else f"marks/{n - targets}"
        pointer = f"#/{item}" + (f"/{POINTERS.get(cell, cell)}" if cell else "")
        said = mistake.said.removeprefix(f" {cell}").removeprefix("：")
        place = {"pointer": pointer, "code": "entered-mistake"}
        errors.append({**place, "detail": said})
        in_english.append({**place, "detail": f"expected: {EXPECTED[cell]}"})
    return EnteredMistake(
        f"有 {len(errors)} 处要改",
        f"{len(errors)} item(s) need attention.",
        errors=errors,
        in_english={"errors": in_english},
    )


# --- what stands ---------------------------------------------------------------------------------


async def list_entries(
    session: AsyncSession, asked: EntriesOf, who: Caller, paging: Paging
) -> Sequence[Entry]:
    """In order of entering; whoever is confined to a unit sees its own."""
    region, unit_id = (
        visibility.region_asked(asked.region, who),
        visibility.unit_asked(asked.unit_id, who),
    )
    query = of_scheme(region, asked.scheme)
    if asked.standing_on is not None:
        there = standing(region, asked.scheme, asked.standing_on).subquery()
        query = query.where(col(Entry.id).in_(select(there.c.id)), col(Entry.value).is_not(None))
    if unit_id is not None:
        query = query.where(col(Entry.unit_id) == unit_id)
    if asked.kind is not None:
        query = query.where(col(Entry.kind) == asked.kind)
    query = query.where(col(Entry.id) > paging.after).order_by(col(Entry.id))
    return (await session.exec(query.limit(paging.limit + 1))).all()


def of_scheme(region: str, scheme_id: str) -> SelectOfScalar[Entry]:
    return select(Entry).where(col(Entry.region) == region, col(Entry.scheme_id) == scheme_id)


def standing(region: str, scheme_id: str, day: date) -> SelectOfScalar[Entry]:
    """Of each unit and metric the target and the mark that stand on a day, withdrawn ones too."""
    key = [col(Entry.kind), col(Entry.unit_id), col(Entry.metric)]
    of_day = and_(col(Entry.kind) == Kind.mark, col(Entry.day) == day)
    until_day = and_(col(Entry.kind) == Kind.target, col(Entry.day) <= day)
    query = of_scheme(region, scheme_id).where(or_(of_day, until_day)).ext(distinct_on(*key))
    return query.order_by(*key, col(Entry.day).desc(), col(Entry.id).desc())


async def entered_for(session: AsyncSession, chosen: Chosen, region: str, day: date) -> Entered:
    """What a run of the scheme takes for a region and day."""
    made: dict[str, dict[str, dict[str, Given]]] = {Kind.target: {}, Kind.mark: {}}
    for each in await session.exec(standing(region, chosen.scheme.id, day)):
        if each.value is not None:
            given = Given(exact(each.value) or Fraction(), each.reason, each.entered_by)
            made[each.kind].setdefault(each.unit_id, {})[each.metric] = given
    return known_to(chosen, Entered(made[Kind.target], made[Kind.mark]))


def known_to(chosen: Chosen, taken: Entered) -> Entered:
    """Of what was entered the part that this version of the scheme can use."""
    known = metrics_of(chosen)
    by_hand = {metric for metric in known if known[metric].by_hand}

    def of(given: ByUnit, metrics: Collection[str]) -> ByUnit:
        kept = {
            unit: {metric: one for metric, one in by_metric.items() if metric in metrics}
            for unit, by_metric in given.items()
        }
        return {unit: by_metric for unit, by_metric in kept.items() if by_metric}

    return Entered(of(taken.targets, known), of(taken.marks, by_hand))


# --- what runs took ------------------------------------------------------------------------------


def digest(taken: Entered) -> str:
    """SHA-256 of what was entered, whatever its order."""
    text = json.dumps(to_keep(taken), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


async def keep(session: AsyncSession, taken: Entered) -> None:
    kept = {"digest": digest(taken), "document": to_keep(taken)}
    await session.exec(insert(UsedEntries).values(kept).on_conflict_do_nothing())


async def kept(session: AsyncSession, entered_digest: str) -> Entered:
    return from_kept((await session.get_one(UsedEntries, entered_digest)).document)

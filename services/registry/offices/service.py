"""Settings of offices: read as they are or were, replaced whole, never changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.offices.rules import (
    derive_names,
    is_office_visible,
    is_region_visible,
    is_within,
)
from services.registry.offices.schemas import DEFAULT_KIND, OfficeRead, OfficeSettings
from services.registry.records import queries
from services.registry.records.audit_and_events import store_audit_and_event
from services.registry.records.ledger_merge import OutsideRegion
from services.registry.records.rules import WriteStep, decide_step, refuse_future
from services.registry.tables import SCHEMA, OfficeSettingsRow
from shared.database import outbox
from shared.http.pages import Paging
from shared.http.tokens import Caller
from shared.offices import is_above, office_code
from shared.problems import NotFound, Stale
from shared.reference import region_own_names

RECORDED = "office.recorded"  # the action of an audit row, the kind of an event


@dataclass(frozen=True)
class SettingsWrite:
    """The settings as they are after a write, and the step that was taken."""

    office: OfficeRead
    step: WriteStep


# --- read ----------------------------------------------------------------------------------------


async def load_office(
    session: AsyncSession, office: str, *, known_at: datetime | None, who: Caller
) -> OfficeRead:
    """Load the settings of an office in force now or known at a moment, or its derived names.

    Raises NotFound, NotYet.
    """
    refuse_hidden_office(office, who)
    if known_at:
        refuse_future(known_at, await outbox.begin_write(session, SCHEMA, office))
    rows = await load_rows(session, [office], known_at)
    return build_office_read(office, rows.get(office))


async def load_office_name(session: AsyncSession, office: str) -> str:
    """Load the name of an office, whoever asks."""
    rows = await load_rows(session, [office])
    return build_office_read(office, rows.get(office)).name


async def list_offices(
    session: AsyncSession, region: str, who: Caller, paging: Paging
) -> list[OfficeRead]:
    """List offices within a region or above it, in order of their codes, one more than a page has.

    Those that have settings or rows in the registry. Raises NotFound for a region out of scope.
    """
    if not is_region_visible(region, who.region):
        raise NotFound(f"没有 {region} 的数据", f"There is nothing of {region}.")
    asked = office_code(region)
    offices = [
        office
        for office in await load_known_offices(session)
        if is_office_visible(office, who.region)
        and (is_within(office, region) or is_above(office, asked))
        and page_number(office) > paging.after
    ][: paging.limit + 1]
    rows = await load_rows(session, offices)
    return [build_office_read(office, rows.get(office)) for office in offices]


async def list_history(session: AsyncSession, office: str, who: Caller) -> list[OfficeRead]:
    """List all settings that an office ever made, the latest first. Raises NotFound."""
    refuse_hidden_office(office, who)
    query = select(OfficeSettingsRow).where(col(OfficeSettingsRow.office) == office)
    rows = await session.exec(query.order_by(col(OfficeSettingsRow.version).desc()))
    return [build_office_read(office, row) for row in rows]


def page_number(office: str) -> int:
    """The number of an office in pages: its code's, from 1."""
    return int(office) + 1


async def load_known_offices(session: AsyncSession) -> list[str]:
    """Load the codes of all offices that have settings or rows, in order."""
    connection, settings = await session.connection(), col(OfficeSettingsRow.office)
    with_settings = sa.select(settings).where(col(OfficeSettingsRow.superseded_at).is_(None))
    with_rows = queries.offices_query()
    found = [*await connection.scalars(with_settings), *await connection.scalars(with_rows)]
    return sorted(set(found))


async def load_rows(
    session: AsyncSession, offices: Iterable[str], known_at: datetime | None = None
) -> Mapping[str, OfficeSettingsRow]:
    """Load the rows of offices that are current, or were at a moment."""
    superseded_at = col(OfficeSettingsRow.superseded_at)
    valid: sa.ColumnElement[bool] = superseded_at.is_(None)
    if known_at:
        recorded = col(OfficeSettingsRow.recorded_at) <= known_at
        valid = recorded & (valid | (superseded_at > known_at))
    query = select(OfficeSettingsRow).where(col(OfficeSettingsRow.office).in_(offices), valid)
    return {row.office: row for row in await session.exec(query)}


def refuse_hidden_office(office: str, who: Caller) -> None:
    if not is_office_visible(office, who.region):
        raise NotFound("没有这个办公室", "There is no such office.")


def build_office_read(office: str, row: OfficeSettingsRow | None) -> OfficeRead:
    """Build the response from a row, or from the names that the office's region gives it."""
    if row is not None:
        return OfficeRead.model_validate({**row.settings, **row.model_dump(exclude={"settings"})})
    names = derive_names(region_own_names().get(office, ""))
    return OfficeRead(
        office=office,
        name=names.name,
        agency_words={DEFAULT_KIND: names.agency_word},
        version=None,
        recorded_at=None,
        recorded_by=None,
        why=None,
        superseded_at=None,
    )


# --- write ---------------------------------------------------------------------------------------


async def store_settings(
    session: AsyncSession,
    office: str,
    settings: OfficeSettings,
    *,
    who: Caller,
    why: str,
    expected: int | None,
) -> SettingsWrite:
    """Store the settings of the caller's own office in place of the version that it has seen.

    Raises NotFound, OutsideRegion, Stale; then nothing was written.
    """
    refuse_hidden_office(office, who)
    if who.office != office:
        raise OutsideRegion("只有本办公室可以设置", "Only the office itself may set this.")
    at = await outbox.begin_write(session, SCHEMA, office)
    row = (await load_rows(session, [office])).get(office)
    before = None if row is None else settings_document(row)
    after = settings.model_dump(include=set(OfficeSettings.model_fields))

    if before is None and expected is not None:
        raise Stale(
            "本办公室还没有设置，首次设置不写 If-Match",
            "The office has set nothing yet; leave out If-Match.",
            current=None,
        )
    step = decide_step(before, after, expected)

    if step is WriteStep.nothing:
        return SettingsWrite(build_office_read(office, row), step)
    if row is not None:
        row.superseded_at = at
        session.add(row)
        await session.flush()  # of an office's rows one is current, at every moment
    new = OfficeSettingsRow(
        office=office, settings=after, recorded_at=at, recorded_by=who.name, why=why
    )
    session.add(new)
    await session.flush()
    await store_audit_and_event(
        session,
        RECORDED,
        f"offices/{office}",
        who=who,
        at=at,
        region=who.region,
        office=office,
        before=before,
        after={**settings_document(new), "why": why},
    )
    return SettingsWrite(build_office_read(office, new), step)


def settings_document(row: OfficeSettingsRow) -> dict[str, Any]:
    """The settings of a row with its version; one that is newer than the row is as if left out."""
    return {**OfficeSettings.model_validate(row.settings).model_dump(), "version": row.version}

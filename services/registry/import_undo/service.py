"""Undoing of an applied import, as a whole or not at all."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.import_undo import rules
from services.registry.import_undo.schemas import UndoPreview
from services.registry.ledger import kept_imports
from services.registry.ledger.rules import import_state, refuse_other_office
from services.registry.ledger.schemas import ImportRead, ImportState
from services.registry.records import ledger_undo
from services.registry.records.audit_and_events import store_audit_and_event
from services.registry.tables import SCHEMA
from shared.database import outbox
from shared.facts.tables import FACT_KINDS, sheet_title
from shared.http.tokens import Caller


async def preview_undo(session: AsyncSession, import_id: int, who: Caller) -> UndoPreview:
    """What undoing would do to the records as they are now; of one undone, what it did.

    Raises NotFound, OtherOffice, ImportNotApplied.
    """
    row = await find_applied_import(session, import_id, who)
    if row["undone_at"]:
        done = row["undone_changes"]
        return UndoPreview(is_possible=False, changes=done, uses=0, first_uses=[])
    connection, mark = await session.connection(), await load_mark(session, row)
    uses = await ledger_undo.find_uses(connection, mark)
    counted = await ledger_undo.count_undone_rows(connection, mark)
    changes = {name: asdict(undone) for name, undone in counted.items()}
    return UndoPreview.model_validate(
        {"is_possible": not uses.count, "changes": changes, **use_documents(uses)}
    )


async def undo_import(
    session: AsyncSession, import_id: int, why: str, who: Caller, *, english: bool
) -> ImportRead:
    """Undo an import; one that is undone is only read.

    Raises NotFound, OtherOffice, ImportNotApplied, and ImportInUse, when nothing is done.
    """
    office = (await find_applied_import(session, import_id, who))["office"]
    at = await outbox.begin_write(session, SCHEMA, office)
    row = await find_applied_import(session, import_id, who)
    if row["undone_at"]:
        return kept_imports.build_import_read(row, english=english)
    connection, mark = await session.connection(), await load_mark(session, row)
    await ledger_undo.hold_units_of_merge(session, mark)
    refuse_uses(await ledger_undo.find_uses(connection, mark))

    undone = await ledger_undo.undo_merge(connection, mark, at)

    changes = {name: asdict(rows) for name, rows in undone.items()}
    written = {"undone_at": at, "undone_by": who.name, "undone_why": why, "undone_changes": changes}
    await kept_imports.update_import(session, import_id, written)
    await store_audit_and_event(
        session,
        "ledger.undone",
        f"imports/{import_id}",
        who=who,
        at=at,
        region=row["region_code"],
        office=office,
        after={"digest": row["digest"], "changes": changes, "why": why},
    )
    return kept_imports.build_import_read({**row, **written}, english=english)


async def find_applied_import(
    session: AsyncSession, import_id: int, who: Caller
) -> Mapping[str, Any]:
    row = await kept_imports.find_import(session, import_id, who)
    refuse_other_office(row, who.office)
    if import_state(row) not in (ImportState.applied, ImportState.undone):
        raise rules.ImportNotApplied(
            f"{row['name']} 没有导入，无可撤销", f"{row['name']} was not applied."
        )
    return row


async def load_mark(session: AsyncSession, row: Mapping[str, Any]) -> ledger_undo.MergeMark:
    """By what the rows of an applied import are known."""
    imports = kept_imports.IMPORTS.c
    later = sa.select(imports.undone_at).where(
        imports.office == row["office"], imports.undone_at > row["applied_at"]
    )
    undoings = (await (await session.connection()).scalars(later)).all()
    tables = tuple(name for name in FACT_KINDS if name in (row["changes"] or {}))
    why = f"imports/{row['id']}"
    return ledger_undo.MergeMark(row["office"], why, row["applied_at"], tables, tuple(undoings))


def refuse_uses(uses: ledger_undo.Uses) -> None:
    if uses.count:
        raise rules.ImportInUse(
            f"有 {uses.count} 条记录妨碍撤销，什么也没有改",
            f"{uses.count} record(s) stand against it; nothing was done.",
            **use_documents(uses),
        )


def use_documents(uses: ledger_undo.Uses) -> dict[str, Any]:
    """What stands against an undoing, as JSON."""
    told = [
        {
            **asdict(use),
            "recorded_at": use.recorded_at and use.recorded_at.isoformat(),
            "kind_title": sheet_title(use.kind),
        }
        for use in uses.first
    ]
    return {"uses": uses.count, "first_uses": told}

"""One record at a time: read, decide, write; with its audit row and its event.

What is read and decided needs no turn of its own: only the one statement that writes waits for
other writers, and it says so when one of them was quicker.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records import rules
from services.registry.records.ledger_merge import OutsideRegion
from services.registry.records.queries import Line
from services.registry.records.statements import Statement
from services.registry.records.validation import refused, unknown_reference
from services.registry.records.visibility import scope_of
from services.registry.tables import SAME
from shared.database.sessions import straight
from shared.facts.tables import COLUMNS
from shared.http.tokens import Caller, Role
from shared.logs import REQUEST_ID
from shared.problems import NotFound

LOOKS = 2  # at the second, writers that were quicker have committed, and others wait for us


@dataclass(frozen=True)
class Writing:
    """How the records of a resource are written; `reserved` fields are the office's to fill."""

    table: str
    look: Statement
    write: Statement
    below_project: bool = False
    reserved: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recorded:
    row: Line
    step: rules.Step


async def record(
    session: AsyncSession,
    kind: Writing,
    given: Mapping[str, Any],
    *,
    who: Caller,
    why: str,
    expected: int | None,
) -> Recorded:
    """Record a fact that was checked: append it, or supersede the version the sender has seen.

    Raises InvalidRequest, NotFound, Stale, Forbidden, OutsideRegion; then nothing was written.
    """
    driver = await straight(session)
    asked = {**given, **scope_of(who).values, "expected": expected}
    async with driver.transaction():
        for _ in range(LOOKS):
            seen = await driver.fetchrow(kind.look.text, *kind.look.values(asked))

            step = decided(kind, seen, given, who, expected)

            if step is rules.Step.nothing:
                return Recorded(seen, step)
            says = {"why": why, "replaces": seen["version"], **marks(kind.table, seen, given, who)}
            values = kind.write.values(asked | says)
            row = await driver.fetchrow(kind.write.text, *values)
            if row is None:
                continue
            if not row["ours"]:
                raise OutsideRegion(f"{who.name} 无权写入", f"Not for {who.name} to write.")
            return Recorded(row, step)
    # The key is taken, and not by anything that the caller may see.
    raise NotFound("没有这条记录", "There is no such record.")


def decided(
    kind: Writing,
    seen: Mapping[str, Any],
    given: Mapping[str, Any],
    who: Caller,
    expected: int | None,
) -> rules.Step:
    """What becomes of the record; raises when a reference leads nowhere, or it may not be."""
    if kind.below_project and seen["of_project_id"] is None:
        raise no_project()
    unknown = [
        unknown_reference(kind.table, column.name, column.refers)
        for column in COLUMNS[kind.table]
        if column.refers and given[column.name] is not None and seen[f"of_{column.name}"] is None
    ]
    if unknown:
        raise refused(unknown)
    current = seen if seen["version"] is not None else None
    if current is None and expected is not None and not seen["ever"]:
        raise NotFound("没有这条记录", "There is no such record.")
    fact = {column.name: given[column.name] for column in COLUMNS[kind.table]}
    step = rules.step(current, fact, expected)
    if who.role is not Role.office:
        rules.refuse_reserved(current, given, kind.reserved)
    return step


def no_project() -> NotFound:
    return NotFound("没有这个项目", "There is no such project.")


def marks(
    name: str, seen: Mapping[str, Any], given: Mapping[str, Any], who: Caller
) -> dict[str, Any]:
    """What is kept beside the fact, and told of it."""
    corrected = seen["version"] is not None
    return {
        "who": who.name,
        "role": who.role,
        "address": who.address,
        "request_id": REQUEST_ID.get(),
        "recorded_for": who.region,
        "action": f"{name}.{'corrected' if corrected else 'recorded'}",
        "subject": subject_of(name, given),
        "told_region": region_of(name, seen, given) or who.region,
    }


def subject_of(name: str, given: Mapping[str, Any]) -> str:
    """`progress/P001/2022-09-30`."""
    return "/".join([name, *(str(given[part]) for part in SAME[name] if given[part] is not None)])


def region_of(name: str, seen: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
    """Where a record belongs: to its own region, its project's, its unit's."""
    if "region_code" in given:
        region: str | None = given["region_code"]
        return region
    columns = sorted(
        (column for column in COLUMNS[name] if column.refers),
        key=lambda column: column.refers != "projects",
    )
    regions = (seen[f"of_{column.name}"] for column in columns)
    return next((region for region in regions if region), None)

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
from services.registry.records.queries import RecordLine
from services.registry.records.statements import Statement
from services.registry.records.validation import build_invalid_request, unknown_reference_finding
from services.registry.records.visibility import caller_scope
from services.registry.tables import MATCH_KEYS
from shared.database.audit import build_caller_values
from shared.database.sessions import get_driver_connection
from shared.facts.tables import FACT_COLUMNS
from shared.http.tokens import Caller, Role
from shared.problems import NotFound

WRITE_ATTEMPTS = (
    2  # at the second, writers that were quicker have committed, and others wait for us
)


@dataclass(frozen=True)
class WriteSpec:
    """How the records of a resource are written; `reserved` fields are the office's to fill."""

    table: str
    look: Statement
    write: Statement
    below_project: bool = False
    reserved: tuple[str, ...] = ()


@dataclass(frozen=True)
class WriteResult:
    row: RecordLine
    step: rules.WriteStep


async def record_fact(
    session: AsyncSession,
    kind: WriteSpec,
    given: Mapping[str, Any],
    *,
    who: Caller,
    why: str,
    expected: int | None,
) -> WriteResult:
    """Record a fact that was checked: append it, or supersede the version the sender has seen.

    Raises InvalidRequest, NotFound, Stale, Forbidden, OutsideRegion; then nothing was written.
    """
    driver = await get_driver_connection(session)
    asked = {**given, **caller_scope(who).values, "expected": expected}
    async with driver.transaction():
        for _ in range(WRITE_ATTEMPTS):
            seen = await driver.fetchrow(kind.look.text, *kind.look.values(asked))

            step = check_and_decide_step(kind, seen, given, who, expected)

            if step is rules.WriteStep.nothing:
                return WriteResult(seen, step)
            says = {
                "why": why,
                "replaces": seen["version"],
                **build_mark_values(kind.table, seen, given, who),
            }
            values = kind.write.values(asked | says)
            row = await driver.fetchrow(kind.write.text, *values)
            if row is None:
                continue
            if not row["ours"]:
                raise OutsideRegion(f"{who.name} 无权写入", f"Not for {who.name} to write.")
            return WriteResult(row, step)
    # The key is taken, and not by anything that the caller may see.
    raise NotFound("没有这条记录", "There is no such record.")


def check_and_decide_step(
    kind: WriteSpec,
    seen: Mapping[str, Any],
    given: Mapping[str, Any],
    who: Caller,
    expected: int | None,
) -> rules.WriteStep:
    """What becomes of the record; raises when a reference leads nowhere, or it may not be."""
    if kind.below_project and seen["of_project_id"] is None:
        raise missing_project_error()
    unknown = [
        unknown_reference_finding(kind.table, column.name, column.refers)
        for column in FACT_COLUMNS[kind.table]
        if column.refers and given[column.name] is not None and seen[f"of_{column.name}"] is None
    ]
    if unknown:
        raise build_invalid_request(unknown)
    current = seen if seen["version"] is not None else None
    if current is None and expected is not None and not seen["ever"]:
        raise NotFound("没有这条记录", "There is no such record.")
    fact = {column.name: given[column.name] for column in FACT_COLUMNS[kind.table]}
    step = rules.decide_step(current, fact, expected)
    if who.role is not Role.office:
        rules.refuse_reserved_fields(current, given, kind.reserved)
    return step


def missing_project_error() -> NotFound:
    return NotFound("没有这个项目", "There is no such project.")


def build_mark_values(
    name: str, seen: Mapping[str, Any], given: Mapping[str, Any], who: Caller
) -> dict[str, Any]:
    """What is kept beside the fact, and told of it."""
    corrected = seen["version"] is not None
    return {
        **build_caller_values(who),
        "recorded_for": who.region,
        "action": f"{name}.{'corrected' if corrected else 'recorded'}",
        "subject": audit_subject(name, given),
        "audit_region": record_region(name, seen, given) or who.region,
    }


def audit_subject(name: str, given: Mapping[str, Any]) -> str:
    """`progress/P001/2022-09-30`."""
    return "/".join(
        [name, *(str(given[part]) for part in MATCH_KEYS[name] if given[part] is not None)]
    )


def record_region(name: str, seen: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
    """Where a record belongs: to its own region, its project's, its unit's."""
    if "region_code" in given:
        region: str | None = given["region_code"]
        return region
    columns = sorted(
        (column for column in FACT_COLUMNS[name] if column.refers),
        key=lambda column: column.refers != "projects",
    )
    regions = (seen[f"of_{column.name}"] for column in columns)
    return next((region for region in regions if region), None)

"""Writing of one record: read, decide, write; with its audit row and its event.

Reading and deciding take no lock: only the one statement that writes waits for other writers, and
it returns no row when one of them was quicker.
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
from shared.database.audit import build_caller_values
from shared.database.sessions import get_driver_connection
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS
from shared.http.tokens import Caller, Role
from shared.problems import NotFound

WRITE_ATTEMPTS = (
    2  # at the second, writers that were quicker have committed, and others wait for us
)


@dataclass(frozen=True)
class WriteSpec:
    """Statements and rules by which the records of a resource are written.

    `office_fields` are fields that only the office fills.
    """

    table: str
    context_query: Statement
    write_query: Statement
    is_below_project: bool = False
    office_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class WriteResult:
    """The record as it is after the write, and the step that was taken."""

    row: RecordLine
    step: rules.WriteStep


async def record_fact(
    session: AsyncSession,
    spec: WriteSpec,
    values: Mapping[str, Any],
    *,
    who: Caller,
    why: str,
    expected: int | None,
) -> WriteResult:
    """Record a validated fact: append it, or supersede the version that the sender has seen.

    `values` are its columns, and those of its address. Raises InvalidRequest, NotFound, Stale,
    Forbidden, OutsideRegion; then nothing was written.
    """
    driver = await get_driver_connection(session)
    parameters = {**values, **caller_scope(who).values, "expected": expected}
    look, write = spec.context_query, spec.write_query
    async with driver.transaction():
        for _ in range(WRITE_ATTEMPTS):
            context = await driver.fetchrow(look.text, *look.arguments(parameters))

            step = check_and_decide_step(spec, context, values, who, expected)

            if step is rules.WriteStep.nothing:
                return WriteResult(context, step)
            marks = {
                "why": why,
                "replaces": context["version"],
                **build_mark_values(spec.table, context, values, who),
            }
            row = await driver.fetchrow(write.text, *write.arguments(parameters | marks))
            if row is None:
                continue
            if not row["ours"]:
                raise OutsideRegion(f"{who.name} 无权写入", f"Not for {who.name} to write.")
            return WriteResult(row, step)
    # The key is taken, and not by anything that the caller may see.
    raise NotFound("没有这条记录", "There is no such record.")


def check_and_decide_step(
    spec: WriteSpec,
    context: Mapping[str, Any],
    values: Mapping[str, Any],
    who: Caller,
    expected: int | None,
) -> rules.WriteStep:
    """Check references and permissions, and decide the step.

    `context` is the row of `write_context_query`. Raises InvalidRequest for a reference that leads
    nowhere, NotFound, Stale, Forbidden.
    """
    if spec.is_below_project and context["of_project_id"] is None:
        raise missing_project_error()
    unknown = [
        unknown_reference_finding(spec.table, column.name, column.refers)
        for column in FACT_COLUMNS[spec.table]
        if column.refers
        and values[column.name] is not None
        and context[f"of_{column.name}"] is None
    ]
    if unknown:
        raise build_invalid_request(unknown)
    current = context if context["version"] is not None else None
    if current is None and expected is not None and not context["ever"]:
        raise NotFound("没有这条记录", "There is no such record.")
    fact = {column.name: values[column.name] for column in FACT_COLUMNS[spec.table]}
    step = rules.decide_step(current, fact, expected)
    if who.role is not Role.office:
        rules.refuse_reserved_fields(current, values, spec.office_fields)
    return step


def missing_project_error() -> NotFound:
    return NotFound("没有这个项目", "There is no such project.")


def build_mark_values(
    name: str, context: Mapping[str, Any], values: Mapping[str, Any], who: Caller
) -> dict[str, Any]:
    """Build the parameters of the marks of a record, its audit row and its event."""
    corrected = context["version"] is not None
    return {
        **build_caller_values(who),
        "recorded_for": who.region,
        "action": f"{name}.{'corrected' if corrected else 'recorded'}",
        "subject": audit_subject(name, values),
        "audit_region": record_region(name, context, values) or who.region,
    }


def audit_subject(name: str, values: Mapping[str, Any]) -> str:
    """Subject of the audit row of a record: `progress/P001/2022-09-30`."""
    return "/".join(
        [
            name,
            *(str(values[part]) for part in FACT_KINDS[name].match_key if values[part] is not None),
        ]
    )


def record_region(name: str, context: Mapping[str, Any], values: Mapping[str, Any]) -> str | None:
    """Region that a record belongs to: its own, else its project's, else its unit's."""
    if "region_code" in values:
        region: str | None = values["region_code"]
        return region
    columns = sorted(
        (column for column in FACT_COLUMNS[name] if column.refers),
        key=lambda column: column.refers != "projects",
    )
    regions = (context[f"of_{column.name}"] for column in columns)
    return next((region for region in regions if region), None)

"""Writing of one record: read, decide, write; with its audit row and its event.

Reading and deciding take no lock: only the one statement that writes waits for other writers, and
it returns no row when one of them was quicker.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records import rules
from services.registry.records.addresses import RecordQuestion, reference_values, store_references
from services.registry.records.ledger_merge import OutsideRegion
from services.registry.records.queries import RecordLine
from services.registry.records.search_text import derive_search_columns
from services.registry.records.statements import Statement
from services.registry.records.units_above import hold_units, names_above
from services.registry.records.validation import build_invalid_request, unknown_reference_finding
from shared.database.audit import build_caller_values
from shared.database.sessions import get_driver_connection
from shared.facts.belonging import PROJECTS, OfRegion
from shared.facts.columns import Column
from shared.facts.kind import FactKind
from shared.http.tokens import Caller, Role
from shared.problems import NotFound

WRITE_ATTEMPTS = (
    2  # at the second, writers that were quicker have committed, and others wait for us
)


@dataclass(frozen=True)
class WriteSpec:
    """Statements and rules by which the records of a resource are written.

    `above` are the columns of its address that lead to a record above it, `office_fields` fields
    that only the office fills.
    """

    kind: FactKind
    context_query: Statement
    write_query: Statement
    above: tuple[str, ...] = ()
    office_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class WriteResult:
    """The record as it is after the write, and the step that was taken."""

    row: RecordLine
    step: rules.WriteStep


@dataclass(frozen=True)
class Reporter:
    """Whose figure a record is: the account of a unit or field officer; `at` None is now."""

    name: str
    at: datetime | None = None


@dataclass(frozen=True)
class PreparedWrite:
    """A write before anything is looked up: values as a row has them, and what statements ask."""

    spec: WriteSpec
    values: Mapping[str, Any]
    refused: Sequence[Column]
    parameters: Mapping[str, Any]
    who: Caller
    expected: int | None

    @property
    def subject(self) -> str:
        return audit_subject(self.spec.kind, self.values)

    @property
    def fact(self) -> dict[str, Any]:
        """The columns of the kind."""
        return {column.name: self.values[column.name] for column in self.spec.kind.columns}


def prepare_write(
    spec: WriteSpec,
    values: Mapping[str, Any],
    question: RecordQuestion,
    who: Caller,
    expected: int | None,
) -> PreparedWrite:
    """Prepare the write of a validated fact; `values` have the columns of its address, too."""
    office = values["office"]
    stored, refused = store_references(spec.kind, values, office)
    parameters = {**stored, **question.values, "expected": expected}
    parameters |= reference_values(spec.kind, stored, office)
    parameters |= derive_search_columns(spec.kind, stored)
    return PreparedWrite(spec, stored, refused, parameters, who, expected)


async def record_fact(
    session: AsyncSession,
    spec: WriteSpec,
    values: Mapping[str, Any],
    question: RecordQuestion,
    *,
    who: Caller,
    why: str,
    expected: int | None,
) -> WriteResult:
    """Record a validated fact: append it, or supersede the version that the sender has seen.

    `values` are its columns, and those of its address, with its office. Raises InvalidRequest,
    NotFound, Stale, Forbidden, OutsideRegion; then nothing was written.
    """
    driver, write = (
        await get_driver_connection(session),
        prepare_write(spec, values, question, who, expected),
    )
    look = spec.context_query
    async with driver.transaction():
        for _ in range(WRITE_ATTEMPTS):
            context = await driver.fetchrow(look.text, *look.arguments(write.parameters))

            step = check_and_decide_step(write, context)

            if step is rules.WriteStep.nothing:
                return WriteResult(context, step)
            row = await store_row(driver, write, context, why)
            if row is not None:
                return WriteResult(row, step)
    raise build_key_taken()


async def store_row(
    driver: Any,
    write: PreparedWrite,
    context: RecordLine,
    why: str,
    reporter: Reporter | None = None,
) -> RecordLine | None:
    """Store a row in place of the one of its context; None where another writer was quicker.

    That may be the office of a unit above, which has written or voided what the row names. Raises
    OutsideRegion where it is not for the caller to write.
    """
    above = names_above(write.spec.kind.name, write.values)
    if await hold_units(driver, above) != above:
        return None
    marks = {
        "why": why,
        "replaces": context["version"],
        "voids": context["voids"],
        "reported_by": reporter and reporter.name,
        "reported_at": reporter and reporter.at,
        **build_mark_values(write.spec.kind, context, write.values, write.who),
    }
    statement = write.spec.write_query
    row: RecordLine | None = await driver.fetchrow(
        statement.text, *statement.arguments({**write.parameters, **marks})
    )
    if row is not None and not row["ours"]:
        name = write.who.name
        raise OutsideRegion(f"{name} 无权写入", f"Not for {name} to write.")
    return row


def lost_write(write: PreparedWrite, context: RecordLine) -> NotFound:
    """The problem of a write in the office's turn that stored no row, by a context after it.

    Raises what `check_and_decide_step` does: a unit of an office above that it names may be gone.
    """
    check_and_decide_step(write, context)
    return build_key_taken()


def build_key_taken() -> NotFound:
    """The problem of a key that is taken, and not by anything that the caller may see."""
    return NotFound("没有这条记录", "There is no such record.")


def check_and_decide_step(write: PreparedWrite, context: RecordLine) -> rules.WriteStep:
    """Check references and permissions, and decide the step.

    `context` is the row of `write_context_query`. Raises InvalidRequest for a reference that leads
    nowhere, NotFound, Stale, Forbidden, OutsideRegion.
    """
    spec, values, who, expected = write.spec, write.values, write.who, write.expected
    for column in spec.kind.columns:
        if column.name in spec.above and context[f"of_{column.name}"] is None:
            raise missing_record_error(column.refers or "")
    current = context if context["version"] is not None else None
    refuse_other_office(spec, current, values["office"], who)
    unknown = [
        unknown_reference_finding(spec.kind.name, column.name, column.refers)
        for column in spec.kind.columns
        if column.refers
        and values[column.name]
        and (column in write.refused or context[f"of_{column.name}"] is None)
    ]
    if unknown:
        raise build_invalid_request(unknown)
    if current is None and expected is not None and not context["ever"]:
        raise NotFound("没有这条记录", "There is no such record.")
    step = rules.decide_step(current, write.fact, expected)
    if who.role is not Role.office:
        rules.refuse_reserved_fields(current, values, spec.office_fields)
    return step


def refuse_other_office(
    spec: WriteSpec, current: RecordLine | None, office: str, who: Caller
) -> None:
    """Raise where the record is another office's, which the caller may only read.

    NotFound where it may not even see it. A bureau writes what it grants, whosever project it is.
    """
    offices = {office, current["office"] if current else office}
    if offices == {who.office} or who.role is Role.approval:
        return
    if current is None and not spec.above:
        raise NotFound("没有这条记录", "There is no such record.")
    other = min(offices - {who.office})
    raise OutsideRegion(f"{other} 的数据只能查看", f"What is of {other} may only be read.")


def missing_record_error(kind: str = PROJECTS) -> NotFound:
    if kind == PROJECTS:
        return NotFound("没有这个项目", "There is no such project.")
    return NotFound("没有这条记录", "There is no such record.")


def build_mark_values(
    kind: FactKind, context: Mapping[str, Any], values: Mapping[str, Any], who: Caller
) -> dict[str, Any]:
    """Build the parameters of the marks of a record, its audit row and its event."""
    corrected = context["version"] is not None
    return {
        **build_caller_values(who),
        "office": values["office"],
        "recorded_for": who.region,
        "action": f"{kind.name}.{'corrected' if corrected else 'recorded'}",
        "subject": audit_subject(kind, values),
        "audit_region": record_region(kind, context, values) or who.region,
    }


def audit_subject(kind: FactKind, values: Mapping[str, Any]) -> str:
    """Subject of the audit row of a record: `progress/P001/2022-09-30`."""
    key = (values[part] for part in kind.match_key)
    return "/".join([kind.name, *(str(value) for value in key if value is not None)])


def record_region(
    kind: FactKind, context: Mapping[str, Any], values: Mapping[str, Any]
) -> str | None:
    """Region that a record belongs to: its own, else its project's, else its unit's."""
    if isinstance(kind.belongs, OfRegion):
        region: str | None = values["region_code"]
        return region
    columns = sorted(
        (column for column in kind.columns if column.refers),
        key=lambda column: column.refers != PROJECTS,
    )
    regions = (context[f"of_{column.name}"] for column in columns)
    return next((region for region in regions if region), None)

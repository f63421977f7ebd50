"""Letters: numbered, printed and stored; then read, acknowledged, settled. Callers commit."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import case
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from services.notifier.documents.composition import compose_letter, template_version
from services.notifier.documents.docx import render_docx
from services.notifier.documents.letter import LetterDocument, format_document_number
from services.notifier.documents.pdf import render_pdf
from services.notifier.documents.texts import QuotedFacts
from services.notifier.letters.schemas import LetterDue, LetterRead, LetterState, NotPrinted
from services.notifier.rules.ladder import LetterKind
from services.notifier.rules.letters import Letter, LetterIdentity
from services.notifier.settings import IssuingOffice
from services.notifier.tables import (
    Acknowledgement,
    Audit,
    IssuedLetter,
    NumberSequence,
    PrintedLetter,
    Settlement,
)
from shared.database.audit import write_audit_row
from shared.http.pages import Paging
from shared.http.tokens import Caller
from shared.paper.fonts import default_fonts
from shared.paper.press import MissingGlyph
from shared.problems import NotFound

IDENTITY_COLUMNS = (
    col(IssuedLetter.kind),
    col(IssuedLetter.project_id),
    col(IssuedLetter.about),
    col(IssuedLetter.trigger_on),
)
QUOTED_FACTS_ADAPTER = TypeAdapter(QuotedFacts)


@dataclass(frozen=True)
class PendingLetter:
    """A letter to issue, with the facts that it quotes, the name of its unit, and its region."""

    letter: Letter
    quoted: QuotedFacts
    unit: str
    region: str


# --- issuing and settling ----------------------------------------------------------------------


async def issue_letters(
    session: AsyncSession,
    pending: Iterable[PendingLetter],
    office: IssuingOffice,
    who: Caller,
    *,
    now: datetime,
    known_at: datetime,
) -> tuple[list[int], list[NotPrinted]]:
    """Number, print and store letters in their order; one that cannot be printed takes no number.

    Return the ids of letters that went out, and the letters that could not be printed.
    """
    issued, not_printed = [], []
    for new in pending:
        counter = await lock_counter(session, office.agency_word, new.letter.issue_on.year)
        try:
            document = build_document(new, office, counter.last + 1)
            pdf = await asyncio.to_thread(render_pdf, document, default_fonts())
        except (MissingGlyph, ValidationError) as problem:
            due = LetterDue.model_validate(new.letter)
            not_printed.append(NotPrinted(letter=due, detail=str(problem)))
            continue
        letter_id = await store_letter(session, new, document, counter, now)
        if letter_id is None:  # went out before, when its project was of another region
            continue
        printed = PrintedLetter(
            letter_id=letter_id,
            texts=document.model_dump(mode="json"),
            quotes=QUOTED_FACTS_ADAPTER.dump_python(new.quoted, mode="json"),
            known_at=known_at,
            template_version=template_version(),
            pdf=pdf,
        )
        session.add(printed)
        await store_audit_row(session, "letter.issued", letter_id, new.region, who, now)
        issued.append(letter_id)
    await session.flush()
    return issued, not_printed


async def lock_counter(session: AsyncSession, agency_word: str, year: int) -> NumberSequence:
    """Lock the row of a sequence until the transaction ends: a rollback returns its numbers."""
    first = insert(NumberSequence).values(agency_word=agency_word, year=year, last=0)
    await session.exec(first.on_conflict_do_nothing())
    return await session.get_one(NumberSequence, (agency_word, year), with_for_update=True)


def build_document(new: PendingLetter, office: IssuingOffice, sequence: int) -> LetterDocument:
    letter = new.letter
    return compose_letter(
        letter.kind,
        new.quoted,
        office=office.name,
        number=format_document_number(office.agency_word, letter.issue_on.year, sequence),
        unit=new.unit,
        provisional=letter.provisional,
    )


async def store_letter(
    session: AsyncSession,
    new: PendingLetter,
    document: LetterDocument,
    counter: NumberSequence,
    now: datetime,
) -> int | None:
    """Store a letter and return its id; None, and no number taken, where it went out before."""
    values = {
        **asdict(new.letter),
        "region": new.region,
        "agency_word": counter.agency_word,
        "year": counter.year,
        "sequence": counter.last + 1,
        "title": document.title,
        "issued_at": now,
    }
    added = (
        insert(IssuedLetter).values(values).on_conflict_do_nothing(index_elements=IDENTITY_COLUMNS)
    )
    result = await session.exec(added.returning(col(IssuedLetter.id)))
    letter_id: int | None = result.scalar_one_or_none()
    if letter_id is not None:
        counter.last += 1
        await session.flush()
    return letter_id


async def load_issued_letters(session: AsyncSession, who: Caller) -> list[tuple[Letter, bool]]:
    """Load the letters of a region, each with whether it is settled."""
    rows = await session.exec(visible_letters_query(who))
    return [(restore_letter(row), settled is not None) for row, _, settled, _ in rows]


def restore_letter(row: IssuedLetter) -> Letter:
    due = LetterDue.model_validate(row)
    return Letter(**{name: getattr(due, name) for name in LetterDue.model_fields})


async def settle_letters(
    session: AsyncSession, settled: Mapping[LetterIdentity, date], who: Caller, *, now: datetime
) -> list[int]:
    """Store the day on which later facts settled each letter; return the ids in order."""
    by_id = {}
    for row, *_ in await session.exec(visible_letters_query(who)):
        settled_on = settled.get(restore_letter(row).identity)
        if settled_on is not None and row.id is not None:
            by_id[row.id] = (settled_on, row.region)
    for letter_id, (settled_on, region) in sorted(by_id.items()):
        session.add(Settlement(letter_id=letter_id, settled_on=settled_on, settled_at=now))
        await store_audit_row(session, "letter.settled", letter_id, region, who, now)
    await session.flush()
    return sorted(by_id)


async def store_audit_row(
    session: AsyncSession, action: str, letter_id: int, region: str, who: Caller, at: datetime
) -> None:
    """Write the audit row of a change to a letter."""
    await write_audit_row(session, Audit, action, f"letters/{letter_id}", region, who, at)


async def store_acknowledgement(
    session: AsyncSession, letter_id: int, who: Caller, *, now: datetime
) -> LetterRead:
    """Acknowledge a letter for its unit; repeating it changes nothing. Raises NotFound."""
    letter = await load_letter(session, letter_id, who)
    values = {"letter_id": letter_id, "acknowledged_by": who.name, "acknowledged_at": now}
    added = insert(Acknowledgement).values(values).on_conflict_do_nothing()
    if (await session.exec(added.returning(col(Acknowledgement.letter_id)))).first():
        await store_audit_row(session, "letter.acknowledged", letter_id, letter.region, who, now)
    return await load_letter(session, letter_id, who)


# --- reading -----------------------------------------------------------------------------------

LETTER_STATE = case(
    (col(Settlement.letter_id).is_not(None), LetterState.settled.value),
    (col(Acknowledgement.letter_id).is_not(None), LetterState.acknowledged.value),
    else_=LetterState.issued.value,
)
LetterRow = tuple[IssuedLetter, datetime | None, date | None, str]


def visible_letters_query(who: Caller) -> Select[IssuedLetter, datetime | None, date | None, str]:
    """Query of the letters that a caller may see: of its region, for most roles of its unit."""
    own = col(IssuedLetter.id)
    query = (
        select(
            IssuedLetter,
            col(Acknowledgement.acknowledged_at),
            col(Settlement.settled_on),
            LETTER_STATE,
        )
        .outerjoin(Acknowledgement, col(Acknowledgement.letter_id) == own)
        .outerjoin(Settlement, col(Settlement.letter_id) == own)
        .where(col(IssuedLetter.region).startswith(who.region, autoescape=True))
    )
    if who.only_unit is not None:
        query = query.where(col(IssuedLetter.unit_id) == who.only_unit)
    return query


def build_letter_read(row: LetterRow) -> LetterRead:
    letter, acknowledged_at, settled_on, state = row
    return LetterRead.model_validate(
        {
            **letter.model_dump(),
            "number": format_document_number(letter.agency_word, letter.year, letter.sequence),
            "state": state,
            "acknowledged_at": acknowledged_at,
            "settled_on": settled_on,
        }
    )


async def list_letters(
    session: AsyncSession,
    who: Caller,
    paging: Paging,
    *,
    kind: LetterKind | None,
    unit_id: str | None,
    project_id: str | None,
    state: LetterState | None,
) -> list[LetterRead]:
    """List the letters of a page, and one more where there are more."""
    query = visible_letters_query(who).where(col(IssuedLetter.id) > paging.after)
    for column, value in (
        (col(IssuedLetter.kind), kind),
        (col(IssuedLetter.unit_id), unit_id),
        (col(IssuedLetter.project_id), project_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if state is not None:
        query = query.where(state.value == LETTER_STATE)
    query = query.order_by(col(IssuedLetter.id)).limit(paging.limit + 1)
    return [build_letter_read(row) for row in await session.exec(query)]


async def load_letter(session: AsyncSession, letter_id: int, who: Caller) -> LetterRead:
    row = (
        await session.exec(visible_letters_query(who).where(col(IssuedLetter.id) == letter_id))
    ).first()
    if row is None:
        raise NotFound(f"没有第 {letter_id} 号函件", f"There is no letter {letter_id}.")
    return build_letter_read(row)


async def load_pdf(session: AsyncSession, letter_id: int, who: Caller) -> bytes:
    """Load the PDF of a letter as it went out, byte for byte. Raises NotFound."""
    await load_letter(session, letter_id, who)
    query = select(PrintedLetter.pdf).where(col(PrintedLetter.letter_id) == letter_id)
    return (await session.exec(query)).one()


async def render_stored_docx(session: AsyncSession, letter_id: int, who: Caller) -> bytes:
    """Render the stored texts of a letter, to edit. Raises NotFound."""
    await load_letter(session, letter_id, who)
    query = select(PrintedLetter.texts).where(col(PrintedLetter.letter_id) == letter_id)
    document = LetterDocument.model_validate((await session.exec(query)).one())
    return await asyncio.to_thread(render_docx, document, default_fonts())

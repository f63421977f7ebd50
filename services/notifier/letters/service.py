"""Letters: composed, numbered, printed; then acknowledged, settled. Callers commit."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifier.documents.composition import compose_letter, template_version
from services.notifier.documents.letter import LetterDocument, format_document_number
from services.notifier.documents.pdf import render_pdf
from services.notifier.documents.texts import QuotedFacts
from services.notifier.letters import queries
from services.notifier.letters.schemas import (
    LetterDue,
    NotPrinted,
    PrintedPage,
    PrintedPages,
)
from services.notifier.rules.letters import Letter, LetterIdentity
from services.notifier.tables import (
    SCHEMA,
    Acknowledgement,
    Audit,
    IssuedLetter,
    LetterPrint,
    LetterTexts,
    NumberSequence,
    Settlement,
)
from shared.database.audit import write_audit_row
from shared.database.jobs import enqueue_job
from shared.database.sessions import Sessions
from shared.http.offices_client import OfficeSettings
from shared.http.pictures import DRAWING
from shared.http.tokens import Caller
from shared.offices import format_id
from shared.paper.fonts import default_fonts
from shared.paper.page_images import draw_page, measure_pages
from shared.paper.press import MissingGlyph
from shared.problems import NotFound

PRINT_JOB = "print"
PLACEHOLDER_DIGIT = "8"  # as wide as any
IDENTITY_COLUMNS = (
    col(IssuedLetter.office),
    col(IssuedLetter.kind),
    col(IssuedLetter.project_id),
    col(IssuedLetter.about),
    col(IssuedLetter.counted_from),
)
QUOTED_FACTS_ADAPTER = TypeAdapter(QuotedFacts)


@dataclass(frozen=True)
class PendingLetter:
    """A letter to issue, with the facts that it quotes, the name of its unit, and its region."""

    letter: Letter
    quoted: QuotedFacts
    unit: str
    region: str


@dataclass(frozen=True)
class LetterDraft:
    """A letter that could be printed: all but its number, in whose place stands another one."""

    pending: PendingLetter
    agency_word: str
    document: LetterDocument


# --- before the numbers: nothing is locked, nothing is written -----------------------------------


async def draft_letters(
    pending: Iterable[PendingLetter],
    office: OfficeSettings,
    last_numbers: Mapping[queries.LetterNumber, int],
    asked: str,
) -> tuple[list[LetterDraft], list[NotPrinted]]:
    """Compose letters and print each once, under a number of as many digits as its own will have.

    Return those that will take a number, in their order, and those that cannot be printed.
    """
    drafts, not_printed, last = [], [], dict(last_numbers)
    for new in pending:
        word, year = office.agency_word(new.letter.kind), new.letter.issue_on.year
        sequence = last.get((word, year), 0) + 1
        try:
            document = compose_document(new, office.name, word, sequence)
            await asyncio.to_thread(render_pdf, document, default_fonts())
        except (MissingGlyph, ValidationError) as problem:
            due = build_letter_due(new, office.office, asked)
            not_printed.append(NotPrinted(letter=due, detail=str(problem)))
            continue
        last[word, year] = sequence
        drafts.append(LetterDraft(new, word, document))
    return drafts, not_printed


def compose_document(
    new: PendingLetter, office: str, agency_word: str, sequence: int
) -> LetterDocument:
    """Compose a letter under a number that stands for one of as many digits."""
    letter, placeholder = new.letter, int(PLACEHOLDER_DIGIT * len(str(sequence)))
    return compose_letter(
        letter.kind,
        new.quoted,
        office=office,
        number=format_document_number(agency_word, letter.issue_on.year, placeholder),
        unit=new.unit,
        provisional=letter.provisional,
    )


def build_letter_due(new: PendingLetter, office: str, asked: str) -> LetterDue:
    """Build the answer about a letter of an office, as a question about `asked` has it written."""
    letter = new.letter
    written = {
        "project_id": format_id(letter.project_id, office, asked),
        "project_name": new.quoted.project,
        "unit_id": format_id(letter.unit_id, office, asked),
        "unit_name": new.unit,
    }
    return LetterDue(**{**asdict(letter), **written, "office": office})


# --- numbering and settling ----------------------------------------------------------------------


async def number_letters(
    session: AsyncSession,
    drafts: Iterable[LetterDraft],
    office: str,
    who: Caller,
    *,
    now: datetime,
    known_at: datetime,
) -> list[int]:
    """Number and store letters in their order, and ask for their prints; return their ids.

    One that went out meanwhile takes no number. The turn of the office is taken by then.
    """
    issued: list[int] = []
    for draft in drafts:
        new = draft.pending
        year = new.letter.issue_on.year
        counter = await lock_counter(session, office, draft.agency_word, year)
        letter_id = await store_letter(session, draft, counter, now)
        if letter_id is None:
            continue
        number = format_document_number(counter.agency_word, counter.year, counter.last)
        document = draft.document.model_copy(update={"number": number})
        texts = LetterTexts(
            letter_id=letter_id,
            texts=document.model_dump(mode="json"),
            quotes=QUOTED_FACTS_ADAPTER.dump_python(new.quoted, mode="json"),
            known_at=known_at,
            template_version=template_version(),
        )
        session.add(texts)
        await store_audit_row(session, "letter.issued", letter_id, office, new.region, who, now)
        issued.append(letter_id)
    await session.flush()
    if issued:
        await enqueue_job(session, SCHEMA, PRINT_JOB, {}, key=f"{PRINT_JOB}/{issued[0]}")
    return issued


async def lock_counter(
    session: AsyncSession, office: str, agency_word: str, year: int
) -> NumberSequence:
    """Lock the row of a sequence until the transaction ends: a rollback returns its numbers."""
    key = (office, agency_word, year)
    first = insert(NumberSequence).values(office=office, agency_word=agency_word, year=year, last=0)
    await session.exec(first.on_conflict_do_nothing())
    return await session.get_one(NumberSequence, key, with_for_update=True)


async def store_letter(
    session: AsyncSession, draft: LetterDraft, counter: NumberSequence, now: datetime
) -> int | None:
    """Store a letter and return its id; None, and no number taken, where it went out before."""
    values = {
        **asdict(draft.pending.letter),
        "office": counter.office,
        "region": draft.pending.region,
        "agency_word": counter.agency_word,
        "year": counter.year,
        "sequence": counter.last + 1,
        "title": draft.document.title,
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


async def settle_letters(
    session: AsyncSession,
    settled: Mapping[LetterIdentity, date],
    office: str,
    who: Caller,
    *,
    now: datetime,
) -> list[int]:
    """Store the day on which later facts settled each letter; return the ids in order."""
    rows = await session.exec(select(IssuedLetter).where(col(IssuedLetter.office) == office))
    by_id = {}
    for row in rows:
        settled_on = settled.get(queries.restore_letter(row).identity)
        if settled_on is not None and row.id is not None:
            by_id[row.id] = (settled_on, row.region)
    for letter_id, (settled_on, region) in sorted(by_id.items()):
        session.add(Settlement(letter_id=letter_id, settled_on=settled_on, settled_at=now))
        await store_audit_row(session, "letter.settled", letter_id, office, region, who, now)
    await session.flush()
    return sorted(by_id)


async def store_audit_row(
    session: AsyncSession,
    action: str,
    letter_id: int,
    office: str,
    region: str,
    who: Caller,
    at: datetime,
) -> None:
    """Write the audit row of a change to a letter, in the chain of its office."""
    subject = f"letters/{letter_id}"
    await write_audit_row(session, Audit, action, subject, region, who, at, office=office)


# --- afterwards ----------------------------------------------------------------------------------


async def print_letter(sessions: Sessions, letter_id: int, *, now: datetime) -> None:
    """Print a letter that has its number, and store the PDF; nothing is open while it prints."""
    async with sessions.begin() as session:
        if await session.get(LetterPrint, letter_id):  # another job was here meanwhile
            return
        document = await queries.load_document(session, letter_id)
    pdf = await asyncio.to_thread(render_pdf, document, default_fonts())
    values = {"letter_id": letter_id, "pdf": pdf, "printed_at": now}
    async with sessions.begin() as session:
        await session.exec(insert(LetterPrint).values(values).on_conflict_do_nothing())


async def store_acknowledgement(
    session: AsyncSession, letter_id: int, who: Caller, *, now: datetime
) -> None:
    """Acknowledge a letter for its unit; repeating it changes nothing.

    Raises NotFound, BeingPrinted: what has no document yet was not delivered.
    """
    letter, *_ = await queries.load_printed_row(session, letter_id, who)
    values = {"letter_id": letter_id, "acknowledged_by": who.name, "acknowledged_at": now}
    added = insert(Acknowledgement).values(values).on_conflict_do_nothing()
    if (await session.exec(added.returning(col(Acknowledgement.letter_id)))).first():
        await store_audit_row(
            session, "letter.acknowledged", letter_id, letter.office, letter.region, who, now
        )


async def measure_letter(sessions: Sessions, letter_id: int, who: Caller) -> PrintedPages:
    """Measure the pages of a letter. Raises NotFound, BeingPrinted, QueueFull."""
    async with sessions.begin() as session:
        pdf = await queries.load_pdf(session, letter_id, who)
    measured = await DRAWING.run(measure_pages, pdf)
    pages = [PrintedPage(page=n, **asdict(each)) for n, each in enumerate(measured, start=1)]
    return PrintedPages(count=len(pages), pages=pages)


async def print_letter_page(sessions: Sessions, letter_id: int, page: int, who: Caller) -> bytes:
    """Draw a page of a letter. Raises NotFound, BeingPrinted, QueueFull."""
    async with sessions.begin() as session:
        pdf = await queries.load_pdf(session, letter_id, who)
    picture = await DRAWING.run(draw_page, pdf, page)
    if picture is None:
        raise NotFound(f"这份函件没有第 {page} 页", f"The letter has no page {page}.")
    return picture

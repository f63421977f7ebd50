"""Queries of letters: those that a caller may see, those of an office, those to be printed."""

from collections.abc import Collection
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifier.documents.docx import render_docx
from services.notifier.documents.letter import LetterDocument, format_document_number
from services.notifier.letters.schemas import LetterRead, LetterState
from services.notifier.rules.ladder import LetterKind
from services.notifier.rules.letters import Letter
from services.notifier.tables import (
    Acknowledgement,
    IssuedLetter,
    LetterPrint,
    LetterTexts,
    NumberSequence,
    Settlement,
)
from shared.child_processes.limits import DOCUMENT
from shared.database.sessions import Sessions
from shared.http.heavy_work import HeavyWork
from shared.http.offices_client import DEFAULT_WORD, OfficeSettings
from shared.http.tokens import Caller
from shared.offices import SEPARATOR, format_id, parse_id
from shared.paper.fonts import default_fonts
from shared.problems import Conflict, NotFound

# With the moments of acknowledging and printing, the day of settling, and the quoted names.
LetterRow = tuple[
    IssuedLetter, datetime | None, date | None, datetime | None, str | None, str | None
]
LetterQuery = Any  # a Select of six, of which SQLModel has no type
LetterNumber = tuple[str, int]  # agency word, year
LETTER_FIELDS = [field.name for field in fields(Letter)]


class BeingPrinted(Conflict):
    """正在打印

    The letter is being printed.
    """


# --- as a caller sees them ---------------------------------------------------------------------


def letters_query() -> LetterQuery:
    own = col(IssuedLetter.id)
    selected: Any = select(
        IssuedLetter,
        col(Acknowledgement.acknowledged_at),
        col(Settlement.settled_on),
        col(LetterPrint.printed_at),
    ).add_columns(
        col(LetterTexts.quotes)["project"].astext,
        col(LetterTexts.texts)["addressee"].astext,
    )
    return (
        selected.outerjoin(LetterTexts, col(LetterTexts.letter_id) == own)
        .outerjoin(Acknowledgement, col(Acknowledgement.letter_id) == own)
        .outerjoin(Settlement, col(Settlement.letter_id) == own)
        .outerjoin(LetterPrint, col(LetterPrint.letter_id) == own)
    )


def visible_letters_query(who: Caller) -> LetterQuery:
    """Query of the letters that a caller may see: of its region, for most roles of its unit."""
    query = letters_query().where(col(IssuedLetter.region).startswith(who.region, autoescape=True))
    if who.only_unit is not None:
        query = query.where(has_id(IssuedLetter.unit_id, who.only_unit, who.office))
    return query


def has_id(column: str, written: str, asked: str) -> ColumnElement[bool]:
    """Condition that a column of letters holds an id: its office's own, or stored qualified."""
    office, plain = parse_id(written, asked)
    return or_(
        and_(col(IssuedLetter.office) == office, col(column) == plain),
        col(column) == f"{office}{SEPARATOR}{plain}",
    )


def build_letter_read(row: LetterRow, asked: str, today: date) -> LetterRead:
    letter, acknowledged_at, settled_on, printed_at, project_name, unit_name = row
    state = LetterState.acknowledged if acknowledged_at else LetterState.issued
    left = (letter.due_on - today).days if letter.due_on and settled_on is None else None
    return LetterRead.model_validate(
        {
            **letter.model_dump(),
            "project_id": format_id(letter.project_id, letter.office, asked),
            "project_name": project_name,
            "unit_id": format_id(letter.unit_id, letter.office, asked),
            "unit_name": unit_name,
            "number": format_document_number(letter.agency_word, letter.year, letter.sequence),
            "state": LetterState.settled if settled_on else state,
            "printed": printed_at is not None,
            "acknowledged_at": acknowledged_at,
            "settled_on": settled_on,
            "days_left": left if left is not None and left >= 0 else None,
            "days_overdue": -left if left is not None and left < 0 else None,
        }
    )


async def load_letter_row(session: AsyncSession, letter_id: int, who: Caller) -> LetterRow:
    """Load a letter that a caller may see. Raises NotFound."""
    query = visible_letters_query(who).where(col(IssuedLetter.id) == letter_id)
    row: LetterRow | None = (await session.exec(query)).first()
    if row is None:
        raise NotFound(f"没有第 {letter_id} 号函件", f"There is no letter {letter_id}.")
    return row


async def load_printed_row(session: AsyncSession, letter_id: int, who: Caller) -> LetterRow:
    """Load a letter whose document is there. Raises NotFound, BeingPrinted."""
    row = await load_letter_row(session, letter_id, who)
    letter, _, _, printed_at, *_ = row
    if printed_at is None:
        number = format_document_number(letter.agency_word, letter.year, letter.sequence)
        raise BeingPrinted(
            f"{number} 已编号，文件还在打印，请稍后再取",
            f"{number} has its number, and its document will be there in a moment.",
        )
    return row


async def load_pdf(session: AsyncSession, letter_id: int, who: Caller) -> bytes:
    """Load the PDF of a letter, byte for byte. Raises NotFound, BeingPrinted."""
    await load_printed_row(session, letter_id, who)
    query = select(LetterPrint.pdf).where(col(LetterPrint.letter_id) == letter_id)
    return (await session.exec(query)).one()


async def render_stored_docx(
    sessions: Sessions, work: HeavyWork, letter_id: int, who: Caller
) -> bytes:
    """Render the stored texts of a letter, to edit. Raises NotFound, BeingPrinted."""
    async with sessions.begin() as session:
        await load_printed_row(session, letter_id, who)
        document = await load_document(session, letter_id)
    return await work(who, DOCUMENT, render_docx, document, default_fonts())


# --- as their office and its jobs do -----------------------------------------------------------


async def load_office_letters(session: AsyncSession, office: str) -> list[tuple[Letter, bool]]:
    """Load all letters of an office in order, each with whether it is settled."""
    query = letters_query().where(col(IssuedLetter.office) == office).order_by(col(IssuedLetter.id))
    return [
        (restore_letter(row), settled is not None)
        for row, _, settled, *_ in await session.exec(query)
    ]


def restore_letter(row: IssuedLetter) -> Letter:
    values = {name: getattr(row, name) for name in LETTER_FIELDS}
    return Letter(**{**values, "kind": LetterKind(row.kind)})


async def load_letters(
    session: AsyncSession, letter_ids: Collection[int], asked: str, today: date
) -> list[LetterRead]:
    query = letters_query().where(col(IssuedLetter.id).in_(letter_ids))
    rows = await session.exec(query.order_by(col(IssuedLetter.id)))
    return [build_letter_read(row, asked, today) for row in rows]


async def load_last_numbers(session: AsyncSession, office: str) -> dict[LetterNumber, int]:
    """Load the last number of each sequence of an office."""
    rows = await session.exec(select(NumberSequence).where(col(NumberSequence.office) == office))
    return {(row.agency_word, row.year): row.last for row in rows}


async def keep_letterhead(session: AsyncSession, settings: OfficeSettings) -> OfficeSettings:
    """The settings with the name and the agency word of the office's last letter, if it has one.

    For an office that has set none: what is derived from its region begins no second sequence.
    """
    office = col(LetterTexts.texts)["office"].astext
    query = (
        select(col(IssuedLetter.agency_word), office)
        .join(LetterTexts, col(LetterTexts.letter_id) == col(IssuedLetter.id))
        .where(col(IssuedLetter.office) == settings.office)
        .order_by(col(IssuedLetter.id).desc())
        .limit(1)
    )
    last = (await session.exec(query)).first()
    if last is None:
        return settings
    word, name = last
    return replace(settings, name=name, agency_words={DEFAULT_WORD: word})


async def load_unprinted_ids(session: AsyncSession) -> list[int]:
    """Load the ids of letters that have no PDF yet, the oldest first."""
    own = col(LetterTexts.letter_id)
    query = (
        select(own)
        .outerjoin(LetterPrint, col(LetterPrint.letter_id) == own)
        .where(col(LetterPrint.letter_id).is_(None))
        .order_by(own)
    )
    return list((await session.exec(query)).all())


async def load_document(session: AsyncSession, letter_id: int) -> LetterDocument:
    """Load the stored texts of a letter."""
    query = select(LetterTexts.texts).where(col(LetterTexts.letter_id) == letter_id)
    return LetterDocument.model_validate((await session.exec(query)).one())

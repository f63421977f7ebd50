"""Document of a letter: every text that is printed, and nothing else.

Format: GB/T 9704-2012, §10.1 (信函格式).
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

# One line of text: no control characters, line ends or noncharacters; blanks around it are dropped.
TextLine = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        pattern="^[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ufffe\\uffff]+$",
    ),
]
PROVISIONAL_NOTE = "答复期限所涉年度的节假日安排尚未全部公布，暂按周一至周五为工作日计算"


class LetterDocument(BaseModel):
    """Texts of a letter, without the colons, brackets, stops and indents of the format.

    `number` is None until the letter is issued; its line stays empty. `signed_by` is the office's
    name over the date. `copies` are the units in copy; they and `notes` may be empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    office: TextLine
    number: TextLine | None = None
    title: TextLine
    addressee: TextLine
    body: Annotated[tuple[TextLine, ...], Field(min_length=1)]
    signed_by: TextLine
    signed_on: date
    copies: tuple[TextLine, ...] = ()
    notes: tuple[TextLine, ...] = ()
    provisional: bool = False

    @property
    def footnotes(self) -> tuple[str, ...]:
        """Notes as printed, the one of a provisional date first."""
        notes = (PROVISIONAL_NOTE, *self.notes) if self.provisional else self.notes
        return tuple(f"（{note}）" for note in notes)

    @property
    def copy_line(self) -> str | None:
        """Line of the units in copy, without its word and colon: the names, and a full stop."""
        return "，".join(self.copies) + "。" if self.copies else None


def format_document_number(agency_word: str, year: int, sequence: int) -> str:
    """Format a document number: agency word, year in hexagonal brackets, bare sequence.

    Raises ValueError for a blank word or a sequence below 1.
    """
    if not agency_word.strip() or sequence < 1:
        raise ValueError(f"no document number of {agency_word!r} and {sequence}")
    return f"{agency_word.strip()}〔{year}〕{sequence}号"

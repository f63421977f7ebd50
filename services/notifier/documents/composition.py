"""A letter of the ladder as a document: its matter in words, on the office's paper."""

import hashlib
from functools import cache
from pathlib import Path

from services.notifier.documents import texts
from services.notifier.documents.letter import LetterDocument
from services.notifier.documents.pdf import LETTER_TEMPLATE
from services.notifier.documents.texts import QuotedFacts, phrase_letter
from services.notifier.rules.ladder import LetterKind
from shared.paper import titles


def compose_letter(
    kind: LetterKind, matter: QuotedFacts, *, office: str, number: str, unit: str, provisional: bool
) -> LetterDocument:
    """The letter to a unit, under its number."""
    words = phrase_letter(kind, matter)
    return LetterDocument(
        office=office,
        number=number,
        title=words.title,
        addressee=unit,
        body=words.body,
        signed_by=office,
        signed_on=matter.as_of,
        provisional=provisional,
    )


@cache
def template_version() -> str:
    """A digest of format, wording and breaking of titles: another one is another version."""
    whole = hashlib.sha256()
    for part in (LETTER_TEMPLATE, Path(texts.__file__), Path(titles.__file__)):
        whole.update(part.read_bytes())
    return whole.hexdigest()[:16]

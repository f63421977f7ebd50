"""Composition of a letter of the ladder as a document: quoted facts in words, office, number."""

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
    kind: LetterKind, quoted: QuotedFacts, *, office: str, number: str, unit: str, provisional: bool
) -> LetterDocument:
    """Compose the letter to a unit, under its number."""
    words = phrase_letter(kind, quoted)
    return LetterDocument(
        office=office,
        number=number,
        title=words.title,
        addressee=unit,
        body=words.body,
        signed_by=office,
        signed_on=quoted.as_of,
        provisional=provisional,
    )


@cache
def template_version() -> str:
    """Digest of the files of format, wording and title breaking: any edit is another version."""
    digest = hashlib.sha256()
    for part in (LETTER_TEMPLATE, Path(texts.__file__), Path(titles.__file__)):
        digest.update(part.read_bytes())
    return digest.hexdigest()[:16]

"""What a letter may consist of; its number and its dates."""

import pytest
from pydantic import ValidationError

from services.notifier.documents.letter import format_document_number
from tests.notifier.documents.letters import letter


def test_a_number_is_agency_word_year_and_bare_sequence() -> None:
    assert format_document_number("岚重办督", 2022, 3) == "岚重办督〔2022〕3号"
    assert format_document_number(" 岚重办提 ", 2026, 107) == "岚重办提〔2026〕107号"


@pytest.mark.parametrize(("word", "sequence"), [("", 1), ("  ", 1), ("岚重办督", 0)])
def test_no_number_without_a_word_or_a_sequence(word: str, sequence: int) -> None:
    with pytest.raises(ValueError, match="no document number"):
        format_document_number(word, 2022, sequence)


@pytest.mark.parametrize("field", ["office", "title", "addressee", "signed_by", "number"])
@pytest.mark.parametrize(
    "text", ["", "  ", "一\n二", "一\t二", "一\x00", "一\u2028二", "\ufffe", "\ud800"]
)
def test_a_text_is_one_line_of_characters(field: str, text: str) -> None:
    with pytest.raises(ValidationError):
        letter(**{field: text})


@pytest.mark.parametrize("body", [(), ("",), ("一\n二",)])
def test_the_body_has_paragraphs(body: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        letter(body=body)


def test_blanks_around_a_text_are_not_part_of_it() -> None:
    assert letter(body=("\u3000\u3000一。 ",)).body == ("一。",)


def test_copies_are_closed_by_a_full_stop() -> None:
    assert letter(copies=("县委办公室", "县纪委监委")).copy_line == "县委办公室，县纪委监委。"
    assert letter(copies=()).copy_line is None


def test_a_provisional_date_is_told_first() -> None:
    notes = letter(provisional=True, notes=("联系人：张三",)).footnotes
    assert notes[0].startswith("（答复期限所涉年度")
    assert notes[1:] == ("（联系人：张三）",)
    assert letter().footnotes == ()

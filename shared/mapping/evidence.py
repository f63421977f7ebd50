"""Evidence: what stands in the cells of a column, beside the words that head it."""

from collections.abc import Sequence
from dataclasses import replace

from shared.facts.columns import ColumnType
from shared.ledger.cells import is_in_words
from shared.ledger.headings import cell_at
from shared.ledger.sheets import Cell, is_blank
from shared.mapping.headers import SheetHeader
from shared.mapping.questions import parse_meaning
from shared.mapping.sheet_values import MappedColumn, build_reader
from shared.mapping.suggestion import AMBIGUOUS, Suggestion, suggest_columns
from shared.mapping.targets import NOTE, PERCENT, find_target
from shared.mapping.vocabulary import NOT_READ

WORDS = frozenset({ColumnType.text, ColumnType.word, ColumnType.words})
LEAP_YEAR = 2024  # any year, to try whether months alone stand in a column
LARGEST_UNIT = 10**8  # yuan, in which amounts with decimals are whole ones
LEAST_READABLE = 0.5  # of the cells of a column, for its words to be believed


def suggest_for_sheet(header: SheetHeader) -> list[Suggestion]:
    """A suggestion for each column by its words, where its cells do not speak against them."""
    return [check_contents(header, each) for each in suggest_columns(header)]


def check_contents(header: SheetHeader, suggestion: Suggestion) -> Suggestion:
    """The suggestion, less sure where most cells of the column cannot be read as it says."""
    if not suggestion.is_sure:
        return suggestion
    mapped = parse_meaning(suggestion.column.pattern, suggestion.meanings[0])
    target = find_target(mapped.to) if mapped and mapped.to else None
    if mapped is None or target is None:
        return suggestion
    cells = [cell_at(row, suggestion.column.index) for row in header.sheet.rows[header.end :]]
    filled = [cell for cell in cells if not is_blank(cell)]
    if target.name == PERCENT:
        in_words = sum(map(is_in_words, filled))
        meaning = NOTE if in_words * 2 > len(filled) else PERCENT
        return replace(suggestion, meanings=(meaning,))
    if not filled or target.column.kind in WORDS:
        return suggestion
    column = MappedColumn(suggestion.column, mapped, target, LARGEST_UNIT)
    if is_readable(column, filled):
        return suggestion
    meanings = (*suggestion.meanings, NOT_READ)
    if target.is_day and is_readable(replace(column, year=LEAP_YEAR), filled):
        meanings = (f"{suggestion.meanings[0]};year=title", *meanings)
    return Suggestion(suggestion.column, meanings, AMBIGUOUS)


def is_readable(column: MappedColumn, filled: Sequence[Cell]) -> bool:
    """Whether most cells of a column read as its target is."""
    reads = map(build_reader(column), filled)
    good = sum(each.value is not None or each.code == "read_as_blank" for each in reads)
    return good >= LEAST_READABLE * len(filled)

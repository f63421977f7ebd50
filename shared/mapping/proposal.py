"""The mapping that is proposed for sheets which none is known for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.facts.columns import ColumnType
from shared.ledger.cells import build_cell_reader, is_in_words
from shared.ledger.headings import cell_at
from shared.ledger.rows import total_word
from shared.ledger.sheets import Sheet, is_blank
from shared.mapping.headers import HeadedColumn, SheetHeader, read_header
from shared.mapping.model import ASK, ColumnMapping, ImportMapping, SheetMapping
from shared.mapping.patterns import identify, make_count_hole
from shared.mapping.periods import find_days, find_years
from shared.mapping.questions import parse_meaning
from shared.mapping.sheet_values import MappedColumn, read_values
from shared.mapping.suggestion import AMBIGUOUS, Suggestion, suggest_columns
from shared.mapping.targets import DAILY, NOTE, PERCENT, PRIOR, YEARLY, find_target
from shared.mapping.vocabulary import NOT_READ

WORDS = frozenset({ColumnType.text, ColumnType.word, ColumnType.words})
LEAST_READABLE = 0.5  # of the cells of a column, for its words to be believed


@dataclass(frozen=True)
class Proposal:
    """A mapping, with what was suggested for each column of each sheet and how sure that is.

    Columns that are not sure are `to: ask` in the mapping, and reading it asks about them.
    """

    mapping: ImportMapping
    suggestions: dict[str, tuple[Suggestion, ...]]


def propose_mapping(sheets: Sequence[Sheet], name: str = "本单位台账") -> Proposal | None:
    """A mapping for the sheets that have a header; None where none has."""
    mapped, suggested = [], {}
    for sheet in sheets:
        header = read_header(sheet)
        if header is None or sheet.name in suggested:
            continue
        found = [check_contents(header, each) for each in suggest_columns(header)]
        if not any(each.is_sure and not is_ignored(each) for each in found):
            continue
        mapped.append(propose_sheet(header, found))
        suggested[sheet.name] = tuple(found)
    if not mapped:
        return None
    return Proposal(ImportMapping(name=name, sheets=tuple(mapped)), suggested)


def is_ignored(suggestion: Suggestion) -> bool:
    return suggestion.meanings[0].startswith("ignored")


def propose_sheet(header: SheetHeader, suggestions: Sequence[Suggestion]) -> SheetMapping:
    years = find_years(header.titles) or find_years([header.sheet.name])
    in_titles = bool(find_years(header.titles))
    year = years[0] if len(years) == 1 else None
    columns: dict[str, ColumnMapping] = {}
    for each in suggestions:
        mapped = propose_column(each, year)
        if months := repeated_months(header, each.column):
            mapped = mapped.model_copy(update={"months": months})
        if header.units_below and each.column.unit and not each.column.has_own_unit:
            mapped = mapped.model_copy(update={"unit_of_money": each.column.unit.text})
        before = columns.get(identify(each.column.pattern))
        columns[identify(each.column.pattern)] = merge_columns(before, mapped)
    place = "title" if in_titles else "sheet" if years else ASK
    days = find_days(header.titles, year)
    sheet_days = find_days([header.sheet.name], year)
    ends = {e for c in header.columns if c.period and (e := c.period.end(year))}
    as_of = "title" if days else "sheet" if sheet_days else "header" if ends else ASK
    return SheetMapping(
        sheet=header.sheet.name,
        year=place,
        as_of=as_of,
        columns=tuple(columns.values()),
        titles=header.title_cells,
        header_rows=header.rows,
        **propose_rows(header, suggestions),
    )


def merge_columns(before: ColumnMapping | None, column: ColumnMapping) -> ColumnMapping:
    """One mapping for the columns of a pattern: the months of a year, the plans of two years."""
    if before is None:
        return column
    years = tuple(dict.fromkeys((*before.years, *column.years)))
    return before.model_copy(update={"years": years})


def repeated_months(header: SheetHeader, column: HeadedColumn) -> str | None:
    """Whether a pattern stands there for several months: for all of the year, or those so far."""
    same = [c for c in header.columns if identify(c.pattern) == identify(column.pattern)]
    months = {c.period.month for c in same if c.period and c.period.month}
    return None if len(months) < 2 else "all" if 12 in months else "so_far"


def propose_column(suggestion: Suggestion, year: int | None) -> ColumnMapping:
    """The mapping of a column: what is sure, else to be asked."""
    column, period = suggestion.column, suggestion.column.period
    offset = period.year - year if period and period.year and year else 0
    more: dict[str, object] = {"years": (offset,)} if offset else {}
    if not suggestion.is_sure:
        return ColumnMapping(header=column.pattern, to=ASK).model_copy(update=more)
    mapped = parse_meaning(column.pattern, suggestion.meanings[0])
    if mapped is None:
        return ColumnMapping(header=column.pattern, to=ASK)
    return complete_column(mapped, column).model_copy(update=more)


def complete_column(mapped: ColumnMapping, column: HeadedColumn) -> ColumnMapping:
    """A mapping with where year and day of its column stand, if they stand in its header."""
    if mapped.to in DAILY and mapped.as_of is None and column.period:
        return mapped.model_copy(update={"as_of": "header"})
    if mapped.to in YEARLY and mapped.year is None and column.period and column.period.year:
        return mapped.model_copy(update={"year": "title" if mapped.to == PRIOR else "header"})
    return mapped


def propose_rows(header: SheetHeader, suggestions: Sequence[Suggestion]) -> dict[str, object]:
    """Where totals stand and which sections there are, for the export."""
    columns = []
    for each in suggestions:
        mapped = parse_meaning(each.column.pattern, each.meanings[0]) if each.meanings else None
        target = find_target(mapped.to) if mapped and mapped.to else None
        if mapped and target:
            columns.append(MappedColumn(each.column, mapped, target))
    values = read_values(header, columns)
    found: dict[str, object] = {
        "sections": values.sections,
        "section_totals": values.has_section_totals,
    }
    first = values.numbers[0] if values.numbers else header.end + 1
    for number, row in enumerate(header.sheet.rows[header.end :], header.end + 1):
        word = next((c for c in row if isinstance(c, str) and not is_blank(c)), "")
        if total_word(word):
            found["total"] = "top" if number < first else "bottom"
            found["total_label"] = make_count_hole(word)
            break
    return found


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
    read = build_cell_reader(MappedColumn(suggestion.column, mapped, target).read_as)
    reads = map(read, filled)
    good = sum(each.value is not None or each.code == "read_as_blank" for each in reads)
    if good >= LEAST_READABLE * len(filled):
        return suggestion
    return Suggestion(suggestion.column, (*suggestion.meanings, NOT_READ), AMBIGUOUS)

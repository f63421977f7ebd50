"""The rows below a header: data, totals, and what people write between and below them.

A row is passed over only by what it opens with, and only if nothing in it could be data: of the
columns that are read, only those of figures are filled, and besides the opening cell labels such as
`审核人：`. Every other row is data, and what it lacks is an error.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import Enum

from shared.ledger.headings import Header
from shared.ledger.sheets import Cell, Sheet, SheetRow, cell_text, fold_name, is_blank

GRAND_TOTAL_WORDS = frozenset({"合计", "总计", "共计", "总合计", "累计"})
SUBTOTAL_WORDS = frozenset({"小计", "分计"})
PLAIN_TOTALS = GRAND_TOTAL_WORDS | SUBTOTAL_WORDS  # nobody has to be told what these are
COUNTED = r"(?:\(?(?:共|计)?\d+(?:个|项|处)?(?:项目)?\)?)?"  # `(3个)`, `3个项目`
TOTAL_PATTERN = re.compile(rf"(?P<word>{'|'.join(PLAIN_TOTALS)}):?{COUNTED}:?")
NAMED_TOTAL_PATTERN = re.compile(rf".{{1,20}}(?P<word>小计|合计|总计):?{COUNTED}:?")
NUMERALS = "一二三四五六七八九十百"
SECTION_PATTERN = re.compile(
    rf"(?:第[{NUMERALS}]+[类批部章]|[{NUMERALS}]{{1,3}}[、.,:]|\([{NUMERALS}]{{1,3}}\)|[ivx]{{1,4}}[、.]).*"
)
NUMERAL_PATTERN = re.compile(rf"[{NUMERALS}]{{1,3}}[、.]?|\([{NUMERALS}]{{1,3}}\)")
NUMBERED_PATTERN = re.compile(r"(?:\d{1,2}[、.](?!\d)|\(\d{1,2}\)).{2,}")
NOTE_PATTERN = re.compile(
    r"""(?:(?:填表|制表|填报|编制|报送|审核|复核|审批|统计|主管)(?:人员?|单位|日期|时间|部门)?
      | (?:单位|部门|项目|分管|主要|科室|股室)?(?:负责人|领导)
      | 联系人 | (?:联系|办公)?电话 | 备注 | 注\d?
      | (?:填表)?说明 | 日期 | (?:单位)?\(?(?:盖章|公章|签章|签字)\)?)
      (?:\((?:签字|签章|盖章|公章)\))? \s* [:、] .*""",
    re.VERBOSE,
)
SUSPECT_PATTERN = re.compile(
    rf"(?:第?[{NUMERALS}]|\(|\d{{1,2}}[、.]|[ivx]{{1,4}}[、.]|注).*|.*[:、].*|.*[合小总共累分]计.*"
)  # a text that has none of these opens a row of data
COLUMN_NUMBER = re.compile(r"\(?(\d{1,3}|[甲乙丙丁戊])\)?(?:=.*)?")
LETTERS = "甲乙丙丁戊"


class RowKind(Enum):
    """What a row is; the value is the finding of those that are passed over."""

    data = ""
    total = "total_rows"
    section = "section_rows"
    note = "note_rows"
    header = "repeated_headers"
    column_numbers = "column_numbers"


@dataclass(frozen=True)
class TotalRow:
    """A total row and the data rows that it sums up, `first` to before `last`.

    `others` are spans that it may sum up as well: those below it, those since the total before.
    """

    number: int
    cells: SheetRow
    first: int
    last: int
    others: tuple[tuple[int, int], ...] = ()


@dataclass
class SortedRows:
    """The rows below a header by what they are; numbers are those that the person sees."""

    numbers: list[int] = field(default_factory=list)
    rows: list[SheetRow] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    passed_over: dict[RowKind, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class RowRules:
    """What tells the rows of one sheet apart: its header, its columns, its merged sections."""

    header: tuple[tuple[str, ...], ...]  # the folded texts of the rows of the header
    telling: frozenset[int]  # columns that are read, but for figures
    names: frozenset[int]  # columns of texts, in which the words of a section may stand
    wide: frozenset[int]  # rows whose first cell is merged over several columns
    continued: frozenset[int] = frozenset()  # rows that a merged cell reaches from above

    def classify(self, row: SheetRow, index: int) -> RowKind:
        """What a row is that opens suspiciously."""
        filled = [(i, fold_name(cell_text(c))) for i, c in enumerate(row) if not is_blank(c)]
        first, opening = filled[0]
        if self.repeats_header(filled):
            return RowKind.header
        others = [i for i, text in filled[1:] if i in self.telling]
        if isinstance(row[first], str):
            if TOTAL_PATTERN.fullmatch(opening) and not self.may_be_data(filled[1:]):
                return RowKind.total
            if NAMED_TOTAL_PATTERN.fullmatch(opening) and not others:
                return RowKind.total
            if NOTE_PATTERN.fullmatch(opening) and is_only_labels(filled, self.telling):
                return RowKind.note
            if SECTION_PATTERN.fullmatch(opening) and not others:
                return RowKind.section
            if len(filled) == 1 and (NUMBERED_PATTERN.fullmatch(opening) or index in self.wide):
                return RowKind.section
            if NUMERAL_PATTERN.fullmatch(opening) and len(others) <= 1:
                named = [i for i, text in filled[1:] if i in self.names]
                if len(filled) > 1 and set(others) <= set(named[:1]):
                    return RowKind.section
            if len(filled) == 1 and opening.endswith(":") and index not in self.continued:
                return RowKind.note
        return RowKind.data

    def may_be_data(self, filled: Sequence[tuple[int, str]]) -> bool:
        """Whether the cells after a total's word say more than figures: two of them at least."""
        return sum(i in self.telling and not TOTAL_PATTERN.fullmatch(t) for i, t in filled) > 1

    def repeats_header(self, filled: Sequence[tuple[int, str]]) -> bool:
        return len(filled) > 1 and any(
            all(index < len(texts) and texts[index] == text for index, text in filled)
            for texts in self.header
        )


def is_only_labels(filled: Sequence[tuple[int, str]], telling: Collection[int]) -> bool:
    """Whether the cells of a row that would tell are labels, or stand right after one."""
    after_label = False
    for index, text in filled:
        is_label = NOTE_PATTERN.fullmatch(text) is not None
        if index in telling and not (is_label or after_label):
            return False
        after_label = is_label and text.endswith(":")
    return True


def number_columns(row: SheetRow) -> bool:
    """Whether a row counts the columns: 1, 2, 3; (1), (2); 甲, 乙, 1, 2."""
    matches = [COLUMN_NUMBER.fullmatch(fold_name(cell_text(c))) for c in row if not is_blank(c)]
    texts = [match[1] if match else "" for match in matches]
    letters = [text for text in texts if text in LETTERS and text]
    digits = texts[len(letters) :]
    return (
        len(texts) > 2
        and "".join(letters) == LETTERS[: len(letters)]
        and digits == [str(n) for n in range(1, len(digits) + 1)]
    )


def total_word(cell: Cell) -> str:
    """The word of a total that a cell is: 合计, `小计 2个`; empty where it is none."""
    match = TOTAL_PATTERN.fullmatch(fold_name(cell)) if isinstance(cell, str) else None
    return match["word"] if match else ""


def is_passed_over(cell: Cell) -> bool:
    """Whether a row that opens with this cell, and has no other, is not read as data."""
    rules = RowRules((), frozenset(), frozenset(), frozenset())
    return is_suspect(cell) and rules.classify([cell], 0) is not RowKind.data


def is_suspect(cell: Cell, headings: Collection[str] = ()) -> bool:
    """Whether a row that opens with this cell has to be looked at as a whole."""
    if not isinstance(cell, str):
        return is_blank(cell)
    folded = fold_name(cell)
    return not folded or folded in headings or bool(SUSPECT_PATTERN.fullmatch(folded))


def sort_rows(
    sheet: Sheet, header: Header, telling: frozenset[int], names: frozenset[int]
) -> SortedRows:
    """The rows below a header, told apart; blank rows are passed over without a word."""
    folded = tuple(tuple(fold_name(cell_text(c)) for c in row) for row in header.rows)
    wide = frozenset(r for r, left, last, right in sheet.merged or () if right > left and r == last)
    rules = RowRules(folded, telling, names, wide, continued_rows(sheet))
    below = sheet.rows[header.end :]
    headings = {texts[0] for texts in folded if texts}
    # Read once for all the rows that open with it, since few do with a blank or a total.
    usual = {cell for cell in {row[0] for row in below if row} if not is_suspect(cell, headings)}
    found = SortedRows()
    may_be_numbers = True  # right below a header
    totals: list[tuple[int, SheetRow, str, int]] = []
    for index, row in enumerate(below, header.end):
        if row and row[0] in usual and not may_be_numbers and index not in wide:
            found.numbers.append(index + 1)
            found.rows.append(row)
            continue
        if all(map(is_blank, row)):
            continue
        if may_be_numbers and number_columns(row):
            kind = RowKind.column_numbers
        else:
            kind = rules.classify(row, index)
        may_be_numbers = kind is RowKind.header
        if kind is RowKind.data:
            found.numbers.append(index + 1)
            found.rows.append(row)
            continue
        opening = next(fold_name(cell_text(c)) for c in row if not is_blank(c))
        if kind is not RowKind.total or opening.rstrip(":") not in PLAIN_TOTALS:
            found.passed_over.setdefault(kind, []).append(index + 1)
        if kind is RowKind.total:
            match = TOTAL_PATTERN.fullmatch(opening) or NAMED_TOTAL_PATTERN.fullmatch(opening)
            totals.append((index + 1, row, match["word"] if match else "", len(found.rows)))
    found.totals = span_totals(totals, len(found.rows))
    return found


def continued_rows(sheet: Sheet) -> frozenset[int]:
    """The rows that a merged cell reaches from above."""
    last = len(sheet.rows) - 1
    return frozenset(
        row
        for top, _, bottom, _ in sheet.merged or ()
        for row in range(top + 1, min(bottom, last) + 1)
    )


def span_totals(totals: list[tuple[int, SheetRow, str, int]], end: int) -> list[TotalRow]:
    """What each total may sum up.

    A subtotal sums up what follows the total row before it, or what it stands above. A grand total
    sums up all above it, or all below where it stands on top.
    """
    found = []
    for position, (number, cells, word, last) in enumerate(totals):
        before = totals[position - 1][3] if position else 0
        after = next((at for *_, at in totals[position + 1 :] if at > last), end)
        spans = [(before, last), (last, after)]
        if word in SUBTOTAL_WORDS:
            spans.append((0, last))
        else:
            spans = [(0, last), (last, end), *spans]
        usable = [span for span in dict.fromkeys(spans) if span[0] < span[1]] or spans[:1]
        found.append(TotalRow(number, cells, *usable[0], tuple(usable[1:])))
    return found

"""The rows of a sheet that are its header: where it begins, how far it reaches.

Which row begins it is told by the words of headers in it and by how many texts stand side by side;
how far it reaches, by its merged cells, or by the blanks that lower headings fill.
"""

from shared.ledger.headings import HEADER_SEARCH_ROWS, cell_at, read_units_below
from shared.ledger.rows import is_passed_over, total_word
from shared.ledger.sheets import Cell, Sheet, SheetRow, cell_text, fold_name, is_blank
from shared.mapping.meanings import is_known_heading
from shared.mapping.patterns import fold_pattern, make_holes

MAX_ROWS = 3  # of a header
LEAST_COLUMNS = 3  # of a header, or two whose words are known
LONGEST_HEADING = 60  # characters; a longer text heads no column


def find_first_row(sheet: Sheet) -> int | None:
    """The index of the first row of the header: of the first rows the likeliest."""
    scores = [score_row(sheet, i) for i in range(min(HEADER_SEARCH_ROWS, len(sheet.rows)))]
    if not scores or max(scores) < LEAST_COLUMNS:
        return None
    best = scores.index(max(scores))
    while best and is_group_row(sheet, best - 1, best):
        best -= 1
    return best


def score_row(sheet: Sheet, index: int) -> int:
    """How much a row looks like a header: words that head columns count thrice."""
    row = sheet.rows[index]
    texts = [fold_name(cell) for cell in row if isinstance(cell, str) and not is_blank(cell)]
    short = {text for text in texts if len(text) <= LONGEST_HEADING}
    known = count_known(row)
    if max(len(short), known + 1) < LEAST_COLUMNS:
        return 0
    if len(texts) < len([cell for cell in row if not is_blank(cell)]):
        return 0
    return len(short) + 2 * known


def is_group_row(sheet: Sheet, above: int, index: int) -> bool:
    """Whether the row above heads groups of the columns of a row, and is no title."""
    row = sheet.rows[above]
    texts = [cell for cell in row if not is_blank(cell)]
    if len(texts) < 2 or not all(isinstance(cell, str) for cell in texts):
        return False
    if any("单位:" in fold_name(str(cell)) for cell in texts):
        return False
    merged = [m for m in sheet.merged or () if m[0] <= above <= m[2]]
    if merged:
        width = max(len(row), len(sheet.rows[index]))
        return any(m[2] >= index or m[1] < m[3] < width - 1 or m[1] > 0 for m in merged)
    return count_known(row) > 0


def count_known(row: SheetRow) -> int:
    """How many cells of a row are words that head columns, or groups of them."""
    texts = [fold_name(cell) for cell in row if isinstance(cell, str) and not is_blank(cell)]
    return sum(is_known_heading(fold_pattern(make_holes(text))) for text in texts)


def find_last_row(sheet: Sheet, first: int) -> int:
    """The index of the last row of the header that begins in a row."""
    last = first
    for top, _, bottom, _ in sheet.merged or ():
        if first <= top <= last and bottom > last and top < len(sheet.rows):
            last = min(bottom, first + MAX_ROWS - 1)
    while last - first < MAX_ROWS - 1 and continues_header(sheet, first, last):
        last += 1
    return last


def continues_header(sheet: Sheet, first: int, last: int) -> bool:
    """Whether the row below has only headings, in columns whose group stands above them."""
    row = cell_row(sheet, last + 1)
    filled = [i for i, cell in enumerate(row) if not is_blank(cell)]
    numbered = [i for i in filled if is_month_number(row[i])]
    if not filled or any(not isinstance(row[i], str) for i in filled if i not in numbered):
        return False
    if read_units_below(row):
        return False
    above = cell_row(sheet, last)
    wide = [
        (left, right)
        for top, left, bottom, right in sheet.merged or ()
        if bottom == last and first <= top and right > left
    ]
    if wide:
        return all(any(left <= i <= right for left, right in wide) for i in filled)
    opening = row[filled[0]]
    if sheet.merged or numbered or is_passed_over(opening) or total_word(opening):
        return False
    # Without merged cells a group reaches over the blanks that follow it.
    below_blanks = sum(is_blank(cell_at(above, i)) for i in filled)
    next_row = cell_row(sheet, last + 2)
    is_sparse = filled[0] > 0 and 2 * len(filled) < sum(not is_blank(c) for c in next_row)
    return count_known(row) > 0 or below_blanks > 1 or is_sparse


def cell_row(sheet: Sheet, index: int) -> SheetRow:
    return sheet.rows[index] if index < len(sheet.rows) else []


def is_month_number(cell: Cell) -> bool:
    return cell_text(cell).isdecimal() and 1 <= int(cell_text(cell)) <= 12

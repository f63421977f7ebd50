"""A record that comes over HTTP is read as a line of the ledger is: one set of rules, two doors."""

from collections.abc import Iterator, Mapping
from inspect import unwrap
from typing import Any

from shared.facts.kind import TITLES
from shared.facts.tables import COLUMNS
from shared.ledger.cells import Reader, reader
from shared.ledger.findings import ERRORS, Finding, finding
from shared.ledger.layout import GRAND_TOTALS, SUBTOTALS
from shared.ledger.reader import objection
from shared.ledger.sheets import Cell, as_text, folded
from shared.ledger.validation import RULES, Table, wrong_codes
from shared.ledger.writer import Writer, english_writer
from shared.problems import InvalidRequest
from shared.reference import regions

# How a value is written, and how that is read: without the memory that whole ledgers profit from.
CELLS: Mapping[tuple[str, str], tuple[Writer, Reader]] = {
    (name, column.name): (english_writer(column), unwrap(reader(column)))
    for name, columns in COLUMNS.items()
    for column in columns
}
# What is wrong with a value, by code, for who asks in English; the Chinese is the ledger's.
ENGLISH: Mapping[str, str] = {
    "missing_value": "May not be blank.",
    "formula_error": "This is the error of a formula; send the value, or nothing.",
    "text_too_long": "The text is too long.",
    "unwritable_text": "Has control characters that nobody sees; remove them.",
    "precision_lost": "A number of more than 15 digits; send it as a text.",
    "bad_money": "An amount is expected, such as 1200.",
    "negative_money": "An amount may not be negative.",
    "money_too_large": "An amount must be below 10,000,000,000,000 yuan.",
    "not_whole_yuan": "An amount must be whole yuan.",
    "bad_date": "A date is expected, such as 2022-09-15.",
    "no_such_date": "There is no such day.",
    "date_out_of_range": "A date must be from 1950 to 2199.",
    "bad_year": "A year from 1950 to 2199 is expected.",
    "bad_percent": "A percentage is expected, at least 0 and below 1000.",
    "bad_figure": "A number below 1,000,000,000,000,000 is expected.",
    "bad_flag": "True or false is expected.",
    "bad_word": "This word is not of the vocabulary.",
    "duplicate_key": "There is such a record already.",
    "unknown_reference": "There is nothing of this number.",
    "revision_without_plan": "A revision needs a planned or an actual date.",
    "curve_with_holes": "The plan by month must have all its months, or none.",
    "falling_curve": "A cumulative plan may not be less than the month before.",
    "pause_ends_first": "A pause may not end before it begins.",
    "fund_without_owner": "A unit or a project must be named.",
    "secret_project": "Secret projects may not enter this system.",
}


def checked(name: str, fact: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the ledger would hold them; raises InvalidRequest with all that is wrong."""
    written: dict[str, list[Cell]] = {}
    values: dict[str, list[Any]] = {}
    errors = []
    for column in COLUMNS[name]:
        write, read = CELLS[name, column.name]
        cell = None if fact[column.name] is None else write(fact[column.name])
        found = read(cell)
        written[column.name], values[column.name] = [cell], [found.value]
        code = objection(column, found)
        if code and code in ERRORS:
            errors.append(finding(code, name, None, column.name, None, **found.details))
    unread = frozenset((0, error.column or "") for error in errors)
    table = Table(name, [1], values, {column: column for column in values}, written, unread)
    errors += [found for found in about(table) if found.level == "error"]
    if errors:
        raise refused(errors)
    return {
        column: [*value] if isinstance(value, tuple) else value
        for column, (value,) in values.items()
    }


def about(table: Table) -> Iterator[Finding]:
    """What the cells cannot say alone; and a line that reads as a total would be lost."""
    opening = next((cell for (cell,) in table.written.values() if cell is not None), "")
    if folded(as_text(opening)).rstrip(":") in GRAND_TOTALS | SUBTOTALS:
        yield finding("missing_value", table.name, None, next(iter(table.written)))
    yield from wrong_codes(table, regions())
    for rule in RULES.get(table.name, ()):
        yield from rule(table)


def unknown_reference(name: str, column: str, target: str) -> Finding:
    return finding("unknown_reference", name, None, column, title=TITLES[target])


def refused(errors: list[Finding]) -> InvalidRequest:
    """The same findings as for a ledger, as errors of fields."""
    return InvalidRequest(
        f"有 {len(errors)} 处要改",
        f"{len(errors)} field(s) need attention.",
        errors=[as_error(found, found.expected) for found in errors],
        in_english={"errors": [as_error(found, ENGLISH[found.code]) for found in errors]},
    )


def as_error(found: Finding, detail: str) -> dict[str, str]:
    return {"pointer": f"#/{found.column or ''}", "code": found.code, "detail": detail}

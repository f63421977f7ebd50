"""Validation of a record sent over HTTP, by the same rules as a row of the ledger."""

from collections.abc import Iterator, Mapping
from inspect import unwrap
from typing import Any

from shared.facts.tables import FACT_COLUMNS, FACT_KINDS
from shared.ledger.cell_writers import CellWriter, english_writer
from shared.ledger.cells import CellReader, build_cell_reader
from shared.ledger.findings import FINDING_ERRORS, Finding, build_finding
from shared.ledger.rows import is_passed_over
from shared.ledger.sheets import Cell, remove_invisible, strip_spaces
from shared.ledger.table_values import cell_finding_code
from shared.ledger.validation import ParsedTable, broken_rules, wrong_codes, wrong_ids
from shared.problems import InvalidRequest
from shared.reference import region_codes

# Writer and reader of a column's cells; the reader without the cache that helps whole ledgers.
CELL_CODECS: Mapping[tuple[str, str], tuple[CellWriter, CellReader]] = {
    (name, column.name): (english_writer(column), unwrap(build_cell_reader(column)))
    for name, columns in FACT_COLUMNS.items()
    for column in columns
}
# English texts of findings by code; the Chinese ones are the ledger's.
ENGLISH_MESSAGES: Mapping[str, str] = {
    "missing_value": "May not be blank.",
    "formula_error": "This is the error of a formula; send the value, or nothing.",
    "formula_without_value": "This is a formula without a result; send the value, or nothing.",
    "text_too_long": "The text is too long.",
    "unwritable_text": "Has control characters that nobody sees; remove them.",
    "precision_lost": "A number of more than 15 digits; send it as a text.",
    "bad_id": "An id may have no colon, slash or blank edge.",
    "bad_money": "An amount is expected, such as 1200.",
    "negative_money": "An amount may not be negative.",
    "money_too_large": "An amount must be below 10,000,000,000,000 yuan.",
    "not_whole_yuan": "An amount must be whole yuan.",
    "bad_date": "A date is expected, such as 2022-09-15.",
    "date_without_year": "The year is missing.",
    "two_dates": "One date is expected, not two.",
    "ambiguous_month": "This may be January, or an October that lost its zero.",
    "no_such_date": "There is no such day.",
    "date_out_of_range": "A date must be from 1950 to 2199.",
    "bad_count": "A whole number is expected, at least 0.",
    "bad_year": "A year from 1950 to 2199 is expected.",
    "bad_percent": "A percentage is expected, at least 0 and below 1000.",
    "bad_figure": "A number below 1,000,000,000,000,000 is expected.",
    "bad_flag": "True or false is expected.",
    "bad_word": "This word is not of the vocabulary.",
    "doubtful_word": "This word has several meanings; send one of the vocabulary.",
    "duplicate_key": "There is such a record already.",
    "unknown_reference": "There is nothing of this number.",
    "revision_without_plan": "A revision needs a planned or an actual date.",
    "curve_with_holes": "The plan by month must have all its months, or none.",
    "falling_curve": "A cumulative plan may not be less than the month before.",
    "pause_ends_first": "A pause may not end before it begins.",
    "fund_without_owner": "A unit or a project must be named.",
    "secret_project": "Secret projects may not enter this system.",
}


def validate_fact(name: str, fact: Mapping[str, Any]) -> dict[str, Any]:
    """Parse the values of a fact as cells of the ledger.

    Raises InvalidRequest with all findings.
    """
    written: dict[str, list[Cell]] = {}
    values: dict[str, list[Any]] = {}
    errors = []
    for column in FACT_COLUMNS[name]:
        write, read = CELL_CODECS[name, column.name]
        cell = None if fact[column.name] is None else write(fact[column.name])
        reading = read(cell)
        written[column.name], values[column.name] = [cell], [reading.value]
        code = cell_finding_code(column, reading)
        if code and code in FINDING_ERRORS:
            errors.append(build_finding(code, name, None, column.name, None, **reading.details))
    unread = frozenset((0, error.column or "") for error in errors)
    table = ParsedTable(name, [1], values, {column: column for column in values}, written, unread)
    errors += [finding for finding in row_findings(table) if finding.level == "error"]
    if errors:
        raise build_invalid_request(errors)
    return {
        column: [*value] if isinstance(value, tuple) else value
        for column, (value,) in values.items()
    }


def row_findings(table: ParsedTable) -> Iterator[Finding]:
    """Yield the findings of a row as a whole.

    A row whose first value reads as a total or a title is one: from a ledger it would be dropped.
    """
    opening = next((cell for (cell,) in table.cells.values() if cell is not None), "")
    if opening and is_passed_over(opening):
        yield build_finding("missing_value", table.name, None, next(iter(table.cells)))
    yield from wrong_codes(table, region_codes())
    yield from wrong_ids(table)
    for name in set(FACT_KINDS[table.name].id_columns) & {*FACT_KINDS[table.name].key}:
        sent = table.text_of(0, name)
        if sent != strip_spaces(remove_invisible(sent)):
            yield build_finding("bad_id", table.name, None, name)
    yield from broken_rules(table)


def unknown_reference_finding(name: str, column: str, target: str) -> Finding:
    return build_finding("unknown_reference", name, None, column, title=FACT_KINDS[target].zh)


def build_invalid_request(errors: list[Finding]) -> InvalidRequest:
    """Build the problem of findings: the ledger's, as errors of fields."""
    return InvalidRequest(
        f"有 {len(errors)} 处要改",
        f"{len(errors)} field(s) need attention.",
        errors=[field_error_document(error, error.expected) for error in errors],
        in_english={
            "errors": [
                field_error_document(error, ENGLISH_MESSAGES[error.code]) for error in errors
            ]
        },
    )


def field_error_document(finding: Finding, detail: str) -> dict[str, str]:
    return {"pointer": f"#/{finding.column or ''}", "code": finding.code, "detail": detail}

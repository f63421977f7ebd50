"""What may be wrong with a value is told in English, too; files come with the command line."""

from services.registry.records.validation import ENGLISH_MESSAGES
from shared.ledger.findings import FINDING_ERRORS

OF_FILES = {
    "unreadable_file",
    "sheet_too_large",
    "bad_encoding",
    "bad_csv",
    "missing_sheet",
    "duplicate_sheet",
    "no_header",
    "missing_column",
    "duplicate_column",
    "ragged_row",
    "unit_not_understood",
    "units_differ",
    "year_differs",
    "unknown_name",
    "name_not_unique",
    "reading_stopped",
    "no_tables",
    "unnamed_sheet",
    "format_not_understood",
    "outside_region",
    "refers_to_void",
    "column_of_new_rows",
    "column_of_stored_key",
    "column_in_use",
    # of own sheets, that come as files
    "beyond_mapping",
    "cells_disagree",
    "no_known_heading",
    "no_mapped_sheet",
    "rows_alike",
}


def test_every_error_of_a_value_is_told_in_english_too() -> None:
    assert ENGLISH_MESSAGES.keys() == FINDING_ERRORS.keys() - OF_FILES
    assert all(text.isascii() and text.endswith(".") for text in ENGLISH_MESSAGES.values())

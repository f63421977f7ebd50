"""Totals in a sheet against the rows that they sum up."""

from collections.abc import Iterator

from shared.facts.columns import ColumnType
from shared.ledger.cells import build_cell_reader
from shared.ledger.findings import Finding, build_finding
from shared.ledger.headings import cell_at
from shared.ledger.layout import SheetLayout
from shared.ledger.sheets import cell_text
from shared.ledger.validation import ParsedTable


def check_totals(layout: SheetLayout, table: ParsedTable) -> Iterator[Finding]:
    """Findings of totals that are the sums of none of the spans that they may sum up.

    A span with an amount that could not be read says nothing against a total.
    """
    for field in layout.fields:
        name = field.column.name
        if field.column.kind is not ColumnType.yuan:
            continue
        read_cell = build_cell_reader(field.column, field.factor)
        failed = [index for index, column in table.failed_cells if column == name]
        for total in layout.totals:
            cell = cell_at(total.cells, field.index)
            written = read_cell(cell).value
            spans = [(total.first, total.last), *total.others]
            if written is None or any(a <= i < b for a, b in spans for i in failed):
                continue
            sums = [sum(amount or 0 for amount in table.columns[name][a:b]) for a, b in spans]
            if written not in sums:
                location = (layout.table, total.number, field.header, cell_text(cell))
                yield build_finding("total_mismatch", *location, total=sums[0], written=written)

"""The reader of ledgers: sheets as people keep them to facts, or to all findings at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from shared.facts.columns import Column, ColumnType
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts
from shared.ledger.cells import build_cell_reader, convert_plain_cells
from shared.ledger.files import read_sheets
from shared.ledger.findings import FINDING_ERRORS, Finding, LedgerRejected, build_finding
from shared.ledger.layout import SheetLayout, cell_at, detect_layout
from shared.ledger.sheets import (
    LATER_TABLES,
    Cell,
    ParsedCell,
    Sheet,
    cell_text,
    fold_name,
    is_blank,
    table_for_sheet,
)
from shared.ledger.validation import ParsedTable, validate_tables

REQUIRED_TABLES = ("units", "projects")


@dataclass(frozen=True)
class LedgerReading:
    """The contents of a ledger and its findings.

    `findings` are in order of sheet, row and column; `counts` are the data rows found in each
    table, `present` the columns that its sheet has: a column that is absent says nothing, a blank
    cell says unknown. With errors there are no facts, as nothing is half-applied.
    """

    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    present: Mapping[str, frozenset[str]]
    # The values of each table by column, until `facts` has taken them over.
    _columns: dict[str, Mapping[str, list[Any]]] = field(repr=False, compare=False)

    @cached_property
    def facts(self) -> Facts:
        """The facts, built when first used: a check does without them, and without Arrow."""
        facts = Facts.from_columns(self._columns)
        self._columns.clear()  # a large ledger is not held twice
        return facts

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.level == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.level == "warning")

    def accepted(self) -> Facts:
        """The facts of a ledger without errors; otherwise raises `LedgerRejected`."""
        if self.errors:
            raise LedgerRejected(self.findings)
        return self.facts


def read_ledger(
    path: Path,
    regions: frozenset[str],
    units_above: frozenset[str] = frozenset(),
    name: str | None = None,
) -> LedgerReading:
    """A folder, an archive or a workbook; `regions` are the six-digit codes known (GB/T 2260).

    `units_above` are ids of units of offices above, qualified, which it may name; `name` is what
    findings call the file, if not as it lies there.

    Raises OSError when nothing is there or it may not be read; all else is a finding.
    """
    sheets, findings = read_sheets(path, name)
    if not sheets and any(found.level == "error" for found in findings):
        counts = dict.fromkeys([t for t in FACT_KINDS if not FACT_KINDS[t].optional], 0)
        return LedgerReading(tuple(findings), counts, {}, {})
    return parse_ledger(sheets, regions, findings, units_above)


def parse_ledger(
    sheets: Iterable[Sheet],
    regions: frozenset[str],
    findings: Iterable[Finding] = (),
    units_above: frozenset[str] = frozenset(),
) -> LedgerReading:
    """The reading of sheets; `findings` are those of the files that they came from."""
    found = list(findings)
    failed = {f.sheet for f in found if f.level == "error"}
    chosen, about_sheets = choose_sheets(sheets, failed)
    found += about_sheets
    tables: dict[str, ParsedTable] = {}
    for name in FACT_KINDS:
        layout, about_layout = detect_layout(chosen[name], name) if name in chosen else (None, [])
        found += about_layout
        if layout:
            tables[name], about_cells = parse_table(layout)
            found += about_cells + check_totals(layout, tables[name])
    found += validate_tables(tables, regions, units_above)
    found = sort_findings(redact_secret_rows(found), tables)
    counted = [name for name in FACT_KINDS if name in tables or not FACT_KINDS[name].optional]
    counts = {name: len(tables[name].numbers) if name in tables else 0 for name in counted}
    is_rejected = any(f.level == "error" for f in found)
    columns = {} if is_rejected else {name: table.columns for name, table in tables.items()}
    present = {name: frozenset(table.headers) for name, table in tables.items()}
    return LedgerReading(tuple(found), counts, present, columns)


def choose_sheets(
    sheets: Iterable[Sheet], failed: set[str]
) -> tuple[dict[str, Sheet], list[Finding]]:
    """The sheet of each table, and findings of the others; `failed` have theirs already."""
    chosen: dict[str, Sheet] = {}
    findings = []
    for sheet in sheets:
        table = table_for_sheet(sheet.name)
        if not any(not is_blank(cell) for row in sheet.rows for cell in row):
            if table in REQUIRED_TABLES and table not in failed:
                chosen.setdefault(table, sheet)
        elif table is None:
            later = fold_name(sheet.name) in LATER_TABLES
            findings.append(build_finding("later_sheet" if later else "unknown_sheet", sheet.name))
        elif table in chosen:
            findings.append(
                build_finding("duplicate_sheet", table, title=FACT_KINDS[table].zh, table=table)
            )
        else:
            chosen[table] = sheet
    missing = [t for t in REQUIRED_TABLES if t not in chosen and t not in failed]
    findings += [
        build_finding("missing_sheet", t, title=FACT_KINDS[t].zh, table=t) for t in missing
    ]
    return chosen, findings


def parse_table(layout: SheetLayout) -> tuple[ParsedTable, list[Finding]]:
    """The values of a sheet, column by column. A blank in a required column is an error.

    The cells of a large ledger repeat, so each that differs is read once.
    """
    fields = {field.column.name: field for field in layout.fields}
    columns: dict[str, list[Any]] = {}
    findings: list[Finding] = []
    failed_cells: set[tuple[int, str]] = set()
    cells = cells_by_column(layout)
    for column in FACT_COLUMNS[layout.table]:
        if column.name not in fields:
            blank = () if column.kind is ColumnType.words else None
            columns[column.name] = [blank] * len(layout.rows)
            continue
        field, written = fields[column.name], cells[column.name]
        differing, read_cell = set(written), build_cell_reader(column, field.factor)
        values = convert_plain_cells(column, field.factor, differing)
        reads = {cell: read_cell(cell) for cell in differing - values.keys()}
        values |= {cell: found.value for cell, found in reads.items()}
        columns[column.name] = [*map(values.__getitem__, written)]
        codes = {
            cell: code
            for cell, found in reads.items()
            if (code := cell_finding_code(column, found))
        }
        for index, cell in enumerate(written if codes else ()):
            if cell in codes:
                code, details = codes[cell], reads[cell].details
                number, header, text = layout.numbers[index], field.header, cell_text(cell) or None
                findings.append(build_finding(code, layout.table, number, header, text, **details))
                if code in FINDING_ERRORS:
                    failed_cells.add((index, column.name))
    headers = {name: field.header for name, field in fields.items()}
    return ParsedTable(
        layout.table, layout.numbers, columns, headers, cells, frozenset(failed_cells)
    ), findings


def cells_by_column(layout: SheetLayout) -> dict[str, list[Cell]]:
    """The cells of each column that is read; true and false as the texts that a person sees.

    To Python they are equal to 1 and 0, and would be taken for the values of those.
    """
    rows, cells = layout.rows, {}
    shortest = min(map(len, rows), default=0)
    for header in layout.fields:
        index = header.index
        found = [r[index] if index < shortest else cell_at(r, index) for r in rows]
        if bool in set(map(type, found)):
            found = [cell_text(cell) if isinstance(cell, bool) else cell for cell in found]
        cells[header.column.name] = found
    return cells


def cell_finding_code(column: Column, read_cell: ParsedCell) -> str | None:
    """The code of a cell's finding, if any."""
    if column.required and read_cell.value is None and read_cell.code not in FINDING_ERRORS:
        return "missing_value"
    return read_cell.code


def check_totals(layout: SheetLayout, table: ParsedTable) -> list[Finding]:
    """Findings of totals that are not the sums of their rows, where all of these could be read."""
    findings = []
    for header in layout.fields:
        name = header.column.name
        if header.column.kind is not ColumnType.yuan:
            continue
        read_cell = build_cell_reader(header.column, header.factor)
        for total in layout.totals:
            cell = cell_at(total.cells, header.index)
            written = read_cell(cell).value
            span = range(total.first, total.last)
            if written is None or any((index, name) in table.failed_cells for index in span):
                continue
            summed = sum(table.columns[name][index] or 0 for index in span)
            if summed != written:
                location = (layout.table, total.number, header.header, cell_text(cell))
                findings.append(
                    build_finding("total_mismatch", *location, total=summed, written=written)
                )
    return findings


def redact_secret_rows(findings: list[Finding]) -> list[Finding]:
    """The findings without those that repeat cells of a secret project's row."""
    secret = {(f.sheet, f.row) for f in findings if f.code == "secret_project"}
    return [f for f in findings if f.code == "secret_project" or (f.sheet, f.row) not in secret]


def sort_findings(findings: list[Finding], tables: Mapping[str, ParsedTable]) -> list[Finding]:
    """Sort by sheet, row and column; columns that are not in the file come last."""
    sheets = {name: position for position, name in enumerate(FACT_KINDS)}
    columns = {
        (table.name, header): position
        for table in tables.values()
        for position, header in enumerate(table.headers.values())
    }

    def location(f: Finding) -> tuple[int, int, int]:
        column = columns.get((f.sheet, f.column or ""), len(columns)) if f.row else 0
        return sheets.get(f.sheet, len(sheets)), f.row or 0, column

    return sorted(findings, key=location)

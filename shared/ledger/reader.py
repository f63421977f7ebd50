"""The reader of ledgers: sheets as people keep them to facts, or to all findings at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts
from shared.ledger.doubts import find_doubts
from shared.ledger.files import read_sheets
from shared.ledger.findings import (
    Finding,
    LedgerRejected,
    build_finding,
    limit_findings,
    redact_secret_rows,
)
from shared.ledger.headings import find_header, match_heading
from shared.ledger.layout import SheetLayout, detect_layout
from shared.ledger.name_references import resolve_names
from shared.ledger.sheets import (
    LATER_TABLES,
    Sheet,
    SheetRow,
    fold_name,
    is_blank,
    is_plain_sheet_name,
    table_for_sheet,
)
from shared.ledger.table_values import parse_table
from shared.ledger.totals import check_totals
from shared.ledger.validation import ParsedTable, StoredRecords, validate_tables
from shared.plausibility.thresholds import DEFAULT_THRESHOLDS

REQUIRED_TABLES = ("units", "projects")


@dataclass(frozen=True)
class LedgerReading:
    """The contents of a ledger and its findings.

    `findings` are in order of sheet, row and column; `counts` are the data rows found in each
    table, `headers` the columns that its sheet has and how they are headed, `numbers` those of its
    rows, `letters` those of its columns by heading. A column that is absent says nothing, a blank
    cell says unknown. With errors there are no facts, as nothing is half-applied.
    """

    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    headers: Mapping[str, Mapping[str, str]]
    numbers: Mapping[str, list[int]]
    letters: Mapping[str, Mapping[str, str]]
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
    stored: StoredRecords | None = None,
    name: str | None = None,
    today: date | None = None,
) -> LedgerReading:
    """A folder, an archive or a workbook; `regions` are the six-digit codes known (GB/T 2260).

    With `stored` records it may be any part of a ledger, else it has to be a whole one. `name` is
    what findings call the file, if not as it lies there. Told the day it also says what can hardly
    be true on it.

    Raises OSError when nothing is there or it may not be read; all else is a finding.
    """
    sheets, findings = read_sheets(path, name)
    if not sheets and any(found.level == "error" for found in findings):
        counts = dict.fromkeys([t for t in FACT_KINDS if not FACT_KINDS[t].optional], 0)
        return LedgerReading(tuple(findings), counts, {}, {}, {}, {})
    return parse_ledger(sheets, regions, findings, stored, today)


def parse_ledger(
    sheets: Iterable[Sheet],
    regions: frozenset[str],
    findings: Iterable[Finding] = (),
    stored: StoredRecords | None = None,
    today: date | None = None,
) -> LedgerReading:
    """The reading of sheets; `findings` are those of the files that they came from."""
    found = list(findings)
    failed = {f.sheet for f in found if f.level == "error"}
    chosen, about_sheets = choose_sheets(sheets, failed, is_whole=stored is None)
    found += about_sheets
    tables: dict[str, ParsedTable] = {}
    layouts: list[SheetLayout] = []
    for name in FACT_KINDS:
        layout, about_layout = detect_layout(chosen[name], name) if name in chosen else (None, [])
        found += about_layout
        if layout:
            layouts.append(layout)
            tables[name], about_cells = parse_table(layout)
            found += about_cells
            found += limit_findings(check_totals(layout, tables[name]))
    found += resolve_names(layouts, tables, stored)
    found += limit_findings(validate_tables(tables, regions, stored))
    # Not where a project is secret: a doubt repeats what stands in its row.
    if today and not any(f.code == "secret_project" for f in found):
        found += limit_findings(find_doubts(tables, DEFAULT_THRESHOLDS, today))
    found = sort_findings(redact_secret_rows(found), tables)
    counted = [name for name in FACT_KINDS if name in tables or not FACT_KINDS[name].optional]
    counts = {name: len(tables[name].numbers) if name in tables else 0 for name in counted}
    is_rejected = any(f.level == "error" for f in found)
    columns = {} if is_rejected else {name: table.columns for name, table in tables.items()}
    headers = {name: table.headers for name, table in tables.items()}
    numbers = {name: table.numbers for name, table in tables.items()}
    letters = {layout.table: layout.letters for layout in layouts}
    return LedgerReading(tuple(found), counts, headers, numbers, letters, columns)


def choose_sheets(
    sheets: Iterable[Sheet], failed: set[str], *, is_whole: bool
) -> tuple[dict[str, Sheet], list[Finding]]:
    """The sheet of each table, and findings of the others; `failed` have theirs already.

    A whole ledger has units and projects, a part of one at least something.
    """
    chosen: dict[str, Sheet] = {}
    unknown: list[Sheet] = []
    findings = []
    # What is called after its table goes before what is only called like it.
    for sheet in sorted(sheets, key=lambda sheet: not is_plain_sheet_name(sheet.name)):
        table = table_for_sheet(sheet.name)
        if all(map(is_blank_row, sheet.rows)):
            if is_whole and table in REQUIRED_TABLES and table not in failed:
                chosen.setdefault(table, sheet)
        elif table is None or is_surplus(sheet, chosen.get(table)):
            later = fold_name(sheet.name) in LATER_TABLES
            found = build_finding("later_sheet" if later else "unknown_sheet", sheet.name)
            count = sum(not is_blank_row(row) for row in sheet.rows)
            findings.append(replace(found, count=count))
            unknown += [sheet] if table is None else []
        elif table in chosen:
            findings.append(
                build_finding("duplicate_sheet", table, title=FACT_KINDS[table].zh, table=table)
            )
        else:
            chosen[table] = sheet
    needed = REQUIRED_TABLES if is_whole else ()
    missing = [t for t in needed if t not in chosen and t not in failed]
    findings += [
        build_finding("missing_sheet", t, title=FACT_KINDS[t].zh, table=t) for t in missing
    ]
    findings += [
        build_finding("unnamed_sheet", sheet.name, title=FACT_KINDS[name].zh)
        for sheet in unknown
        if (name := table_of_header(sheet, chosen.keys()))
    ]
    if not (is_whole or chosen or failed):
        findings.append(build_finding("no_tables", "", titles="、".join(known_titles())))
    return chosen, findings


def table_of_header(sheet: Sheet, chosen: Collection[str]) -> str | None:
    """The table of which a sheet of another name has all that a row needs; none that is there."""
    for name, columns in FACT_COLUMNS.items():
        needed = {column.name for column in columns if column.required}
        header = find_header(sheet, name) if name not in chosen and len(needed) > 1 else None
        named = {c.name for h in header.headings if (c := match_heading(h, name))} if header else ()
        if header and needed <= set(named):
            return name
    return None


def known_titles() -> list[str]:
    return [kind.zh for kind in FACT_KINDS.values()]


def is_blank_row(row: SheetRow) -> bool:
    return all(map(is_blank, row))


def is_surplus(sheet: Sheet, chosen: Sheet | None) -> bool:
    """Whether a sheet is only called like the table that another one is called after."""
    if chosen is None or is_plain_sheet_name(sheet.name):
        return False
    return is_plain_sheet_name(chosen.name)


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

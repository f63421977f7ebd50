"""What is told of the rows of mapped sheets beside what their cells say."""

from collections.abc import Collection, Iterable, Iterator

from shared.ledger.findings import Finding, build_finding, collect_findings
from shared.mapping.identities import Identification
from shared.mapping.project_rows import SheetRows
from shared.mapping.records import Records
from shared.mapping.targets import NAME

TOLD_ONCE = frozenset({"month_not_kept", "nature_of_sheet"})  # of a sheet and column


def collect_by_column(
    findings: Iterable[Finding], codes: Collection[str] = TOLD_ONCE
) -> list[Finding]:
    """The findings, those of some codes once for each column, in the place of the first."""
    groups: dict[object, list[Finding]] = {}
    for found in findings:
        cause = (found.code, found.sheet, found.column) if found.code in codes else id(found)
        groups.setdefault(cause, []).append(found)
    return [collect_findings(of[0], [each.row or 0 for each in of]) for of in groups.values()]


def identity_findings(known: Identification) -> Iterator[Finding]:
    """Errors of rows that cannot be told apart, and what is told of those that are left out."""
    for row, first in known.clashes:
        yield build_finding("rows_alike", row.sheet, row.row, None, row.name, first=first.row)
    for row in known.skipped:
        yield build_finding("row_left_out", row.sheet, row.row, None, row.name)


def missing_name(sheet: SheetRows, index: int, project_id: str | None) -> Iterator[Finding]:
    """An error of a row that names no project."""
    column = sheet.column(NAME)
    if column and project_id is None and sheet.texts(NAME)[index] is None:
        number, text = sheet.values.numbers[index], column.headed.text
        yield build_finding("missing_value", sheet.header.sheet.name, number, text)


def disagreeing_cells(records: Records) -> Iterator[Finding]:
    """Errors of cells that say of one thing what another cell does not."""
    for before, said in records.disagreements:
        other = f"“{before.sheet}”第{before.row}行“{before.header}”栏"
        place = said.sheet, said.row, said.header, str(said.value)
        yield build_finding("cells_disagree", *place, other=other, before=before.value)

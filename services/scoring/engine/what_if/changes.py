"""Changes of a what-if question: of facts (a cell set, a row added or removed), and of the scheme.

Cells are written and read as in a ledger, and the result is validated as a ledger is: whatever
makes a ledger invalid makes a change invalid, each mistake with its location.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Annotated, Any, Self

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from services.scoring.engine.declarations import Declaration, validation_error
from shared.facts.columns import Column, ColumnType
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts
from shared.facts.words import OpenWord, Word
from shared.ledger.cells import build_cell_reader
from shared.ledger.findings import FINDING_ERRORS, Finding, build_finding
from shared.ledger.validation import ParsedTable, validate_tables
from shared.notation import JsonNumber
from shared.problems import Problem

if TYPE_CHECKING:

    class LedgerTable(OpenWord):
        """A table of the ledger, and what its sheet is called."""

else:
    LedgerTable = OpenWord("LedgerTable", {k.name: (k.name, k.zh) for k in FACT_KINDS.values()})


class Changing(Word):
    set = "set", "改"
    add = "add", "增"
    remove = "remove", "删"


# A text first, or one that reads as a number would be taken for it.
CellText = Annotated[str, Field(max_length=1000)]
Cell = Annotated[
    CellText | int | JsonNumber | bool | list[CellText] | None,
    Field(union_mode="left_to_right"),
]
Cells = Annotated[dict[str, Cell], Field(min_length=1, max_length=40)]
REQUIRED_PARTS: Mapping[Changing, tuple[str, ...]] = {
    Changing.set: ("where", "to"),
    Changing.add: ("row",),
    Changing.remove: ("where",),
}
MAX_CHANGES = 500
MAX_MISTAKES = 100  # that are told


class FactChange(Declaration):
    """One row of a table changed.

    `set`: of the one row where the columns hold `where`, set others `to`; `add`: one more `row`,
    blank where nothing is written; `remove`: one row less.
    """

    change: Changing = Field(title="改法")
    table: LedgerTable = Field(title="表")
    where: Cells | None = Field(default=None, title="哪一行")
    to: Cells | None = Field(default=None, title="改为")
    row: Cells | None = Field(default=None, title="新增的内容")

    @model_validator(mode="after")
    def check_required_parts(self) -> Self:
        parts = {"where": self.where, "to": self.to, "row": self.row}
        needed = REQUIRED_PARTS[self.change]
        if {name for name, part in parts.items() if part is not None} != {*needed}:
            raise validation_error(f"{self.change} 要写 {' 和 '.join(needed)}，不写别的")
        return self


class SchemeChange(Declaration):
    """One item of the scheme, or of its lights below `lights`, set to a value of its kind.

    The path names items of lists by their ids, or by their places from 0.
    """

    path: str = Field(
        title="哪一项", max_length=300, examples=["pillars.speed.metrics.start_rate.weight"]
    )
    value: Any = Field(title="改为", examples=[2])


class Changes(Declaration):
    """Changes of facts and of the scheme, each made after those before it."""

    facts: tuple[FactChange, ...] = Field(default=(), title="事实的改动", max_length=MAX_CHANGES)
    scheme: tuple[SchemeChange, ...] = Field(default=(), title="方案的改动", max_length=MAX_CHANGES)


@dataclass(frozen=True)
class ChangeErrorDetail:
    """An error in a change: a path of keys into the request, a code, and a message."""

    path: tuple[str | int, ...]
    code: str
    message: str

    @property
    def pointer(self) -> str:
        return "/".join(("#/changes", *map(str, self.path)))

    def __str__(self) -> str:
        return "：".join(part for part in (".".join(map(str, self.path)), self.message) if part)


class ChangeMistake(Problem):
    """改动有误

    A change cannot be made.
    """

    status = 422

    def __init__(self, mistakes: Sequence[ChangeErrorDetail]) -> None:
        told = mistakes[:MAX_MISTAKES]
        errors = [{"pointer": m.pointer, "code": m.code, "detail": m.message} for m in told]
        self.mistakes = mistakes
        lines = [*map(str, told)]
        if len(mistakes) > MAX_MISTAKES:
            lines.append(f"共 {len(mistakes)} 处错误，只列出前 {MAX_MISTAKES} 处")
        english = f"{len(mistakes)} thing(s) in the changes need attention."
        super().__init__("\n".join(lines), english, errors=errors)


def apply_fact_changes(facts: Facts, changes: Sequence[FactChange]) -> Facts:
    """The facts after the changes, one after another. Raises ChangeMistake with all mistakes."""
    mistakes: list[ChangeErrorDetail] = []
    changed = facts
    for n, change in enumerate(changes):
        application = ChangeApplication(change, ("facts", n), mistakes)
        after = application.apply_to(changed.tables[change.table])
        if after is not None:
            changed = Facts({**changed.tables, change.table: after})
    if not mistakes:
        mistakes = [*find_new_errors(facts, changed, changes)]
    if mistakes:
        raise ChangeMistake(mistakes)
    return changed


@dataclass(frozen=True)
class ChangeApplication:
    """The application of one change; errors are added to those of the other changes."""

    change: FactChange
    path: tuple[str | int, ...]
    mistakes: list[ChangeErrorDetail]

    def apply_to(self, table: pa.Table) -> pa.Table | None:
        """The table after the change; None where the change is invalid."""
        change = self.change
        if change.change is Changing.add:
            cells = self.parse_cells("row", change.row or {}, complete=True)
            return cells and pa.concat_tables([table, self.build_row_table(cells)])
        index = self.find_row(table, change.where or {})
        if change.change is Changing.remove:
            return None if index is None else replace_row(table, index)
        cells = self.parse_cells("to", change.to or {})
        if index is None or cells is None:
            return None
        row = {**table.slice(index, 1).to_pylist()[0], **cells}
        return replace_row(table, index, self.build_row_table(row))

    def parse_cells(
        self, part: str, cells: Mapping[str, Cell], *, complete: bool = False
    ) -> dict[str, Any] | None:
        """The values of cells, read as in a ledger; a `complete` row has all required columns."""
        columns = {column.name: column for column in FACT_COLUMNS[self.change.table]}
        needed = [
            c.name for c in columns.values() if complete and c.required and c.name not in cells
        ]
        before, values = len(self.mistakes), dict[str, Any]()
        for name in (*cells, *needed):
            where = (*self.path, part, name)
            if name not in columns:
                message = f"“{self.change.table.label}”表没有这一栏，有：{'、'.join(columns)}"
                self.mistakes.append(ChangeErrorDetail(where, "unknown_column", message))
                continue
            found = parse_cell(columns[name], cells.get(name))
            if isinstance(found, Finding):
                self.mistakes.append(ChangeErrorDetail(where, found.code, describe_finding(found)))
            else:
                values[name] = found.value
        return values if len(self.mistakes) == before else None

    def find_row(self, table: pa.Table, where: Mapping[str, Cell]) -> int | None:
        """The index of the row with these cells; of rows equal in all cells the first."""
        cells = self.parse_cells("where", where)
        if cells is None:
            return None
        found = matching_row_indexes(table, cells)
        if not found or len({str(table.slice(index, 1).to_pylist()) for index in found}) > 1:
            message = "没有这样的行" if not found else f"这样的行有 {len(found)} 行，请再写明其他栏"
            code = "several_rows" if found else "no_such_row"
            written = "、".join(f"{name}={value}" for name, value in where.items())
            self.mistakes.append(
                ChangeErrorDetail((*self.path, "where"), code, f"{message}（{written}）")
            )
            return None
        return found[0]

    def build_row_table(self, row: Mapping[str, Any]) -> pa.Table:
        """A table of one row."""
        return Facts.from_rows({self.change.table: [dict(row)]}).tables[self.change.table]


@dataclass(frozen=True)
class CellValue:
    """The value of a cell."""

    value: Any


def parse_cell(column: Column, cell: Cell) -> CellValue | Finding:
    """The value of a cell, by the reader of ledgers; or the finding where a ledger is invalid."""
    written = "、".join(cell) if isinstance(cell, list) else cell
    written = str(written) if isinstance(written, Decimal) else written
    found = build_cell_reader(column)(written)
    code = found.code
    if column.required and found.value is None and code not in FINDING_ERRORS:
        code = "missing_value"
    if code in FINDING_ERRORS:
        shown = None if cell is None else str(written)
        return build_finding(code or "", "", None, column.title, shown, **found.details)
    if column.kind is ColumnType.words:
        return CellValue([*found.value])
    return CellValue(found.value)


def describe_finding(finding: Finding) -> str:
    return finding.expected + (f"，写的是“{finding.value}”" if finding.value else "")


def matching_row_indexes(table: pa.Table, cells: Mapping[str, Any]) -> list[int]:
    """The rows, from 0, whose cells have these values; a blank cell has none."""
    same = [equality_mask(table[name], value) for name, value in cells.items()]
    met = reduce(pc.and_, same)
    return [int(index) for index in pc.indices_nonzero(pc.fill_null(met, False)).to_pylist()]


def equality_mask(column: pa.ChunkedArray, value: Any) -> pa.ChunkedArray:
    if isinstance(value, list):
        return pa.chunked_array([pa.array([row == value for row in column.to_pylist()])])
    return pc.is_null(column) if value is None else pc.equal(column, pa.scalar(value, column.type))


def replace_row(table: pa.Table, index: int, *rows: pa.Table) -> pa.Table:
    """The table with these rows in place of one."""
    return pa.concat_tables([table.slice(0, index), *rows, table.slice(index + 1)])


# --- validation as a ledger


def find_new_errors(
    before: Facts, after: Facts, changes: Sequence[FactChange]
) -> list[ChangeErrorDetail]:
    """The errors that the changes bring, at the last change of their table."""
    errors = find_ledger_errors(after)
    earlier = [*map(finding_identity, find_ledger_errors(before))] if errors else []
    found = dict[ChangeErrorDetail, None]()
    for error in errors:
        if finding_identity(error) in earlier:
            earlier.remove(finding_identity(error))
            continue
        of_table = [n for n, change in enumerate(changes) if change.table == error.sheet]
        n = max(of_table, default=len(changes) - 1)
        title = FACT_KINDS[error.sheet].zh
        message = f"“{title}”表：{error.column}“{error.value or ''}”，{error.expected}"
        found[ChangeErrorDetail(("facts", n), error.code, message)] = None
    return [*found]


def finding_identity(finding: Finding) -> tuple[str, ...]:
    """The parts of a finding that stay when the rows above it change."""
    return finding.code, finding.sheet, finding.column or "", finding.value or ""


def find_ledger_errors(facts: Facts) -> list[Finding]:
    """The errors of the rules between cells; codes of regions only warn, so none need be known."""
    tables = {}
    for name in FACT_KINDS:
        columns = facts.tables[name].to_pydict()
        headers = {column.name: column.title for column in FACT_COLUMNS[name]}
        numbers = [*range(1, facts.tables[name].num_rows + 1)]
        lists = [c.name for c in FACT_COLUMNS[name] if c.kind is ColumnType.words]
        cells = columns | {c: ["、".join(words) for words in columns[c]] for c in lists}
        tables[name] = ParsedTable(name, numbers, columns, headers, cells, frozenset())
    found = validate_tables(tables, frozenset())
    # Of a region all ids are qualified, which they may not be in a ledger.
    return [each for each in found if each.level == "error" and each.code != "bad_id"]

"""Facts to a ledger: English words and ISO dates in CSV files, Chinese words in a workbook."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from shared.facts.columns import Column
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts
from shared.ledger.cell_writers import (
    CellWriter,
    chinese_header,
    chinese_writer,
    english_header,
    english_writer,
)
from shared.ledger.csv_files import write_folder
from shared.ledger.sheets import Cell, Sheet, SheetRow
from shared.ledger.workbook_writer import write_workbook


def write_ledger(facts: Facts, path: Path) -> None:
    """A workbook where the path ends in `.xlsx`, otherwise a folder of CSV files.

    Every table and column is written, blank ones too; of optional tables, those with rows. What is
    written reads as the same facts, and no text of it is computed by a spreadsheet.
    """
    if path.suffix.lower() == ".xlsx":
        titles = {kind.name: kind.zh for kind in FACT_KINDS.values()}
        write_workbook(build_sheets(facts, titles, chinese_header, chinese_writer), path)
    else:
        names = {table: table for table in FACT_KINDS}
        write_folder(build_sheets(facts, names, english_header, english_writer), path)


def build_sheets(
    facts: Facts,
    names: Mapping[str, str],
    header_of: Callable[[Column], str],
    writer_of: Callable[[Column], CellWriter],
) -> Iterator[Sheet]:
    for table in facts.present:
        columns = FACT_COLUMNS[table]
        header: SheetRow = [header_of(column) for column in columns]
        cells = [
            format_cells(writer_of(column), facts.tables[table][column.name].to_pylist())
            for column in columns
        ]
        yield Sheet(names[table], [header, *map(list, zip(*cells, strict=True))])


def format_cells(write: CellWriter, values: list[Any]) -> list[Cell]:
    return [None if value is None else write(value) for value in values]

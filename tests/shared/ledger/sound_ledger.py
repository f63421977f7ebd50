"""A small sound ledger to start from; a test says what is different in its own."""

from pathlib import Path

from shared.ledger.reader import LedgerReading, parse_ledger, read_ledger
from shared.ledger.sheets import Cell, Sheet

REGIONS = frozenset({"141127", "141100", "140000"})

SOUND = {
    "units": """
        unit_id,name,kind,group
        U01,发展和改革局,department,departments
        U02,东村镇,township,townships
    """,
    "projects": """
        project_id,name,unit_id,nature,is_secret
        P001,沙棘深加工项目,U01,new,
        P002,污水处理厂二期,U02,continuing,
    """,
}


def lines(text: str) -> str:
    """The lines of a text that is indented with the code around it."""
    return "".join(line.strip() + "\n" for line in text.strip().splitlines())


def rows(text: str) -> list[list[Cell]]:
    return [[*line.split(",")] for line in lines(text).splitlines()]


def csv_folder(folder: Path, **tables: str) -> Path:
    """A folder with the sound ledger, its files replaced by or joined with those given."""
    for name, text in (SOUND | tables).items():
        (folder / f"{name}.csv").write_text(lines(text), encoding="utf-8")
    return folder


def reading(**tables: str | list[list[Cell]]) -> LedgerReading:
    """The reading of the sound ledger with these tables replaced or added."""
    cells = {name: rows(t) if isinstance(t, str) else t for name, t in (SOUND | tables).items()}
    return parse_ledger([Sheet(name, found) for name, found in cells.items()], REGIONS)


def reading_of(path: Path) -> LedgerReading:
    return read_ledger(path, REGIONS)


def codes(found: LedgerReading) -> list[str]:
    return [finding.code for finding in found.findings]


def places(found: LedgerReading) -> list[tuple[str, str, int | None, str | None]]:
    """Each finding as code, sheet, row, column."""
    return [(f.code, f.sheet, f.row, f.column) for f in found.findings]

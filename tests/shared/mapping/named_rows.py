"""Sheets of rows with a name, a code and a unit, by which projects and units are known."""

from typing import Any

from shared.facts.tables import Facts
from shared.ledger.sheets import Sheet
from shared.mapping.mapped_reading import MappedReading, read_mapped
from tests.shared.mapping.made_sheets import propose, rows_of

CODE = "2201-141127-04-01-100001"


def sheet_of(*rows: tuple[object, ...]) -> Sheet:
    header = ["项目名称", "项目代码", "责任单位", "建设性质", "总投资（万元）"]
    return Sheet("台账", [header, *map(list, rows)], ())  # type: ignore[list-item]


def row(name: str, code: str = "", unit: str = "住建局") -> tuple[object, ...]:
    return name, code, unit, "新建", 100


def read_rows(stored: Facts, *rows: tuple[object, ...], **answers: str) -> MappedReading:
    sheet = sheet_of(*rows)
    given = {key.replace("__", ":"): value for key, value in answers.items()}
    return read_mapped(propose(sheet), [sheet], stored, given)


def projects_of(reading: MappedReading) -> list[tuple[Any, ...]]:
    return rows_of(reading, "projects", "project_id", "name")

"""Sheets made for tests: in memory, and as workbooks that an office might keep."""

from datetime import date
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from shared.facts.tables import Facts
from shared.ledger.files import read_sheets
from shared.ledger.sheets import MergedRange, Sheet
from shared.mapping.mapped_reading import MappedReading, read_mapped
from shared.mapping.model import ImportMapping
from shared.mapping.proposal import propose_mapping
from shared.mapping.records import Row

NOTHING = Facts.from_columns({})
UNITS = {"住建局": "U01", "水利局": "U02", "交通局": "U03"}
HEADER = [
    *("序号", "项目名称", "建设性质", "建设起止年限", "总投资", "{y}年计划投资", "1-{m}月完成投资"),
    *("形象进度", "存在问题", "责任单位", "包联领导"),
]
PROJECTS = (
    ("东区学校", "新建", "2022-2023", 12000, 6000, "主体已完工", "无", "住建局", "甲某某"),
    (
        "城北水厂",
        "新建",
        "2022.8-2024.6",
        8000,
        4000,
        "正在办理施工许可",
        "用地手续未批复",
        "水利局",
        "丙某某",
    ),
    (
        "滨河公路",
        "续建",
        "2021.3-2023.10",
        30000,
        10000,
        "路基完成80%",
        "征地未完成",
        "交通局",
        "戊某某",
    ),
)
DONE = {9: (4500, 1000, 8000), 10: (4800, 1500, 9200)}


def flat_sheet(month: int = 9, *, unit: str = "单位：万元") -> Sheet:
    """The flat sheet of an office for a month of 2022: title, unit, sections, a total on top."""
    last = date(2022, month, 31 if month == 10 else 30)
    header = [text.format(y=2022, m=month) for text in HEADER]
    rows: list[list[Any]] = [
        [f"XX县2022年重点项目建设进展情况台账（截至{month}月{last.day}日）"],
        ["填报单位：XX县重点项目服务中心", "", "", "", "", unit],
        header,
    ]
    done = DONE[month]
    total = [sum(p[i] for p in PROJECTS) for i in (3, 4)]  # type: ignore[misc]
    rows.append(["合计（3个）", "", "", "", *total, sum(done)])
    for label, members in (("一、新建项目（2个）", (0, 1)), ("二、续建项目（1个）", (2,))):
        rows.append([label])
        for i in members:
            name, nature, years, amount, planned, note, problem, unit_name, leader = PROJECTS[i]
            cells = [name, nature, years, amount, planned, done[i], note, problem, unit_name]
            rows.append([i + 1, *cells, leader])
    return Sheet("台账", rows, ((0, 0, 0, len(header) - 1),))


def stored_units(*more: Row) -> Facts:
    """An office that has its units, and perhaps projects."""
    units = [
        {"unit_id": key, "name": name, "kind": "department", "group": "部门"}
        for name, key in UNITS.items()
    ]
    return Facts.from_rows({"units": units, "projects": list(more)})


def stored_project(key: str, name: str, **more: Any) -> Row:
    return {"project_id": key, "name": name, "unit_id": "U01", "nature": "new", **more}


def propose(*sheets: Sheet) -> ImportMapping:
    proposal = propose_mapping(list(sheets))
    assert proposal.mapping
    return proposal.mapping


def read(sheet: Sheet, stored: Facts = NOTHING, **answers: str) -> MappedReading:
    """A sheet by the mapping that is proposed for it."""
    given = {key.replace("__", ":"): value for key, value in answers.items()}
    return read_mapped(propose(sheet), [sheet], stored, given)


def rows_of(reading: MappedReading, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[c] for c in columns) for row in reading.part.facts.tables[table].to_pylist()]


def keys_of(reading: MappedReading) -> list[str]:
    return [question.key for question in reading.questions]


def codes_of(reading: MappedReading) -> list[str]:
    return [finding.code for finding in reading.findings]


def write_sheet(path: Path, sheet: Sheet) -> Path:
    """A sheet as a workbook."""
    workbook = Workbook(path)
    page = workbook.add_worksheet(sheet.name)
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for i, row in enumerate(sheet.rows):
        for j, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(i, j, cell, day)
            elif isinstance(cell, str):
                page.write_string(i, j, cell)
            elif isinstance(cell, int | float):
                page.write_number(i, j, cell)
    for top, left, bottom, right in sheet.merged or ():
        cell = sheet.rows[top][left]
        page.merge_range(top, left, bottom, right, cell)
    workbook.close()
    return path


def read_back(path: Path) -> list[Sheet]:
    sheets, findings = read_sheets(path)
    assert not findings
    return sheets


def reserve_plan() -> Sheet:
    """A city's reserve plan: a header of three rows, months as numbers, subtotals on top."""
    single = ("序号", "项目名称", "责任单位", "建设性质", "总投资", "计划开工月份")
    months = [*range(1, 7)]
    rows: list[list[Any]] = [
        ["XX市2022年重点建设项目储备计划表（截至6月底）"],
        ["单位：亿元"],
        [*single, "投资", *[""] * 7, "前期手续", ""],
        [*[""] * 6, "截至2021年底累计完成投资", "2022年", *[""] * 6, "立项", "选址"],
        [*[""] * 7, "计划投资", *months],
    ]
    rows[3][8] = "2022年当月完成投资"
    rows[3][7] = "2022年"
    merged: list[MergedRange] = [(0, 0, 0, 15), *((2, i, 4, i) for i in range(6))]
    merged += [(2, 6, 2, 13), (3, 6, 4, 6), (3, 8, 3, 13), (2, 14, 2, 15)]
    merged += [(3, 14, 4, 14), (3, 15, 4, 15)]
    one: list[Any] = ["云峰产业园", "住建局", "新建", 12, 3, 1.5, 2.4]
    two: list[Any] = ["石门公路", "交通局", "续建", 30, "5月", 10, 6]
    rows.append(["合计（2个）", *[""] * 3, 42, "", 11.5, 8.4])
    rows.append(["一、新建项目（1个）", *[""] * 3, 12, "", 1.5, 2.4])
    rows.append([1, *one, 0.1, 0.2, 0, 0.3, 0.25, 0.15, "2021年11月", date(2021, 12, 6)])
    rows.append(["二、续建项目（1个）", *[""] * 3, 30, "", 10, 6])
    rows.append([2, *two, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, "2020.5", ""])
    return Sheet("储备计划", rows, tuple(merged))


def unit_answers() -> dict[str, str]:
    return {f"unit:{name}": "new:department:部门" for name in UNITS}

"""The UK Government Major Projects Portfolio 2019-2021 as published: its rows, and what is dirty.

Dirty cells are told one by one and never dropped: what cannot be read is unknown (None), and the
note keeps what the cell says. Beside each date the file has its text as published (`…_raw`).
Ratings are not read, nor the collection's own cross-check of the variances.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files

Record = Mapping[str, str]

DATA = files("services.cli.showcase.published") / "data"
POUNDS = 1_000_000  # in a million
AMOUNT = re.compile(r"[0-9]+(\.[0-9]+)?")
WHOLE_LIFE, BASELINE, FORECAST = (
    "whole_life_cost_baseline_gbp_m",
    "fy_baseline_gbp_m",
    "fy_forecast_gbp_m",
)

NOTES: Mapping[str, str] = {
    "name_missing": "没有项目名称，记作“（未公布名称）”",
    "name_spaces": "项目名称中有多余空格，已合并",
    "name_repeated": "同一年内项目名称重复，仍各为一个项目",
    "department_missing": "没有部门，归入“未知部门”",
    "department_spelling": "部门写法大小写不一，已统一为大写",
    "category_missing": "没有类别",
    "date_missing": "没有日期",
    "date_withheld": "日期栏为文字（不公开或未提供），按未知处理",
    "date_differs": "公布的日期与整理后的日期不一致，按整理后的日期",
    "end_before_start": "结束早于开始，照录",
    "ended_earlier": "报告年之前已到结束日期，仍在组合中；照录为已完成",
    "amount_missing": "没有金额（不公开或未提供），按未知处理",
    "amount_unreadable": "不是金额，按未知处理",
    "amount_fraction": "不足一英镑，已四舍五入",
    "whole_life_zero": "全周期成本写作 0，照录",
}


@dataclass(frozen=True)
class Row:
    """One published row; `number` is its row in the file, amounts are million pounds."""

    number: int
    year: int
    name: str
    department: str
    category: str
    starts_on: date | None
    ends_on: date | None
    whole_life: Decimal | None
    baseline: Decimal | None
    forecast: Decimal | None
    variance: str  # per cent as published, blank where it is not


@dataclass(frozen=True)
class Note:
    """A dirty cell: its row and column in the file, what is the matter (`NOTES`), what it says."""

    row: int
    column: str
    kind: str
    value: str


@dataclass(frozen=True)
class Portfolio:
    rows: tuple[Row, ...]
    notes: tuple[Note, ...]

    def of_year(self, year: int) -> list[Row]:
        return [row for row in self.rows if row.year == year]


# --- reading


def read_portfolio() -> Portfolio:
    """The published file."""
    with (DATA / "uk_gmpp_2019_2021.csv").open(encoding="utf-8") as file:
        return portfolio_of(list(csv.DictReader(file)))


def portfolio_of(records: Sequence[Record]) -> Portfolio:
    """Every record a row; row 1 of the file is its header."""
    numbered = list(enumerate(records, start=2))
    rows = tuple(row_of(number, record) for number, record in numbered)
    notes = [note for number, record in numbered for note in notes_of(number, record)]
    notes += repeated_names(rows)
    return Portfolio(rows, tuple(sorted(notes, key=lambda note: note.row)))


def row_of(number: int, record: Record) -> Row:
    return Row(
        number,
        int(record["report_year"]),
        " ".join(record["project_name"].split()),
        record["department"].strip().upper(),
        record["category"].strip(),
        day(record["start_date_iso"]),
        day(record["end_date_iso"]),
        million(record[WHOLE_LIFE]),
        million(record[BASELINE]),
        million(record[FORECAST]),
        record["fy_variance_pct_published"],
    )


def day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None


def million(cell: str) -> Decimal | None:
    return Decimal(cell) if AMOUNT.fullmatch(cell) else None


# --- what is dirty


def notes_of(number: int, record: Record) -> Iterator[Note]:
    """The dirty cells of one record, one note each."""
    for column, kind in kinds_of(record):
        yield Note(number, column, kind, record[column])


def kinds_of(record: Record) -> Iterator[tuple[str, str]]:
    """Column and kind of each dirty cell."""
    name, department = record["project_name"], record["department"].strip()
    if not name.strip():
        yield "project_name", "name_missing"
    elif name != " ".join(name.split()):
        yield "project_name", "name_spaces"
    if department != department.upper() or not department:
        yield "department", "department_spelling" if department else "department_missing"
    if not record["category"].strip():
        yield "category", "category_missing"
    for side in ("start", "end"):
        yield from date_kinds(record, side)
    starts_on, ends_on = day(record["start_date_iso"]), day(record["end_date_iso"])
    if starts_on and ends_on and ends_on < starts_on:
        yield "end_date_raw", "end_before_start"
    if ends_on and ends_on.year < int(record["report_year"]):
        yield "end_date_raw", "ended_earlier"
    for column in (WHOLE_LIFE, BASELINE, FORECAST):
        yield from amount_kinds(record, column)


def date_kinds(record: Record, side: str) -> Iterator[tuple[str, str]]:
    column = f"{side}_date_raw"
    raw, found = record[column].strip(), day(record[f"{side}_date_iso"])
    if found is None:
        yield column, "date_withheld" if raw else "date_missing"
    elif not says(raw, found):
        yield column, "date_differs"


def says(raw: str, found: date) -> bool:
    """Whether the published text is the date: `2021-03-31`, `31/03/2021` or `31.03.21`."""
    if raw == found.isoformat():
        return True
    return raw in {found.strftime(form) for form in ("%d/%m/%Y", "%d.%m.%y")}


def amount_kinds(record: Record, column: str) -> Iterator[tuple[str, str]]:
    amount = million(record[column])
    if amount is None:
        yield column, "amount_unreadable" if record[column].strip() else "amount_missing"
    elif amount * POUNDS % 1:
        yield column, "amount_fraction"
    elif amount == 0 and column == WHOLE_LIFE:
        yield column, "whole_life_zero"


def repeated_names(rows: Sequence[Row]) -> Iterator[Note]:
    """The second and further rows of a name in a year, whatever its case."""
    seen: set[tuple[int, str]] = set()
    for row in rows:
        key = (row.year, row.name.casefold())
        if row.name and key in seen:
            yield Note(row.number, "project_name", "name_repeated", row.name)
        seen.add(key)

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

DATA_FOLDER = files("services.cli.showcase.publications") / "data"
POUNDS_PER_MILLION = 1_000_000  # in a million
AMOUNT_PATTERN = re.compile(r"[0-9]+(\.[0-9]+)?")
WHOLE_LIFE_COLUMN, BASELINE_COLUMN, FORECAST_COLUMN = (
    "whole_life_cost_baseline_gbp_m",
    "fy_baseline_gbp_m",
    "fy_forecast_gbp_m",
)

NOTE_TEXTS: Mapping[str, str] = {
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
class PublishedRow:
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
class DirtyCell:
    """A dirty cell: its row and column in the file, its kind (a key of `NOTE_TEXTS`), its text."""

    row: int
    column: str
    kind: str
    value: str


@dataclass(frozen=True)
class PublishedPortfolio:
    rows: tuple[PublishedRow, ...]
    notes: tuple[DirtyCell, ...]

    def of_year(self, year: int) -> list[PublishedRow]:
        return [row for row in self.rows if row.year == year]


# --- reading


def read_portfolio() -> PublishedPortfolio:
    """The published file."""
    with (DATA_FOLDER / "uk_gmpp_2019_2021.csv").open(encoding="utf-8") as file:
        return parse_portfolio(list(csv.DictReader(file)))


def parse_portfolio(records: Sequence[Record]) -> PublishedPortfolio:
    """Every record a row; row 1 of the file is its header."""
    numbered = list(enumerate(records, start=2))
    rows = tuple(parse_row(number, record) for number, record in numbered)
    notes = [note for number, record in numbered for note in find_dirty_cells(number, record)]
    notes += repeated_names(rows)
    return PublishedPortfolio(rows, tuple(sorted(notes, key=lambda note: note.row)))


def parse_row(number: int, record: Record) -> PublishedRow:
    return PublishedRow(
        number,
        int(record["report_year"]),
        " ".join(record["project_name"].split()),
        record["department"].strip().upper(),
        record["category"].strip(),
        parse_iso_date(record["start_date_iso"]),
        parse_iso_date(record["end_date_iso"]),
        parse_amount(record[WHOLE_LIFE_COLUMN]),
        parse_amount(record[BASELINE_COLUMN]),
        parse_amount(record[FORECAST_COLUMN]),
        record["fy_variance_pct_published"],
    )


def parse_iso_date(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None


def parse_amount(cell: str) -> Decimal | None:
    return Decimal(cell) if AMOUNT_PATTERN.fullmatch(cell) else None


# --- what is dirty


def find_dirty_cells(number: int, record: Record) -> Iterator[DirtyCell]:
    """The dirty cells of one record, one note each."""
    for column, kind in dirty_kinds(record):
        yield DirtyCell(number, column, kind, record[column])


def dirty_kinds(record: Record) -> Iterator[tuple[str, str]]:
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
    starts_on, ends_on = (
        parse_iso_date(record["start_date_iso"]),
        parse_iso_date(record["end_date_iso"]),
    )
    if starts_on and ends_on and ends_on < starts_on:
        yield "end_date_raw", "end_before_start"
    if ends_on and ends_on.year < int(record["report_year"]):
        yield "end_date_raw", "ended_earlier"
    for column in (WHOLE_LIFE_COLUMN, BASELINE_COLUMN, FORECAST_COLUMN):
        yield from amount_kinds(record, column)


def date_kinds(record: Record, side: str) -> Iterator[tuple[str, str]]:
    column = f"{side}_date_raw"
    raw, found = record[column].strip(), parse_iso_date(record[f"{side}_date_iso"])
    if found is None:
        yield column, "date_withheld" if raw else "date_missing"
    elif not is_same_date(raw, found):
        yield column, "date_differs"


def is_same_date(raw: str, found: date) -> bool:
    """Whether the published text is the date: `2021-03-31`, `31/03/2021` or `31.03.21`."""
    if raw == found.isoformat():
        return True
    return raw in {found.strftime(form) for form in ("%d/%m/%Y", "%d.%m.%y")}


def amount_kinds(record: Record, column: str) -> Iterator[tuple[str, str]]:
    amount = parse_amount(record[column])
    if amount is None:
        yield column, "amount_unreadable" if record[column].strip() else "amount_missing"
    elif amount * POUNDS_PER_MILLION % 1:
        yield column, "amount_fraction"
    elif amount == 0 and column == WHOLE_LIFE_COLUMN:
        yield column, "whole_life_zero"


def repeated_names(rows: Sequence[PublishedRow]) -> Iterator[DirtyCell]:
    """The second and further rows of a name in a year, whatever its case."""
    seen: set[tuple[int, str]] = set()
    for row in rows:
        key = (row.year, row.name.casefold())
        if row.name and key in seen:
            yield DirtyCell(row.number, "project_name", "name_repeated", row.name)
        seen.add(key)

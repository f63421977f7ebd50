"""Invented layouts: a known ledger as a sheet in some office's manner, cell by cell."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from tests.shared.mapping.invented_ledger import (
    YEAR,
    KnownLedger,
    KnownProject,
    known_value,
)
from tests.shared.mapping.invented_words import (
    DECOYS,
    FIELDS,
    IGNORED,
    MONTHS,
    OF_MONTH,
    SINCE_START,
    UNIT_CALLS,
    YEAR_TO_DATE,
)

FACTORS = {"万元": 10_000, "亿元": 100_000_000, "元": 1}
SECTIONS = {"new": "新建项目", "continuing": "续建项目", "preliminary": "前期项目"}
NATURE_WORDS = {"new": "新建", "continuing": "续建", "preliminary": "前期"}
NUMERALS = "一二三四五"
Cell = Any


@dataclass(frozen=True)
class Column:
    """A column: the meaning that is right, its headings, the month that it is of."""

    meaning: str
    path: tuple[str, ...]
    month: int
    is_amount: bool = False


@dataclass
class Layout:
    """How a sheet looks, and the rows that it has."""

    ledger: KnownLedger
    columns: list[Column]
    unit: str
    unit_place: str
    sections: bool
    section_totals: bool
    total: str | None
    merged: bool
    title: str | None
    day: str
    sheet: str
    titles: list[list[Cell]] = field(default_factory=list)
    head: list[list[Cell]] = field(default_factory=list)
    body: list[list[Cell]] = field(default_factory=list)


def is_amount(meaning: str) -> bool:
    return "_yuan" in meaning


def invent_layout(random: Random, ledger: KnownLedger) -> Layout:
    places = ("line", "header", "none", "title")
    unit, place = random.choice([*FACTORS, "万元", "万元"]), random.choice(places)
    depth = random.choice((1, 1, 2, 3))
    columns = invent_columns(random, ledger, depth, unit if place == "header" else None)
    title = random.choice(
        (
            "XX县{y}年重点项目建设进展情况表（截至{m}月{d}日）",
            "{y}年{m}月重点项目调度表",
            "XX市{y}年1-{m}月重点建设项目进度统计表",
            "XX县重点项目进展情况一览表",
            "XX县{y}年{n}月重点项目通报|截至{y}年{m}月{d}日",  # beside the unit, if that has a row
            "XX县{y}年重点项目通报（{n}月）|统计截止时间：{m}月{d}日",
            None,
        )
    )
    has_nature = any(column.meaning == "projects.nature" for column in columns)
    sections = random.random() < (0.3 if has_nature else 0.6)
    layout = Layout(
        ledger,
        columns,
        unit,
        place,
        sections,
        sections and random.random() < 0.5,
        random.choice(("top", "bottom", None)),
        random.random() < 0.75,
        title,
        random.choice(("date", "%Y-%m-%d", "dots", "chinese", "slashes")),
        random.choice(("Sheet1", "台账", f"{ledger.month}月", f"{YEAR}年")),
    )
    write_titles(layout)
    write_head(layout, depth)
    write_body(random, layout)
    return layout


def invent_columns(
    random: Random, ledger: KnownLedger, depth: int, unit: str | None
) -> list[Column]:
    """Columns in some order, their words filled in."""
    words = {"y": YEAR, "p": YEAR - 1, "m": ledger.month}
    chosen = [f for f in FIELDS if f.needed or random.random() < 0.6]
    if any(f.meaning == SINCE_START for f in chosen):
        chosen += [f for f in FIELDS if "prior" in f.meaning and f not in chosen]
    columns, seen = [], set()
    for each in chosen:
        word = random.choice(each.words).format(**words)
        if each.meaning == YEAR_TO_DATE or word not in seen:
            columns.append(build_column(random, each.meaning, word, each.group, depth, ledger))
            seen.add(word)
    for word in random.sample(DECOYS, random.randint(0, 2)):
        text = word.format(**words)
        columns.append(Column(IGNORED, (text,), ledger.month, is_amount=True))
    random.shuffle(columns)
    if random.random() < 0.35:
        pattern, meaning = random.choice(MONTHS)
        months = [
            Column(meaning, tuple(pattern.format(**words, n=n).split("›")), n, True)
            for n in range(1, ledger.month + 1)
        ]
        columns = [c for c in columns if c.meaning not in (YEAR_TO_DATE, SINCE_START)]
        at = random.randint(0, len(columns))
        columns[at:at] = months
    if random.random() < 0.8:
        columns.insert(0, Column(IGNORED, ("序号",), ledger.month))
    if unit:
        columns = [add_unit(random, column, unit) for column in columns]
    return columns


def build_column(
    random: Random, meaning: str, word: str, group: str, depth: int, ledger: KnownLedger
) -> Column:
    path: tuple[str, ...] = (word,)
    if depth > 1 and group and random.random() < 0.7:
        path = (group, word)
        if depth > 2 and random.random() < 0.5:
            path = ("项目概况", *path)
    return Column(meaning, path, ledger.month, is_amount(meaning))


def add_unit(random: Random, column: Column, unit: str) -> Column:
    if not column.is_amount:
        return column
    *groups, own = column.path
    written = random.choice((f"{own}（{unit}）", f"{own}({unit})", f"{own}/{unit}"))
    return Column(column.meaning, (*groups, written), column.month, True)


def write_titles(layout: Layout) -> None:
    if layout.title:
        day = layout.ledger.as_of
        words = {"y": YEAR, "m": day.month, "d": day.day, "n": day.month % 12 + 1}
        layout.titles += [[text.format(**words)] for text in layout.title.split("|")]
    if layout.unit_place == "title" and layout.title:
        layout.titles[0][0] += f"（单位：{layout.unit}）"
    elif layout.unit_place in ("line", "title"):
        row: list[Cell] = layout.titles.pop() if len(layout.titles) > 1 else [None]
        row += [None] * (len(layout.columns) - 1 - len(row))
        layout.titles.append([*row, f"单位：{layout.unit}"])


def write_head(layout: Layout, depth: int) -> None:
    depth = max(len(column.path) for column in layout.columns)
    layout.head = [[None] * len(layout.columns) for _ in range(depth)]
    for index, column in enumerate(layout.columns):
        before = layout.columns[index - 1].path if index else ()
        for level, text in enumerate(column.path):
            is_group = level < len(column.path) - 1
            is_below = len(before) > level + 1 and before[: level + 1] == column.path[: level + 1]
            if not (is_group and is_below):
                layout.head[level][index] = text


def write_body(random: Random, layout: Layout) -> None:
    ledger = layout.ledger
    groups: list[tuple[str, Sequence[KnownProject]]] = [("", ledger.projects)]
    if layout.sections:
        groups = [
            (word, [p for p in ledger.projects if p.nature == nature])
            for nature, word in SECTIONS.items()
        ]
    total = [total_row(layout, "合计", ledger.projects, with_sums=True)] if layout.total else []
    layout.body += total if layout.total == "top" else []
    number = 0
    for i, (title, members) in enumerate(group for group in groups if group[1]):
        if title:
            label = f"{NUMERALS[i]}、{title}（{len(members)}个）"
            layout.body.append(total_row(layout, label, members, with_sums=layout.section_totals))
        for project in members:
            number += 1
            layout.body.append([cell(random, layout, c, project, number) for c in layout.columns])
    layout.body += total if layout.total == "bottom" else []


def total_row(
    layout: Layout, label: str, projects: Sequence[KnownProject], *, with_sums: bool
) -> list[Cell]:
    row: list[Cell] = [label] + [None] * (len(layout.columns) - 1)
    for index, column in enumerate(layout.columns[1:], 1):
        if with_sums and column.is_amount and column.meaning != IGNORED:
            amounts = [amount(column, project) for project in projects]
            row[index] = write_amount(sum(amounts), layout.unit)
    return row


def amount(column: Column, project: KnownProject) -> int:
    if column.meaning == OF_MONTH:
        return project.done[column.month] - project.done.get(column.month - 1, 0)
    if column.meaning == SINCE_START:
        return project.done[column.month] + project.prior
    return int(known_value(project, column.meaning, column.month))


def write_amount(yuan: int, unit: str) -> Cell:
    return round(yuan / FACTORS[unit], 8)


def cell(
    random: Random, layout: Layout, column: Column, project: KnownProject, number: int
) -> Cell:
    if column.path[-1] == "序号":
        return number
    if column.meaning == IGNORED:
        return (
            random.randint(1, 999)
            if column.is_amount
            else random.choice(("甲某", "无", "见附件", ""))
        )
    if column.is_amount:
        return write_amount(amount(column, project), layout.unit)
    value = known_value(project, column.meaning, column.month)
    match column.meaning:
        case "projects.unit_id" | "projects.competent_unit_id":
            name = layout.ledger.units[value]
            return UNIT_CALLS.get(name, name)
        case "projects.nature":
            return NATURE_WORDS[value]
        case "milestones.period":
            separator = random.choice(("-", "至", "—"))
            notation = "chinese" if layout.day == "chinese" else "dots"
            return separator.join(str(write_day(notation, day)) for day in value)
        case "problems.summary":
            return value or random.choice(("无", "", "暂无"))
        case _:
            return write_day(layout.day, value) if isinstance(value, date) else value


def write_day(notation: str, day: date) -> Cell:
    match notation:
        case "date":
            return day
        case "dots":
            return f"{day.year}.{day.month}.{day.day}"
        case "chinese":
            return f"{day.year}年{day.month}月{day.day}日"
        case "slashes":
            return f"{day.year}/{day.month}/{day.day}"
        case _:
            return day.strftime(notation)

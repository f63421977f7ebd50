"""Entries by hand from a file: YAML, or CSV with a header.

YAML has `targets` and `marks`, each a list of unit, metric, value, reason, who, day; in CSV the
column `kind` says which a line is. A `day` is one, or a month: 2022-09-30, 2022-09. Headers are
English or Chinese. Every mistake has a line and column.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from services.scoring.engine.declarations import Metric
from services.scoring.engine.points.dated_entries import (
    DatedEntries,
    DatedEntry,
    EntryWord,
    Span,
    span_of_month,
)
from services.scoring.engine.points.manual_entries import EnteredMistake, ManualEntry
from services.scoring.engine.points.percentages import parse_percent
from services.scoring.engine.scheme.model import SchemeMistake
from services.scoring.schemes.error_locations import child_node, item_nodes, locate_node
from services.scoring.schemes.yaml_tree import compose_yaml, plain_values
from shared.ledger.dates import parse_day_cell
from shared.ledger.sheets import to_half_width

ENTRY_KINDS: Mapping[str, EntryWord] = {
    **{"targets": "target", "target": "target", "目标": "target"},
    **{"marks": "mark", "mark": "mark", "打分": "mark"},
}
COLUMN_LABELS = {
    "kind": "类别",
    "unit": "单位编号",
    "metric": "指标",
    "value": "数值",
    "reason": "理由",
    "who": "录入人",
    "day": "日期",
}
MetricsById = Mapping[str, Metric]
Location = tuple[int, int]  # line and column, both from 1
LARGEST_VALUE = 10**15
MAX_MISTAKES = 100  # that are told
MAX_ENTRIES_BYTES = 10_000_000
MONTH_PATTERN = re.compile(r"[0-9]{4}\s*(?P<sign>[-/.年])\s*[0-9]{1,2}\s*月?")


@dataclass(frozen=True)
class EntryLine:
    """An entry as it is written, and the location of each of its cells."""

    kind: EntryWord
    cells: Mapping[str, Any]
    locations: Mapping[str, Location]  # by column, or "" for the whole


@dataclass(frozen=True, order=True)
class EntryError:
    """A mistake at a line and column, both from 1."""

    location: Location
    message: str

    def __str__(self) -> str:
        line, column = self.location
        return f"第 {line} 行第 {column} 列{self.message}"


def read_manual_entries(path: Path, metrics: MetricsById, units: Collection[str]) -> DatedEntries:
    """Read the targets and marks of a file. Raises EnteredMistake that names every mistake."""
    try:
        if path.stat().st_size > MAX_ENTRIES_BYTES:
            raise EnteredMistake(f"{path} 超过 {MAX_ENTRIES_BYTES} 字节")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise EnteredMistake(f"{path} 不是 UTF-8 文本") from None
    except (OSError, ValueError):
        raise EnteredMistake(f"读不到文件 {path}") from None
    parse = parse_csv_lines if path.suffix.lower() == ".csv" else parse_yaml_lines
    mistakes: list[EntryError] = []
    lines = list(parse(text, path.name, mistakes))
    entries = build_manual_entries(lines, metrics, units, mistakes)
    if mistakes:
        told = [f"{path.name} {m}" for m in sorted(mistakes)[:MAX_MISTAKES]]
        if len(mistakes) > MAX_MISTAKES:
            told.append(f"{path.name}：共 {len(mistakes)} 处错误，只列出前 {MAX_MISTAKES} 处")
        raise EnteredMistake("\n".join(told))
    return entries


# --- the two formats


def parse_yaml_lines(text: str, name: str, mistakes: list[EntryError]) -> Iterator[EntryLine]:
    """Parse the entries of a YAML document; mistakes are added to `mistakes`."""
    try:
        root = compose_yaml(text, name)
        document = plain_values(root, name)
    except SchemeMistake as mistake:
        raise EnteredMistake(mistake.detail) from None
    for key in document:
        if key not in ("targets", "marks"):
            message = f"：不认识“{key}”，可用：targets、marks"
            mistakes.append(EntryError(key_location(root, key), message))
    for section in ("targets", "marks"):
        node = child_node(root, section)
        if node is not None and not isinstance(node, yaml.SequenceNode):
            mistakes.append(
                EntryError(node_location(node), f" {section}：应为若干项，每项以“- ”开头")
            )
            continue
        for index, item in enumerate(item_nodes(node)):
            cells = document[section][index]
            if not isinstance(cells, dict):
                message = f" {section}.{index}：应为“名称: 值”"
                mistakes.append(EntryError(node_location(item), message))
                continue
            mistakes += [
                EntryError(key_location(item, column), f"：不认识“{column}”")
                for column in cells
                if column not in COLUMN_LABELS or column == "kind"
            ]
            locations = {c: node_location(locate_node(item, (c,))[0]) for c in cells}
            locations[""] = node_location(item)
            yield EntryLine(ENTRY_KINDS[section], cells, locations)


def node_location(node: yaml.Node) -> Location:
    return node.start_mark.line + 1, node.start_mark.column + 1


def key_location(node: yaml.Node, key: str) -> Location:
    return node_location(child_node(node, key, of_key=True) or node)


def parse_csv_lines(text: str, _: str, mistakes: list[EntryError]) -> Iterator[EntryLine]:
    """Parse the entries of a CSV file; mistakes are added to `mistakes`."""
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        mistakes.append(EntryError((reader.line_num, 1), f"：不合 CSV 格式（{error}）"))
        return
    english = {zh: column for column, zh in COLUMN_LABELS.items()}
    header = [english.get(cell.strip(), cell.strip()) for cell in rows[0][1]] if rows else []
    for n, column in enumerate(header, start=1):
        if column not in COLUMN_LABELS or column in header[: n - 1]:
            mistakes.append(EntryError((1, n), f"：表头“{column}”不认识或写了两次"))
    missing = [column for column in ("kind", "unit", "metric", "value") if column not in header]
    if missing:
        mistakes.append(EntryError((1, 1), f"：表头缺 {'、'.join(missing)}"))
    if mistakes:
        return
    for number, row in rows[1:]:
        if not any(cell.strip() for cell in row):
            continue
        cells = {c: cell.strip() for c, cell in zip(header, row, strict=False) if cell.strip()}
        locations = {c: (number, n) for n, c in enumerate(header, start=1)}
        kind = ENTRY_KINDS.get(cells.pop("kind", ""))
        if kind is None:
            message = " kind：应为 target（目标）或 mark（打分）"
            mistakes.append(EntryError(locations["kind"], message))
        else:
            yield EntryLine(kind, cells, {"": (number, 1), **locations})


# --- the entries


def build_manual_entries(
    lines: Iterable[EntryLine],
    metrics: MetricsById,
    units: Collection[str],
    mistakes: list[EntryError],
) -> DatedEntries:
    """Build the valid entries; the mistakes of the others are added to `mistakes`."""
    entries: dict[object, DatedEntry] = {}
    for line in lines:
        wrong: list[tuple[str, str]] = []
        unit, metric = (str(line.cells.get(column, "")) for column in ("unit", "metric"))
        reason, who = (str(line.cells.get(column) or "").strip() for column in ("reason", "who"))
        value = parse_exact_number(line.cells.get("value"))
        span = parse_span(line.cells.get("day"))
        key = line.kind, unit, metric, span
        if unit not in units:
            wrong.append(("unit", f"台账里没有单位“{unit}”"))
        if metric not in metrics:
            wrong.append(("metric", f"没有名为“{metric}”的指标"))
        elif line.kind == "mark" and not metrics[metric].by_hand:
            wrong.append(("metric", f"“{metric}”按台账计算，不能打分"))
        if value is None:
            wrong.append(("value", "应为数，最多 12 位小数"))
        if line.kind == "mark" and not reason:
            wrong.append(("reason", "打分要写理由"))
        if span is None and line.cells.get("day") is not None:
            wrong.append(("day", "应为日期或月份，如 2022-09-30、2022-09"))
        if key in entries:
            wrong.append(("", f"{unit} 的“{metric}”写了两次"))
        for column, message in wrong:
            location = line.locations.get(column, line.locations[""])
            mistakes.append(EntryError(location, f"{column and ' '}{column}：{message}"))
        if value is not None and not wrong:
            entry = ManualEntry(value, reason, who)
            entries[key] = DatedEntry(line.kind, unit, metric, entry, span)
    return DatedEntries(tuple(entries.values()))


def parse_span(cell: Any) -> Span | None:
    """The day or month of an entry; None where there is none, or what is written is neither.

    A month after a point is neither: 2022.1 may be January or October.
    """
    text = to_half_width(str(cell or "")).strip()
    month, found = MONTH_PATTERN.fullmatch(text), parse_day_cell(text)
    if not text or found.code or found.value is None or (month and month["sign"] == "."):
        return None
    return span_of_month(found.value) if month else Span(found.value, found.value)


def parse_exact_number(value: Any) -> Fraction | None:
    """A number, digit by digit; None where it is none, too large or has over 12 decimals."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(parse_percent(value))
    except InvalidOperation:
        return None
    digits = number.as_tuple().exponent
    if not isinstance(digits, int) or not -12 <= digits <= 15 or abs(number) > LARGEST_VALUE:
        return None
    return Fraction(number)

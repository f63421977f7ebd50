"""What people enter beside the ledger, from a file: YAML, or CSV with a header.

YAML has `targets` and `marks`, each a list of unit, metric, value, reason, who; in CSV the column
`kind` says which a line is. Headers are English or Chinese. Every mistake is told with its place.
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from services.scoring.engine.entered import Entered, EnteredMistake, Given
from services.scoring.engine.scheme import Scheme, SchemeMistake
from services.scoring.schemes.mistakes import child, items, place
from services.scoring.schemes.trees import at, composed, plain

KINDS = {"targets": "target", "marks": "mark", "target": "target", "mark": "mark"}
KINDS |= {"目标": "target", "打分": "mark"}
COLUMNS = {
    "kind": "类别",
    "unit": "单位编号",
    "metric": "指标",
    "value": "数值",
    "reason": "理由",
    "who": "录入人",
}
MOST = 10**15
MOST_BYTES = 10_000_000


@dataclass(frozen=True)
class Line:
    """One entry as it is written, and where each of its cells is."""

    kind: str
    cells: Mapping[str, Any]
    where: Mapping[str, str]  # column, or "" for the whole → «第 3 行第 5 列»


def read_entered(path: Path, scheme: Scheme, units: Collection[str]) -> Entered:
    """The targets and marks of a file. Raises EnteredMistake that names every mistake."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise EnteredMistake(f"{path} 超过 {MOST_BYTES} 字节")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise EnteredMistake(f"{path} 不是 UTF-8 文本") from None
    except (OSError, ValueError):
        raise EnteredMistake(f"读不到文件 {path}") from None
    read = of_csv if path.suffix.lower() == ".csv" else of_yaml
    mistakes: list[str] = []
    lines = list(read(text, path.name, mistakes))
    made = entered(lines, scheme, units, mistakes)
    if mistakes:
        raise EnteredMistake("\n".join(f"{path.name} {mistake}" for mistake in mistakes))
    return made


# --- the two forms


def of_yaml(text: str, name: str, mistakes: list[str]) -> Iterator[Line]:
    """The entries of a YAML document."""
    try:
        root = composed(text, name)
        document = plain(root, name)
    except SchemeMistake as mistake:
        raise EnteredMistake(mistake.detail) from None
    for key in document:
        if key not in ("targets", "marks"):
            strange = child(root, key, of_key=True) or root
            mistakes.append(f"{at(strange.start_mark)}：不认识“{key}”，可用：targets、marks")
    for section in ("targets", "marks"):
        node = child(root, section)
        if node is not None and not isinstance(node, yaml.SequenceNode):
            mistakes.append(f"{at(node.start_mark)} {section}：应为若干项，每项以“- ”开头")
            continue
        for n, item in enumerate(items(node)):
            cells = document[section][n]
            if not isinstance(cells, dict):
                mistakes.append(f"{at(item.start_mark)} {section}.{n}：应为“名称: 值”")
                continue
            where = {"": at(item.start_mark)}
            for column in cells:
                where[column] = at(place(item, (column,))[0].start_mark)
                if column not in COLUMNS or column == "kind":
                    mistakes.append(f"{where[column]}：不认识“{column}”")
            yield Line(KINDS[section], cells, where)


def of_csv(text: str, name: str, mistakes: list[str]) -> Iterator[Line]:
    """The entries of a CSV file; columns are counted from 1."""
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        mistakes.append(f"第 {reader.line_num} 行：不合 CSV 格式（{error}）")
        return
    english = {zh: column for column, zh in COLUMNS.items()}
    header = [english.get(cell.strip(), cell.strip()) for cell in rows[0][1]] if rows else []
    for n, column in enumerate(header, start=1):
        if column not in COLUMNS or column in header[: n - 1]:
            mistakes.append(f"第 1 行第 {n} 列：表头“{column}”不认识或写了两次")
    missing = [column for column in ("kind", "unit", "metric", "value") if column not in header]
    if missing:
        mistakes.append(f"第 1 行第 1 列：表头缺 {'、'.join(missing)}")
    if mistakes:
        return
    for number, row in rows[1:]:
        if not any(cell.strip() for cell in row):
            continue
        cells = {c: cell.strip() for c, cell in zip(header, row, strict=False) if cell.strip()}
        where = {c: f"第 {number} 行第 {n} 列" for n, c in enumerate(header, start=1)}
        kind = KINDS.get(cells.pop("kind", ""))
        if kind is None:
            mistakes.append(f"{where['kind']} kind：应为 target（目标）或 mark（打分）")
        else:
            yield Line(kind, cells, {"": f"第 {number} 行第 1 列", **where})


# --- what is entered


def entered(
    lines: Iterable[Line], scheme: Scheme, units: Collection[str], mistakes: list[str]
) -> Entered:
    """The entries that are sound; of the others, what is wrong is added to the mistakes."""
    metrics = scheme.metrics_by_id
    made: dict[str, dict[str, dict[str, Given]]] = {"target": {}, "mark": {}}
    for line in lines:
        wrong: list[tuple[str, str]] = []
        unit, metric = (str(line.cells.get(column, "")) for column in ("unit", "metric"))
        reason, who = (str(line.cells.get(column) or "").strip() for column in ("reason", "who"))
        value = exact(line.cells.get("value"))
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
        if metric in made[line.kind].get(unit, {}):
            wrong.append(("", f"{unit} 的“{metric}”写了两次"))
        mistakes += [
            f"{line.where.get(column, line.where[''])} {column}：{said}".replace(" ：", "：")
            for column, said in wrong
        ]
        if value is not None and not wrong:
            made[line.kind].setdefault(unit, {})[metric] = Given(value, reason, who)
    return Entered(made["target"], made["mark"])


def exact(written: Any) -> Fraction | None:
    """A number, digit by digit; None where it is none."""
    if isinstance(written, bool) or not isinstance(written, int | str | Decimal):
        return None
    try:
        value = Decimal(written)
    except InvalidOperation:
        return None
    digits = value.as_tuple().exponent
    if not isinstance(digits, int) or not -12 <= digits <= 15 or abs(value) > MOST:
        return None
    return Fraction(value)

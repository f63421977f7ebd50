"""What a mapping says of a file, for people and for programs: suggestions, questions, changes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.facts.tables import FACT_KINDS
from shared.mapping.changes import TableChanges
from shared.mapping.questions import Question, describe_meaning, describe_refusal
from shared.mapping.suggestion import Suggestion

MAX_SHOWN = 20  # values of a table that change, and names
NAMED = {"units", "projects"}  # tables whose records have names


def show_suggestions(console: Console, sheet: str, suggestions: Sequence[Suggestion]) -> None:
    """A row a column: its letter, its header, what it is taken for, how sure that is."""
    table = Table("列", "表头", "是什么", "把握", title=Text(sheet), title_justify="left")
    for each in suggestions:
        meanings = "；或 ".join(map(describe_meaning, each.meanings))
        said = meanings if each.is_sure else f"要问：{meanings}"
        table.add_row(
            *map(Text, (each.column.letter, each.column.text, said, str(each.confidence)))
        )
    console.print(table)


def show_questions(console: Console, questions: Sequence[Question]) -> None:
    """A row a question: where it is, what is asked, the key and the values of answers."""
    table = Table("位置", "问", "答（--answer）", title="要问的", title_justify="left")
    for each in questions:
        row = f"第{each.row}行" if each.row else ""
        place = f"{each.sheet or ''} {row}{each.column or ''}".strip()
        options = "\n".join(f"{each.key}={o.value}　{o.label}" for o in each.options)
        table.add_row(*map(Text, (place, each.text, options or f"{each.key}=…")))
    console.print(table)
    for each in questions:
        if each.refused:
            console.print(describe_refusal(each), markup=False, highlight=False, soft_wrap=True)


def show_changes(
    console: Console, changes: Sequence[TableChanges], names: Mapping[str, str]
) -> None:
    """Counts by table, then the values that change and what the file does not mention."""
    table = Table("表", "新增", "变动", "不变", "未提及", title="导入会改的", title_justify="left")
    for each in changes:
        counts = (len(each.new), each.changed_records, each.unchanged, len(each.not_mentioned))
        table.add_row(FACT_KINDS[each.table].zh, *map(str, counts))
    console.print(table)
    values = Table("表", "行", "记录", "列", "原来", "改为", title="变动", title_justify="left")
    for each in changes:
        for found in each.changed[:MAX_SHOWN]:
            cells = (
                FACT_KINDS[each.table].zh,
                str(found.row or ""),
                show_key(found.key, names),
                found.title,
                found.before or "空白",
                found.after or "空白",
            )
            values.add_row(*map(Text, cells))
        if len(each.changed) > MAX_SHOWN:
            values.add_row(FACT_KINDS[each.table].zh, f"还有 {len(each.changed) - MAX_SHOWN} 处")
    if values.row_count:
        console.print(values)
    for each in changes:
        for label, keys in (("新增", each.new), ("未提及", each.not_mentioned)):
            if each.table in NAMED and keys:
                told = "、".join(show_key(key, names) for key in keys[:MAX_SHOWN])
                more = f"等 {len(keys)} 个" if len(keys) > MAX_SHOWN else ""
                text = f"{label}{FACT_KINDS[each.table].zh}：{told}{more}"
                console.print(text, markup=False, highlight=False)


def show_key(key: Sequence[Any], names: Mapping[str, str]) -> str:
    """A key for people, an id with its name."""
    parts = [str(part) for part in key if part is not None]
    if parts and parts[0] in names:
        parts[0] = f"{names[parts[0]]}（{parts[0]}）"
    return " ".join(parts)


def questions_document(questions: Sequence[Question]) -> list[dict[str, Any]]:
    return [asdict(question) for question in questions]


def changes_document(changes: Sequence[TableChanges]) -> list[dict[str, Any]]:
    return [
        {
            "table": each.table,
            "new": [key_document(key) for key in each.new],
            "changed": [{**asdict(c), "key": key_document(c.key)} for c in each.changed],
            "changed_records": each.changed_records,
            "unchanged": each.unchanged,
            "not_mentioned": [key_document(key) for key in each.not_mentioned],
        }
        for each in changes
    ]


def key_document(key: Sequence[Any]) -> list[str | None]:
    return [None if part is None else str(part) for part in key]


def suggestions_document(
    suggestions: Mapping[str, Sequence[Suggestion]],
) -> list[dict[str, Any]]:
    return [
        {
            "sheet": sheet,
            "column": each.column.letter,
            "header": each.column.text,
            "meanings": list(each.meanings),
            "confidence": each.confidence,
            "is_sure": each.is_sure,
        }
        for sheet, found in suggestions.items()
        for each in found
    ]
